import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { createWebhook, type WireWebhook, type WireWebhookWithSecret } from '../../api/webhooks.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { PanelBody, SidePanel } from '../../ui/side-panel.tsx'
import { useToast } from '../../ui/toasts.tsx'
import { WebhookForm } from './webhook-form.tsx'
import { webhookEventsQuery } from './webhook-queries.ts'
import { headerOf, type WebhookValues } from './webhook-values.ts'
import styles from './webhooks.module.css'

type NewWebhookProps = {
  kind: WireWebhook['kind']
  onCreated: (webhook: WireWebhookWithSecret) => void
  onClose: () => void
}

/** Asks for what a webhook needs, and makes it. */
export function NewWebhook({ kind, onCreated, onClose }: NewWebhookProps) {
  const { t } = useTranslation()
  const { operatorId, isWholeOperator } = useOperator()
  const queries = useQueryClient()
  const toast = useToast()
  const catalogue = useQuery(webhookEventsQuery(operatorId))
  const create = useMutation({
    mutationFn: (values: WebhookValues) => {
      const header = headerOf(values)
      // A channel that was chosen last is not told of everything that was chosen before.
      const operatorOnly = new Set(catalogue.data?.filter((one) => one.operatorOnly).map(({ name }) => name))
      const events = values.events.filter((name) => values.channelId === null || !operatorOnly.has(name))
      return createWebhook(operatorId, {
        kind,
        url: values.url.trim(),
        ...(values.name.trim() !== '' && { name: values.name.trim() }),
        ...(kind === 'complete' && { events }),
        ...(header && { header }),
        ...(isWholeOperator && { channelId: values.channelId }),
      })
    },
    onSuccess: (webhook) => {
      toast('success', t('webhooks.created', { name: webhook.name }))
      onCreated(webhook)
      return queries.invalidateQueries({ queryKey: ['webhooks', operatorId] })
    },
  })
  const isSimple = kind === 'simple'
  const title = t(isSimple ? 'webhooks.newSimple' : 'webhooks.newComplete')
  const simpleText = isWholeOperator ? 'webhooks.newSimpleText' : 'webhooks.newSimpleChannel'
  return (
    <SidePanel title={title} onClose={onClose} takesFocus={true}>
      <PanelBody label={title}>
        <p className={styles.intro}>
          {isSimple && `${t(simpleText)} `}
          {t(isSimple ? 'webhooks.wantChoice' : 'webhooks.wantSimple')}{' '}
          <Link
            to={paths.webhook}
            params={{ operatorId: String(operatorId), webhookId: 'new' }}
            search={isSimple ? {} : { kind: 'simple' }}
            replace
          >
            {t(isSimple ? 'webhooks.newComplete' : 'webhooks.createSimple')}
          </Link>
        </p>
        <WebhookForm
          kind={kind}
          isBusy={create.isPending}
          error={create.error}
          onSave={(values) => create.mutate(values)}
        />
      </PanelBody>
    </SidePanel>
  )
}
