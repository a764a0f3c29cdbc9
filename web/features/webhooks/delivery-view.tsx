import { ChevronLeftRegular } from '@fluentui/react-icons/svg/chevron-left'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { replayDelivery, type WireDelivery } from '../../api/webhooks.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Fact, Facts, LoadingRows } from '../../ui/states.tsx'
import { useToast } from '../../ui/toasts.tsx'
import { AttemptView } from './attempt-view.tsx'
import { DeliveryState } from './delivery-state.tsx'
import { eventTitle } from './event-words.ts'
import { Payload } from './payload.tsx'
import { deliveryQuery } from './webhook-queries.ts'
import type { WebhookSearch } from './webhook-search.ts'
import styles from './webhooks.module.css'

type DeliveryViewProps = { webhookId: string; eventId: string; search: WebhookSearch }

/** One event on its way to one webhook: what is sent, and each attempt with what came back. */
export function DeliveryView({ webhookId, eventId, search }: DeliveryViewProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const delivery = useQuery(deliveryQuery(operatorId, webhookId, eventId))
  const { delivery: _delivery, ...log } = search
  return (
    <>
      <LinkButton
        to={paths.webhook}
        params={{ operatorId: String(operatorId), webhookId }}
        search={log}
        size="small"
        appearance="subtle"
        icon={<ChevronLeftRegular />}
      >
        {t('webhooks.log.back')}
      </LinkButton>
      <ProblemNotice error={delivery.error} onRetry={() => void delivery.refetch()} />
      {delivery.isPending && <LoadingRows count={5} />}
      {delivery.data && <Shown webhookId={webhookId} delivery={delivery.data} />}
    </>
  )
}

function Shown({ webhookId, delivery }: { webhookId: string; delivery: WireDelivery }) {
  const { t } = useTranslation()
  const { tries } = delivery
  return (
    <>
      <div className={styles.deliveryHead}>
        <h3>{eventTitle(t, delivery.event)}</h3>
        <SendAgain webhookId={webhookId} delivery={delivery} />
      </div>
      <DeliveryFacts delivery={delivery} />
      <h3 className={styles.heading}>{t('webhooks.delivery.body')}</h3>
      <Payload label={t('webhooks.delivery.body')} text={delivery.body} />
      <h3 className={styles.heading}>{t('webhooks.delivery.attempts')}</h3>
      {tries.length === 0 && <p className={styles.note}>{t('webhooks.delivery.noAttempts')}</p>}
      {tries
        .map((attempt, index) => (
          <AttemptView
            key={attempt.at}
            attempt={attempt}
            number={index + 1}
            isOpen={tries.length === 1 || index === tries.length - 1}
          />
        ))
        .reverse()}
    </>
  )
}

function DeliveryFacts({ delivery }: { delivery: WireDelivery }) {
  const { t } = useTranslation()
  return (
    <Facts>
      <Fact name={t('webhooks.delivery.state')}>
        <DeliveryState state={delivery.state} />
      </Fact>
      <Fact name={t('webhooks.delivery.event')}>
        <code>{delivery.event}</code>
      </Fact>
      <Fact name={t('webhooks.delivery.happened')}>
        <RelativeTime instant={delivery.eventAt} />
      </Fact>
      {delivery.dueAt && (
        <Fact name={t('webhooks.delivery.next')}>
          <RelativeTime instant={delivery.dueAt} />
        </Fact>
      )}
      {delivery.finishedAt && (
        <Fact name={t('webhooks.delivery.finished')}>
          <RelativeTime instant={delivery.finishedAt} />
        </Fact>
      )}
      <Fact name={t('webhooks.delivery.id')}>
        <code>{delivery.eventId}</code>
        <CopyButton text={delivery.eventId} what={t('webhooks.delivery.id')} />
      </Fact>
      <Fact name={t('webhooks.delivery.about')}>
        <code>{delivery.key}</code>
      </Fact>
    </Facts>
  )
}

/** Once more, with the same `webhook-id`; what waits goes now. */
function SendAgain({ webhookId, delivery }: { webhookId: string; delivery: WireDelivery }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const toast = useToast()
  const replay = useMutation({
    mutationFn: () => replayDelivery(operatorId, webhookId, delivery.eventId),
    onSuccess: async () => {
      toast('info', t('webhooks.delivery.under'))
      await queries.invalidateQueries({ queryKey: ['webhooks', operatorId] })
    },
  })
  return (
    <>
      <PermittedButton
        size="small"
        permission="webhooks.manage"
        disabledFocusable={replay.isPending}
        onClick={() => replay.mutate()}
      >
        {t(delivery.state === 'pending' ? 'webhooks.delivery.now' : 'webhooks.delivery.again')}
      </PermittedButton>
      {replay.error && <ProblemNotice error={replay.error} />}
    </>
  )
}
