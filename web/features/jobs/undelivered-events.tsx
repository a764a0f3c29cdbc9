import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import {
  listUndeliveredEvents,
  retryUndeliveredEvent,
  type WireUndeliveredEvent,
} from '../../api/undelivered-events.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice, useFailureWords } from '../../shell/problem-notice.tsx'
import { PlainTable } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { useToast } from '../../ui/toasts.tsx'
import styles from '../../ui/work.module.css'

const LOOK_EVERY_MS = 10_000

/** Events that a part of Leadline could not take in, each to be delivered again; nothing where there are none. */
export function UndeliveredEvents() {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const events = useQuery({
    queryKey: ['undelivered-events', operatorId],
    queryFn: ({ signal }) => listUndeliveredEvents(operatorId, signal),
    refetchInterval: LOOK_EVERY_MS,
  })
  if (events.isError) return <ProblemNotice error={events.error} onRetry={() => void events.refetch()} />
  if (!events.data || events.data.length === 0) return null
  return (
    <div className={styles.part}>
      <h2 className={styles.heading}>{t('jobs.undelivered.title')}</h2>
      <p>{t('jobs.undelivered.text', { count: events.data.length })}</p>
      <PlainTable label={t('jobs.undelivered.title')}>
        <thead>
          <tr>
            <th scope="col">{t('jobs.undelivered.event')}</th>
            <th scope="col">{t('jobs.undelivered.error')}</th>
            <th scope="col">{t('jobs.undelivered.at')}</th>
            <th scope="col">{t('jobs.undelivered.givenUp')}</th>
            <th scope="col">
              <span className="only-read-aloud">{t('jobs.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {events.data.map((event) => (
            <EventRow key={`${event.eventId}/${event.subscriber}`} event={event} />
          ))}
        </tbody>
      </PlainTable>
    </div>
  )
}

function EventRow({ event }: { event: WireUndeliveredEvent }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const client = useQueryClient()
  const toast = useToast()
  const words = useFailureWords()
  const retry = useMutation({
    mutationFn: () => retryUndeliveredEvent(operatorId, event.eventId, event.subscriber),
    onSuccess: () => toast('info', t('jobs.undelivered.again', { event: event.name, subscriber: event.subscriber })),
    onError: (error) => {
      const { title, detail } = words(error)
      toast('error', title, detail)
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['undelivered-events', operatorId] }),
  })
  return (
    <tr>
      <th scope="row">
        {event.name}
        <small>{t('jobs.undelivered.for', { subscriber: event.subscriber })}</small>
      </th>
      <td>
        {event.error}
        <small>{t('run.attempts', { count: event.attempts })}</small>
      </td>
      <td>
        <RelativeTime instant={event.at} />
      </td>
      <td>
        <RelativeTime instant={event.givenUpAt} />
      </td>
      <td>
        <PermittedButton
          size="small"
          permission="jobs.run"
          disabledFocusable={retry.isPending}
          aria-label={t('jobs.undelivered.retryEvent', { event: event.name, subscriber: event.subscriber })}
          onClick={() => retry.mutate()}
        >
          {t('jobs.undelivered.retry')}
        </PermittedButton>
      </td>
    </tr>
  )
}
