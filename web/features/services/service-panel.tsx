import { Tab, TabList } from '@fluentui/react-components'
import { QuestionCircleRegular } from '@fluentui/react-icons/svg/question-circle'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../api/problem.ts'
import type { WireService, WireServiceDetail } from '../../api/services.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { PanelBody, SidePanel } from '../../ui/side-panel.tsx'
import { EmptyState, LoadingRows } from '../../ui/states.tsx'
import { ServiceCheck } from './service-check.tsx'
import { ServiceConnections } from './service-connections.tsx'
import { ServiceDetails } from './service-details.tsx'
import { ServiceMenuButton } from './service-menu.tsx'
import { serviceQuery } from './service-queries.ts'
import { type Part, parts } from './service-search.ts'
import { Health, ServiceState } from './service-states.tsx'
import styles from './services.module.css'

type ServicePanelProps = {
  serviceId: string
  rows: readonly WireService[]
  part: string | undefined
  takesFocus: boolean
  onPart: (part: Part) => void
  /** Asked for by the menu. */
  onOpen: (serviceId: string, part: Part) => void
  onGoTo: (serviceId: string) => void
  onClose: () => void
}

/** One service with all that is known of it, over the list and with an address of its own. */
export function ServicePanel({ serviceId, rows, part: asked, takesFocus, ...on }: ServicePanelProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const service = useQuery(serviceQuery(operatorId, serviceId))
  const at = rows.findIndex(({ id }) => id === serviceId)
  const goTo = (index: number) => {
    const id = at < 0 ? undefined : rows[index]?.id
    return id === undefined ? undefined : () => on.onGoTo(id)
  }
  const detail = service.data?.body
  const shown = detail ?? rows[at]
  const part = parts.find((one) => one === asked) ?? 'details'
  return (
    <SidePanel
      title={shown?.fullName ?? t('services.one')}
      subtitle={
        shown && (
          <div className={styles.pills}>
            <ServiceState service={shown} />
            <Health state={shown.health} />
          </div>
        )
      }
      onClose={on.onClose}
      onPrevious={goTo(at - 1)}
      onNext={goTo(at + 1)}
      takesFocus={takesFocus}
      actions={shown && <ServiceMenuButton service={shown} onOpen={on.onOpen} />}
    >
      {!service.isError && (
        <TabList
          selectedValue={part}
          size="small"
          className={`${styles.tabs}`}
          onTabSelect={(_, { value }) => on.onPart(value as Part)}
        >
          {parts.map((one) => (
            <Tab key={one} value={one}>
              {t(`services.part.${one}`)}
            </Tab>
          ))}
        </TabList>
      )}
      <PanelBody label={t(`services.part.${part}`)}>
        {service.isError && isNoService(service.error) ? (
          <EmptyState icon={<QuestionCircleRegular />} title={t('services.notThere')}>
            {t('services.notThereText')}
          </EmptyState>
        ) : service.isError && !detail ? (
          <ProblemNotice error={service.error} onRetry={() => void service.refetch()} />
        ) : detail ? (
          <PartView part={part} service={detail} />
        ) : (
          <LoadingRows count={8} />
        )}
      </PanelBody>
    </SidePanel>
  )
}

/** Not there (any more), not yours, or not even an id: which of them is nobody's business. */
function isNoService(error: Error): boolean {
  return error instanceof ApiProblem && (error.status === 404 || error.status === 400)
}

function PartView({ part, service }: { part: Part; service: WireServiceDetail }) {
  switch (part) {
    case 'details':
      return <ServiceDetails service={service} />
    case 'connections':
      return <ServiceConnections service={service} />
    case 'check':
      return <ServiceCheck service={service} />
  }
}
