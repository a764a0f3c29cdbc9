import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { deleteWebhook, type WireListedWebhook, type WireWebhook } from '../../api/webhooks.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Section } from '../../ui/page.tsx'
import { useToast } from '../../ui/toasts.tsx'

type DeleteWebhookProps = {
  webhook: WireWebhook
  /** Not known while the list is on its way. */
  health: WireListedWebhook['health'] | undefined
  onDeleted: () => void
}

export function DeleteWebhook({ webhook, health, onDeleted }: DeleteWebhookProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const toast = useToast()
  const [isAsking, setIsAsking] = useState(false)
  const remove = useMutation({
    mutationFn: () => deleteWebhook(operatorId, webhook.id),
    onSuccess: async () => {
      toast('success', t('webhooks.delete.done', { name: webhook.name }))
      onDeleted()
      queries.removeQueries({ queryKey: ['webhooks', operatorId, webhook.id] })
      await queries.invalidateQueries({ queryKey: ['webhooks', operatorId], exact: true })
    },
  })
  const { waiting = 0, dead = 0 } = health ?? {}
  return (
    <Section title={t('webhooks.delete.title')} text={t('webhooks.delete.text')}>
      <PermittedButton permission="webhooks.manage" onClick={() => setIsAsking(true)}>
        {t('webhooks.delete.action')}
      </PermittedButton>
      {isAsking && (
        <ConfirmDialog
          title={t('webhooks.delete.ask', { name: webhook.name })}
          action={t('webhooks.delete.action')}
          isBusy={remove.isPending}
          onConfirm={() => remove.mutate()}
          onClose={() => setIsAsking(false)}
        >
          <ProblemNotice error={remove.error} />
          <p>{t('webhooks.delete.lost')}</p>
          <ul>
            {waiting > 0 && <li>{t('webhooks.delete.waiting', { count: waiting })}</li>}
            {dead > 0 && <li>{t('webhooks.delete.dead', { count: dead })}</li>}
            <li>{t('webhooks.delete.log')}</li>
            {webhook.kind === 'complete' && <li>{t('webhooks.delete.secret')}</li>}
          </ul>
          <p>{t('webhooks.delete.forGood')}</p>
        </ConfirmDialog>
      )}
    </Section>
  )
}
