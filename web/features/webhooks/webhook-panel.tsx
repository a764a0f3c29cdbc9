import { Tab, TabList } from '@fluentui/react-components'
import { QuestionCircleRegular } from '@fluentui/react-icons/svg/question-circle'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../api/problem.ts'
import type { WireListedWebhook, WireWebhook } from '../../api/webhooks.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { PanelBody, SidePanel } from '../../ui/side-panel.tsx'
import { EmptyState, LoadingRows } from '../../ui/states.tsx'
import { DeliveryLog } from './delivery-log.tsx'
import { DeliveryView } from './delivery-view.tsx'
import { TestWebhook } from './test-webhook.tsx'
import { WebhookHealth } from './webhook-health.tsx'
import { webhookQuery } from './webhook-queries.ts'
import { type WebhookSearch, webhookParts } from './webhook-search.ts'
import { WebhookSettings } from './webhook-settings.tsx'
import { WebhookStanding } from './webhook-standing.tsx'
import styles from './webhooks.module.css'

type WebhookPanelProps = {
  webhookId: string
  /** All that are listed beside it; undefined: on their way. */
  listed: readonly WireListedWebhook[] | undefined
  search: WebhookSearch
  /** Of a webhook that was made, or a secret that was, a moment ago. */
  secret: string | null
  onSecret: (secret: string) => void
  onSearch: (search: WebhookSearch, how?: 'replace') => void
  onGoTo: (webhookId: string) => void
  onClose: () => void
}

/** One webhook: how it goes, what it has delivered, what it is, and a test. */
export function WebhookPanel(props: WebhookPanelProps) {
  const { webhookId, listed, search, secret, onSearch, onGoTo, onClose } = props
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const webhook = useQuery(webhookQuery(operatorId, webhookId))
  const at = listed?.findIndex(({ id }) => id === webhookId) ?? -1
  const row = at < 0 ? undefined : listed?.[at]
  const goTo = (index: number) => {
    const id = at < 0 ? undefined : listed?.[index]?.id
    return id === undefined ? undefined : () => onGoTo(id)
  }
  const shown = webhook.data?.body ?? row
  const part = search.part ?? 'deliveries'
  return (
    <SidePanel
      title={shown?.name ?? t('webhooks.part.settings')}
      subtitle={row && <WebhookHealth webhook={row} />}
      onClose={onClose}
      onPrevious={goTo(at - 1)}
      onNext={goTo(at + 1)}
      takesFocus={true}
    >
      {shown && (
        <TabList
          selectedValue={part}
          size="small"
          className={`${styles.tabs}`}
          onTabSelect={(_, { value }) => onSearch(value === 'deliveries' ? {} : { part: value as 'test' }, 'replace')}
        >
          {webhookParts.map((one) => (
            <Tab key={one} value={one}>
              {t(`webhooks.part.${one}`)}
            </Tab>
          ))}
        </TabList>
      )}
      <PanelBody label={t(`webhooks.part.${part}`)}>
        {secret !== null && (
          <div className={styles.secret}>
            <SecretOnce
              // A second one stands where the first did, and must be seen as well.
              key={secret}
              title={t('webhooks.secret.title')}
              text={t('webhooks.secret.once')}
              secret={secret}
              what={t('webhooks.secret.title')}
            />
          </div>
        )}
        {isNoWebhook(webhook.error) ? (
          <EmptyState icon={<QuestionCircleRegular />} title={t('webhooks.gone')}>
            {t('webhooks.goneText')}
          </EmptyState>
        ) : (
          <ProblemNotice error={webhook.error} onRetry={() => void webhook.refetch()} />
        )}
        {row && !search.delivery && (
          <WebhookStanding
            webhook={row}
            onTest={part === 'test' ? undefined : () => onSearch({ part: 'test' })}
            onDead={() => onSearch({ state: 'dead' })}
          />
        )}
        {webhook.isPending && <LoadingRows count={6} />}
        {webhook.data && <PartView {...props} webhook={webhook.data.body} tag={webhook.data.tag} row={row} />}
      </PanelBody>
    </SidePanel>
  )
}

type PartViewProps = WebhookPanelProps & {
  webhook: WireWebhook
  tag: string | null
  row: WireListedWebhook | undefined
}

function PartView({ webhook, tag, row, search, onSecret, onSearch, onClose }: PartViewProps) {
  switch (search.part) {
    case 'settings':
      return (
        <WebhookSettings webhook={webhook} tag={tag} health={row?.health} onSecret={onSecret} onDeleted={onClose} />
      )
    case 'test':
      return <TestWebhook webhook={webhook} />
    default:
      return search.delivery ? (
        <DeliveryView key={search.delivery} webhookId={webhook.id} eventId={search.delivery} search={search} />
      ) : (
        <DeliveryLog webhook={webhook} search={search} onSearch={(next) => onSearch(next, 'replace')} />
      )
  }
}

/** Not there, not yours, or not even an id. */
function isNoWebhook(error: Error | null): boolean {
  return error instanceof ApiProblem && (error.status === 404 || error.status === 400)
}
