import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../api/problem.ts'
import { updateWebhook, type WireListedWebhook, type WireWebhook } from '../../api/webhooks.ts'
import { useOperator } from '../../shell/operator.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Fact, Facts } from '../../ui/states.tsx'
import { useToast } from '../../ui/toasts.tsx'
import { DeleteWebhook } from './delete-webhook.tsx'
import { useWhose } from './use-whose.ts'
import { WebhookForm } from './webhook-form.tsx'
import { WebhookRun } from './webhook-run.tsx'
import { WebhookSecret } from './webhook-secret.tsx'
import { changeOf, type WebhookValues } from './webhook-values.ts'
import styles from './webhooks.module.css'

type WebhookSettingsProps = {
  webhook: WireWebhook
  /** Of the state that the form began with. */
  tag: string | null
  health: WireListedWebhook['health'] | undefined
  onSecret: (secret: string) => void
  onDeleted: () => void
}

/** What a webhook is and how it is stopped, renewed, ended. */
export function WebhookSettings({ webhook, tag, health, onSecret, onDeleted }: WebhookSettingsProps) {
  const { t } = useTranslation()
  const form = useFormBase(webhook, tag)
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const toast = useToast()
  const whose = useWhose()
  const refresh = async () => {
    await queries.invalidateQueries({ queryKey: ['webhooks', operatorId] })
    form.beginAnew()
  }
  const save = useMutation({
    mutationFn: (values: WebhookValues) =>
      updateWebhook(operatorId, webhook.id, changeOf(values, form.webhook), form.tag),
    onSuccess: async (saved) => {
      toast('success', t('webhooks.saved', { name: saved.name }))
      await refresh()
    },
    // Somebody else was faster: the form then begins from what they wrote.
    onError: (error) => {
      if (error instanceof ApiProblem && error.code === 'changed-meanwhile') void refresh()
    },
  })
  const { kind } = webhook
  return (
    <>
      <Facts>
        <Fact name={t('webhooks.facts.kind')}>{t(`webhooks.kindLong.${kind}`)}</Fact>
        <Fact name={t('webhooks.facts.whose')}>{whose(webhook.channelId)}</Fact>
        <Fact name={t('webhooks.facts.made')}>
          <RelativeTime instant={webhook.createdAt} /> · {webhook.createdBy}
        </Fact>
      </Facts>
      <WebhookForm
        key={form.round}
        kind={kind}
        webhook={form.webhook}
        isBusy={save.isPending}
        error={save.error}
        onSave={(values) => save.mutate(values)}
      />
      <div className={styles.sections}>
        {kind === 'complete' && <WebhookSecret webhook={webhook} onSecret={onSecret} />}
        <WebhookRun webhook={webhook} />
        <DeleteWebhook webhook={webhook} health={health} onDeleted={onDeleted} />
      </div>
    </>
  )
}

function factsOf({ name, url, events, headerName }: WireWebhook): string {
  return JSON.stringify([name, url, events, headerName])
}

/**
 * What the form began with. A pause or a failure in between changes the tag, but must not empty what is being typed; what
 * somebody else has written meanwhile is only taken when one begins anew.
 */
function useFormBase(webhook: WireWebhook, tag: string | null) {
  const [base, setBase] = useState<{ webhook: WireWebhook; tag: string | null } | null>(null)
  const [round, setRound] = useState(0)
  const isSame = base === null || factsOf(base.webhook) === factsOf(webhook)
  if (base === null) setBase({ webhook, tag })
  const beginAnew = () => {
    setBase(null)
    setRound((before) => before + 1)
  }
  return { ...(isSame ? { webhook, tag } : base), round, beginAnew }
}
