import { Field, MessageBar, MessageBarBody, MessageBarTitle, Select, Spinner } from '@fluentui/react-components'
import { SendRegular } from '@fluentui/react-icons/svg/send'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { testWebhook, type WireDelivery, type WireWebhook } from '../../api/webhooks.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { FormActions } from '../../ui/page.tsx'
import { AttemptView } from './attempt-view.tsx'
import { eventTitle } from './event-words.ts'
import { webhookEventsQuery } from './webhook-queries.ts'
import styles from './webhooks.module.css'

/** Sends one request now, and shows what was sent and what came back. */
export function TestWebhook({ webhook }: { webhook: WireWebhook }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const [event, setEvent] = useState('')
  const catalogue = useQuery(webhookEventsQuery(operatorId))
  const test = useMutation({
    mutationFn: () => testWebhook(operatorId, webhook.id, event === '' ? null : event),
    onSettled: () => queries.invalidateQueries({ queryKey: ['webhooks', operatorId] }),
  })
  // First what it hears of: that is what the receiver must understand.
  const isHeard = (name: string) => webhook.events.includes(name)
  const offered = (catalogue.data ?? []).filter(({ operatorOnly }) => !(webhook.channelId !== null && operatorOnly))
  const ordered = [...offered.filter(({ name }) => isHeard(name)), ...offered.filter(({ name }) => !isHeard(name))]
  return (
    <>
      <p className={styles.intro}>{t('webhooks.test.text')}</p>
      <Field label={t('webhooks.test.what')}>
        <Select value={event} onChange={(_, { value }) => setEvent(value)}>
          <option value="">{t('webhooks.test.plain')}</option>
          {ordered.map(({ name }) => (
            <option key={name} value={name}>
              {t('webhooks.test.example', { event: eventTitle(t, name) })}
            </option>
          ))}
        </Select>
      </Field>
      <FormActions>
        <PermittedButton
          appearance="primary"
          permission="webhooks.manage"
          icon={test.isPending ? <Spinner size="extra-tiny" /> : <SendRegular />}
          disabledFocusable={test.isPending}
          onClick={() => test.mutate()}
        >
          {t(test.isPending ? 'webhooks.test.sending' : test.data ? 'webhooks.test.again' : 'webhooks.test.send')}
        </PermittedButton>
      </FormActions>
      <div className={styles.testResult} aria-live="polite">
        <ProblemNotice error={test.error} />
        {test.data && !test.isPending && <TestResult delivery={test.data} />}
      </div>
    </>
  )
}

function TestResult({ delivery }: { delivery: WireDelivery }) {
  const { t } = useTranslation()
  const isTaken = delivery.state === 'delivered'
  const attempt = delivery.tries.at(-1)
  return (
    <>
      <MessageBar intent={isTaken ? 'success' : 'error'} layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{t(isTaken ? 'webhooks.test.works' : 'webhooks.test.fails')}</MessageBarTitle>{' '}
          {delivery.lastError}
        </MessageBarBody>
      </MessageBar>
      {attempt && <AttemptView attempt={attempt} number={null} body={delivery.body} isOpen={true} />}
    </>
  )
}
