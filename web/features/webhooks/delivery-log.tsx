import { Button } from '@fluentui/react-components'
import { ArrowRepeatAllRegular } from '@fluentui/react-icons/svg/arrow-repeat-all'
import { SendRegular } from '@fluentui/react-icons/svg/send'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeliveryFilter, WireListedDelivery, WireWebhook } from '../../api/webhooks.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { serverNow, useDay } from '../../ui/clock.ts'
import { rangeOf } from '../../ui/date-choice.ts'
import { DateFilter } from '../../ui/date-filter.tsx'
import { FacetFilter } from '../../ui/facet-filter.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { EmptyState, LoadingRows } from '../../ui/states.tsx'
import { DeliveryState } from './delivery-state.tsx'
import { eventTitle } from './event-words.ts'
import { ReplayRangeDialog } from './replay-range-dialog.tsx'
import { deliveriesQuery, webhookEventsQuery } from './webhook-queries.ts'
import { deliveryStates, type WebhookSearch } from './webhook-search.ts'
import styles from './webhooks.module.css'

type DeliveryLogProps = { webhook: WireWebhook; search: WebhookSearch; onSearch: (search: WebhookSearch) => void }

/** What was sent to a webhook and what became of it, newest first. */
export function DeliveryLog({ webhook, search, onSearch }: DeliveryLogProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const [isReplaying, setIsReplaying] = useState(false)
  const log = useInfiniteQuery(deliveriesQuery(operatorId, webhook.id, useFilter(search)))
  const listed = log.data?.pages.flatMap(({ data }) => data) ?? []
  const isNarrowed = search.state || search.event || search.when
  return (
    <>
      <Filters webhook={webhook} search={search} onSearch={onSearch} />
      <div className={styles.logActions}>
        <PermittedButton
          size="small"
          permission="webhooks.manage"
          icon={<ArrowRepeatAllRegular fontSize={16} />}
          onClick={() => setIsReplaying(true)}
        >
          {t('webhooks.log.replay')}
        </PermittedButton>
      </div>
      <ProblemNotice error={log.error} onRetry={() => void log.refetch()} />
      {log.isPending && <LoadingRows count={6} />}
      {log.data && listed.length === 0 && (
        <EmptyState icon={<SendRegular />} title={t(isNarrowed ? 'webhooks.log.narrowed' : 'webhooks.log.none')}>
          {isNarrowed ? null : t('webhooks.log.noneText')}
        </EmptyState>
      )}
      <ul className={styles.log}>
        {listed.map((delivery) => (
          <LogEntry key={delivery.eventId} webhookId={webhook.id} delivery={delivery} search={search} />
        ))}
      </ul>
      {log.hasNextPage && (
        <Button onClick={() => void log.fetchNextPage()} disabledFocusable={log.isFetchingNextPage}>
          {t('list.more')}
        </Button>
      )}
      {isReplaying && <ReplayRangeDialog webhook={webhook} onClose={() => setIsReplaying(false)} />}
    </>
  )
}

/** The same object while nothing changes: days are instants that move with the clock. */
function useFilter({ state, event, when }: WebhookSearch): DeliveryFilter {
  useDay()
  const { since, before } = rangeOf(when, serverNow())
  const text = JSON.stringify({ state, event, from: since?.toISOString(), to: before?.toISOString() })
  return useMemo(() => JSON.parse(text) as DeliveryFilter, [text])
}

type LogEntryProps = { webhookId: string; delivery: WireListedDelivery; search: WebhookSearch }

function LogEntry({ webhookId, delivery, search }: LogEntryProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const { eventId, event, state, eventAt } = delivery
  return (
    <li className={styles.logEntry}>
      <DeliveryState state={state} />
      <div className={styles.logText}>
        <Link
          to={paths.webhook}
          params={{ operatorId: String(operatorId), webhookId }}
          search={{ ...search, delivery: eventId }}
        >
          {eventTitle(t, event)}
        </Link>
        <Outcome delivery={delivery} />
      </div>
      <span className={styles.quiet}>
        <RelativeTime instant={eventAt} />
      </span>
    </li>
  )
}

function Outcome({ delivery }: { delivery: WireListedDelivery }) {
  const { t } = useTranslation()
  const { attempts, dueAt, lastStatus, lastError } = delivery
  const parts = [
    attempts === 0 ? t('webhooks.log.notYet') : t('webhooks.log.attempts', { count: attempts }),
    attempts > 0 && lastError === null && lastStatus !== null && t('webhooks.log.status', { status: lastStatus }),
    lastError,
  ].filter((text): text is string => typeof text === 'string')
  return (
    <small dir="auto">
      {parts.join(' · ')}
      {dueAt && attempts > 0 && (
        <>
          {' · '}
          {t('webhooks.delivery.next')} <RelativeTime instant={dueAt} />
        </>
      )}
    </small>
  )
}

function Filters({ webhook, search, onSearch }: DeliveryLogProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const catalogue = useQuery(webhookEventsQuery(operatorId)).data ?? []
  // What it hears of now; by an address, whatever it has heard of before.
  const names = [...new Set([...webhook.events, ...(search.event ? [search.event] : []), 'webhook.test'])]
  const order = new Map(catalogue.map(({ name }, index) => [name, index]))
  const set = (name: 'state' | 'event' | 'when', value: string | undefined) => {
    const { [name]: _before, ...others } = search
    onSearch(value ? ({ ...others, [name]: value } as WebhookSearch) : others)
  }
  return (
    <search className={styles.filters} aria-label={t('webhooks.log.filters')}>
      <FacetFilter
        label={t('webhooks.log.state')}
        values={deliveryStates.map((value) => ({ value, label: t(`webhooks.log.states.${value}`), count: null }))}
        chosen={search.state ? [search.state] : []}
        onChange={(chosen) => set('state', chosen.at(-1))}
      />
      <FacetFilter
        label={t('webhooks.log.event')}
        values={names
          .sort((one, other) => (order.get(one) ?? 1_000) - (order.get(other) ?? 1_000))
          .map((value) => ({ value, label: eventTitle(t, value), count: null }))}
        chosen={search.event ? [search.event] : []}
        onChange={(chosen) => set('event', chosen.at(-1))}
      />
      <DateFilter label={t('webhooks.log.when')} choice={search.when} onChange={(when) => set('when', when)} />
    </search>
  )
}
