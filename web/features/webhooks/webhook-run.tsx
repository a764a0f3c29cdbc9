import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { changeWebhookState, type WireWebhook } from '../../api/webhooks.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { useFailureWords } from '../../shell/problem-notice.tsx'
import { Section } from '../../ui/page.tsx'
import { useToast } from '../../ui/toasts.tsx'

/** Stops and starts a webhook, and says so. */
export function usePauseOrResume({ id, name }: Pick<WireWebhook, 'id' | 'name'>) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const toast = useToast()
  const words = useFailureWords()
  return useMutation({
    mutationFn: (wish: 'pause' | 'resume') => changeWebhookState(operatorId, id, wish),
    onSuccess: async (_webhook, wish) => {
      toast('success', t(wish === 'pause' ? 'webhooks.run.paused' : 'webhooks.run.resumed', { name }))
      await queries.invalidateQueries({ queryKey: ['webhooks', operatorId] })
    },
    onError: (error) => {
      const { title, detail } = words(error)
      toast('error', title, detail)
    },
  })
}

export function WebhookRun({ webhook }: { webhook: WireWebhook }) {
  const { t } = useTranslation()
  const change = usePauseOrResume(webhook)
  const isPaused = webhook.state === 'paused'
  return (
    <Section
      title={t(isPaused ? 'webhooks.run.titlePaused' : 'webhooks.run.title')}
      text={t(isPaused ? 'webhooks.run.resumeText' : 'webhooks.run.pauseText')}
    >
      <PermittedButton
        permission="webhooks.manage"
        verdict={isPaused ? webhook.actions.resumeWebhook : webhook.actions.pauseWebhook}
        disabledFocusable={change.isPending}
        onClick={() => change.mutate(isPaused ? 'resume' : 'pause')}
      >
        {t(isPaused ? 'webhooks.run.resume' : 'webhooks.run.pause')}
      </PermittedButton>
    </Section>
  )
}
