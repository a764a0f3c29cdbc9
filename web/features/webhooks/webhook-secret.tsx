import { Field, Select } from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { rotateWebhookSecret, type WireWebhook } from '../../api/webhooks.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { dayAndTimeText, instantOf } from '../../ui/dates.ts'
import { FormActions, Section } from '../../ui/page.tsx'
import styles from './webhooks.module.css'

/** Up to WEBHOOK_OVERLAP_HOURS_MAX of contract/webhooks.ts. */
const OVERLAPS = [0, 1, 24, 72, 168] as const

/** A new secret, with time to change the receiver. */
export function WebhookSecret({ webhook, onSecret }: { webhook: WireWebhook; onSecret: (secret: string) => void }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const [overlap, setOverlap] = useState('24')
  const rotate = useMutation({
    mutationFn: () => rotateWebhookSecret(operatorId, webhook.id, Number(overlap)),
    onSuccess: ({ secret }) => {
      if (secret !== null) onSecret(secret)
      return queries.invalidateQueries({ queryKey: ['webhooks', operatorId] })
    },
  })
  const until = instantOf(webhook.previousSecretExpiresAt ?? '')
  return (
    <Section title={t('webhooks.secret.rotate')} text={t('webhooks.secret.rotateText')}>
      {until && <p className={styles.note}>{t('webhooks.secret.overlaps', { when: dayAndTimeText(until) })}</p>}
      <ProblemNotice error={rotate.error} />
      <Field label={t('webhooks.secret.overlap')}>
        <Select value={overlap} onChange={(_, { value }) => setOverlap(value)}>
          {OVERLAPS.map((hours) => (
            <option key={hours} value={hours}>
              {hours === 0
                ? t('webhooks.secret.atOnce')
                : hours < 48
                  ? t('webhooks.secret.hours', { count: hours })
                  : t('webhooks.secret.days', { count: hours / 24 })}
            </option>
          ))}
        </Select>
      </Field>
      <FormActions>
        <PermittedButton
          permission="webhooks.manage"
          verdict={webhook.actions.rotateWebhookSecret}
          disabledFocusable={rotate.isPending}
          onClick={() => rotate.mutate()}
        >
          {t('webhooks.secret.rotate')}
        </PermittedButton>
      </FormActions>
    </Section>
  )
}
