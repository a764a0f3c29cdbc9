import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Connection } from '../../api/connections.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { connectionQuery } from '../../shell/sandbox.ts'
import { useNow } from '../../ui/clock.ts'
import { dayText } from '../../ui/dates.ts'
import { Page, Section } from '../../ui/page.tsx'
import { secretEnd, WARN_DAYS } from '../../ui/secret-days.ts'
import { LoadingRows } from '../../ui/states.tsx'
import { ConnectionForm } from './connection-form.tsx'
import { ConnectionTest } from './connection-test.tsx'

/** How this operator reaches Microsoft. Source: issue 3, 2. */
export function MicrosoftPage() {
  const { t } = useTranslation()
  const operator = useOperator()
  const connection = useQuery(connectionQuery(operator))
  const mayRead = operator.isWholeOperator && operator.can('connections.manage')
  return (
    <Page narrow title={t('microsoft.title')} text={t('microsoft.text', { operator: operator.name })}>
      {!mayRead && <p>{t('permission.missing', { permission: 'connections.manage' })}</p>}
      <ProblemNotice error={connection.error} onRetry={() => void connection.refetch()} />
      {mayRead && connection.isPending && <LoadingRows count={6} />}
      {connection.data && (
        <>
          <SecretExpiry connection={connection.data} />
          <ConnectionForm key={connection.data.updatedAt} connection={connection.data} />
          <Section title={t('microsoft.test')} text={t('microsoft.testText')}>
            <ConnectionTest connection={connection.data} />
          </Section>
        </>
      )}
    </Page>
  )
}

function SecretExpiry({ connection: { secretExpiresOn } }: { connection: Connection }) {
  const { t } = useTranslation()
  const now = useNow()
  const known = secretEnd(secretExpiresOn, now)
  if (known === null || known.days > WARN_DAYS) return null
  const { end, days } = known
  const hasEnded = days <= 0
  return (
    <MessageBar intent={hasEnded ? 'error' : 'warning'} layout="multiline" style={{ marginBottom: 16 }}>
      <MessageBarBody>
        <MessageBarTitle>
          {hasEnded ? t('microsoft.secretEnded', { day: dayText(end) }) : t('microsoft.secretEnds', { count: days })}
        </MessageBarTitle>{' '}
        {t('microsoft.secretRemedy')}
      </MessageBarBody>
    </MessageBar>
  )
}
