import { Button } from '@fluentui/react-components'
import { OpenRegular } from '@fluentui/react-icons/svg/open'
import { PersonAddRegular } from '@fluentui/react-icons/svg/person-add'
import { PlugConnectedRegular } from '@fluentui/react-icons/svg/plug-connected'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { WireHome } from '../../api/home.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { useSandbox } from '../../shell/sandbox.ts'
import { LinkButton } from '../../ui/link-button.tsx'
import { Page } from '../../ui/page.tsx'
import { EmptyState, GreyLine, Loading } from '../../ui/states.tsx'
import '../../words/en-home.ts'
import { CountriesCard, WeeksCard } from './arrivals.tsx'
import { BrokenCard } from './broken-card.tsx'
import styles from './home.module.css'
import { homeQuery } from './home-queries.ts'
import { SpeedCard } from './speed.tsx'
import { WaitingCard } from './waiting-card.tsx'

/** What came in, what waits, what is broken, how it is going. Source: design/ui.md, Pictures; issue 6, 5. */
export function HomePage() {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const { data: home, ...query } = useQuery(homeQuery(operatorId))
  const { total = 0, licensed = 0 } = home?.leads ?? {}
  const summary = { leads: (total - licensed).toLocaleString(), tenants: licensed.toLocaleString() }
  return (
    <Page title={t('home.title')} text={home && total > 0 ? t('home.summary', summary) : undefined}>
      <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      {query.isPending && <LoadingCards />}
      {home && (
        <div className={styles.cards}>
          {total === 0 ? (
            <div className={styles.empty}>
              <NothingYet home={home} />
            </div>
          ) : (
            <>
              <WeeksCard home={home} />
              <CountriesCard home={home} />
            </>
          )}
          <div className={styles.side}>
            <WaitingCard home={home} />
            <BrokenCard home={home} />
          </div>
          {total > 0 && <SpeedCard home={home} />}
        </div>
      )}
    </Page>
  )
}

/** Why there is nothing, and the one thing to do next. */
function NothingYet({ home: { broken } }: { home: WireHome }) {
  const { t } = useTranslation()
  const { operatorId, can } = useOperator()
  const sandbox = useSandbox()
  if (broken.some(({ kind }) => kind === 'not-connected')) {
    const connect = can('connections.manage') && (
      <LinkButton to={paths.microsoft} params={{ operatorId: String(operatorId) }} appearance="primary">
        {t('empty.connect')}
      </LinkButton>
    )
    return (
      <EmptyState icon={<PlugConnectedRegular />} title={t('empty.notConnected')} action={connect}>
        {t('empty.notConnectedText')}
      </EmptyState>
    )
  }
  const play = sandbox?.simulatorUrl && (
    <Button
      as="a"
      href={sandbox.simulatorUrl}
      target="_blank"
      rel="noreferrer"
      appearance="primary"
      icon={<OpenRegular />}
    >
      {t('empty.playCustomer')}
    </Button>
  )
  return (
    <EmptyState icon={<PersonAddRegular />} title={t('empty.leads')} action={play}>
      {t(sandbox ? 'empty.leadsSandbox' : 'empty.leadsText')}
    </EmptyState>
  )
}

function LoadingCards() {
  return (
    <Loading className={styles.cards}>
      {['wide', 'narrow', 'side', 'wide too'].map((key) => (
        <div key={key} className={`${styles.loading} ${key.startsWith('wide') ? styles.wide : ''}`}>
          <GreyLine width={40} />
          <GreyLine width={70} />
        </div>
      ))}
    </Loading>
  )
}
