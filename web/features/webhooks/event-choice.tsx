import { Checkbox } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Permission } from '../../../contract/permissions.ts'
import type { WireCatalogueEvent } from '../../api/webhooks.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { LoadingRows } from '../../ui/states.tsx'
import { eventTitle, groupedEvents } from './event-words.ts'
import { Payload } from './payload.tsx'
import { webhookEventsQuery } from './webhook-queries.ts'
import styles from './webhooks.module.css'

type EventChoiceProps = {
  chosen: readonly string[]
  isForChannel: boolean
  isLocked: boolean
  /** What is wrong with the choice. */
  wrong: string | undefined
  onChange: (chosen: string[]) => void
}

/** Which events a webhook hears of: each with when it happens, and with what is sent then. */
export function EventChoice({ chosen, isForChannel, isLocked, wrong, onChange }: EventChoiceProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const catalogue = useQuery(webhookEventsQuery(operatorId))
  return (
    <div>
      <h3 className={styles.heading}>{t('webhooks.field.events')}</h3>
      {wrong && (
        <p role="alert" className={styles.wrong}>
          {wrong}
        </p>
      )}
      <ProblemNotice error={catalogue.error} onRetry={() => void catalogue.refetch()} />
      {catalogue.isPending && <LoadingRows count={5} />}
      {catalogue.data &&
        groupedEvents(catalogue.data, isForChannel).map(({ group, events }) => (
          <fieldset key={group} className={styles.group}>
            <legend>
              {t(`webhooks.eventGroup.${group}`)}{' '}
              <span className={styles.quiet}>
                {t('webhooks.chosen', {
                  chosen: events.filter(({ name }) => chosen.includes(name)).length,
                  total: events.length,
                })}
              </span>
            </legend>
            {events.map((event) => (
              <OneEvent
                key={event.name}
                event={event}
                isChosen={chosen.includes(event.name)}
                isLocked={isLocked}
                onChange={(isChosen) =>
                  onChange(isChosen ? [...chosen, event.name] : chosen.filter((one) => one !== event.name))
                }
              />
            ))}
          </fieldset>
        ))}
    </div>
  )
}

type OneEventProps = {
  event: WireCatalogueEvent
  isChosen: boolean
  isLocked: boolean
  onChange: (isChosen: boolean) => void
}

function OneEvent({ event, isChosen, isLocked, onChange }: OneEventProps) {
  const { t } = useTranslation()
  const { can } = useOperator()
  const title = eventTitle(t, event.name)
  // Nobody has sent elsewhere what he may not read himself; what is chosen already may be taken away.
  const isMissing = !can(event.permission as Permission)
  return (
    <div className={styles.event}>
      <Checkbox
        label={title}
        checked={isChosen}
        disabled={isLocked || (isMissing && !isChosen)}
        onChange={(_, { checked }) => onChange(checked === true)}
      />
      <div className={styles.eventText}>
        {event.summary} <code>{event.name}</code>
        {isMissing && <p>{t('permission.missing', { permission: event.permission })}</p>}
        <details>
          <summary>
            {t('webhooks.example')}
            <span className="only-read-aloud">: {title}</span>
          </summary>
          <Payload label={t('webhooks.exampleOf', { event: title })} text={JSON.stringify(event.example)} />
        </details>
      </div>
    </div>
  )
}
