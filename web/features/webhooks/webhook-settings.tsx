import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../api/problem.ts'
import { updateWebhook, type WireListedWebhook, type WireWebhook } from '../../api/webhooks.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
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
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const toast = useToast()
  const whose = useWhose()
  const refresh = () => queries.invalidateQueries({ queryKey: ['webhooks', operatorId] })
  const save = useMutation({
    mutationFn: (values: WebhookValues) => updateWebhook(operatorId, webhook.id, changeOf(values, webhook), tag),
    onSuccess: async (saved) => {
      toast('success', t('webhooks.saved', { name: saved.name }))
      await refresh()
    },
    // Somebody else was faster: the form then begins from what they wrote.
    onError: (error) => {
      if (error instanceof ApiProblem && error.code === 'changed-meanwhile') void refresh()
    },
  })
  const { kind, name, url, events, headerName } = webhook
  return (
    <>
      <Facts>
        <Fact name={t('webhooks.facts.kind')}>{t(`webhooks.kindLong.${kind}`)}</Fact>
        <Fact name={t('webhooks.facts.whose')}>{whose(webhook.channelId)}</Fact>
        <Fact name={t('webhooks.facts.made')}>
          <RelativeTime instant={webhook.createdAt} /> · {webhook.createdBy}
        </Fact>
      </Facts>
      <ProblemNotice error={save.error} />
      <WebhookForm
        // Not by the tag: a pause in between must not empty what is being typed.
        key={JSON.stringify([name, url, events, headerName, save.data?.changedAt])}
        kind={kind}
        webhook={webhook}
        isBusy={save.isPending}
        wrong={save.error instanceof ApiProblem ? save.error.fieldErrors() : new Map()}
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
