import { Field, Input, Radio, RadioGroup } from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ReplayRange, replayRange, type WireWebhook } from '../../api/webhooks.ts'
import { FormDialog } from '../../shell/form-dialog.tsx'
import { useOperator } from '../../shell/operator.ts'
import { serverNow } from '../../ui/clock.ts'
import { timeZoneText } from '../../ui/dates.ts'
import { useToast } from '../../ui/toasts.tsx'
import styles from './webhooks.module.css'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** Sends what a receiver has missed once more, from one instant to another. */
export function ReplayRangeDialog({ webhook, onClose }: { webhook: WireWebhook; onClose: () => void }) {
  const { t } = useTranslation()
  const [from, setFrom] = useState(() => localText(serverNow() - DAY_MS))
  // The minute that has begun belongs to it.
  const [to, setTo] = useState(() => localText(serverNow() + MINUTE_MS))
  const [which, setWhich] = useState<ReplayRange['which']>('undelivered')
  const replay = useReplay(webhook, onClose)
  const [begin, end] = [new Date(from), new Date(to)]
  const isWhole = !Number.isNaN(begin.getTime()) && !Number.isNaN(end.getTime())
  const isWrong = isWhole && begin >= end
  return (
    <FormDialog
      title={t('webhooks.replay.title')}
      action={t('webhooks.replay.send')}
      width={520}
      isReady={isWhole && !isWrong && !replay.isPending}
      error={replay.error}
      onSubmit={() => replay.mutate({ from: begin.toISOString(), to: end.toISOString(), which })}
      onClose={onClose}
    >
      <p className={styles.note}>{t('webhooks.replay.text', { zone: timeZoneText(serverNow()) })}</p>
      <div className={styles.range}>
        <Field label={t('webhooks.replay.from')} required>
          <Input type="datetime-local" value={from} onChange={(_, { value }) => setFrom(value)} />
        </Field>
        <Field
          label={t('webhooks.replay.to')}
          required
          {...(isWrong && {
            validationState: 'error' as const,
            validationMessage: t('webhooks.replay.wrong'),
          })}
        >
          <Input type="datetime-local" value={to} onChange={(_, { value }) => setTo(value)} />
        </Field>
      </div>
      <Field label={t('webhooks.replay.which')}>
        <RadioGroup value={which} onChange={(_, { value }) => setWhich(value as ReplayRange['which'])}>
          <Radio value="undelivered" label={t('webhooks.replay.undelivered')} />
          <Radio value="all" label={t('webhooks.replay.all')} />
        </RadioGroup>
      </Field>
      {webhook.state === 'paused' && <p className={styles.note}>{t('webhooks.replay.paused')}</p>}
    </FormDialog>
  )
}

function useReplay(webhook: WireWebhook, onDone: () => void) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: (range: ReplayRange) => replayRange(operatorId, webhook.id, range),
    onSuccess: async (count) => {
      if (count === 0) toast('info', t('webhooks.replay.nothing'))
      else toast('success', t('webhooks.replay.done', { count }))
      onDone()
      await queries.invalidateQueries({ queryKey: ['webhooks', operatorId] })
    },
  })
}

/** As `<input type="datetime-local">` writes it, to the minute. */
function localText(instant: number): string {
  const date = new Date(instant)
  const two = (part: number) => String(part).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`
}
