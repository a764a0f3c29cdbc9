import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { WireListedWebhook } from '../../api/webhooks.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { PlainTable } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { eventTitle } from './event-words.ts'
import { useWhose } from './use-whose.ts'
import { WebhookHealth } from './webhook-health.tsx'
import styles from './webhooks.module.css'

export function WebhookTable({ webhooks }: { webhooks: readonly WireListedWebhook[] }) {
  const { t } = useTranslation()
  return (
    <PlainTable label={t('navigation.webhooks')}>
      <thead>
        <tr>
          <th scope="col">{t('webhooks.list.name')}</th>
          <th scope="col">{t('webhooks.list.health')}</th>
          <th scope="col">{t('webhooks.list.address')}</th>
          <th scope="col">{t('webhooks.list.kind')}</th>
          <th scope="col">{t('webhooks.list.events')}</th>
          <th scope="col">{t('webhooks.list.whose')}</th>
          <th scope="col">{t('webhooks.list.lastDelivery')}</th>
        </tr>
      </thead>
      <tbody>
        {webhooks.map((webhook) => (
          <WebhookRow key={webhook.id} webhook={webhook} />
        ))}
      </tbody>
    </PlainTable>
  )
}

function WebhookRow({ webhook }: { webhook: WireListedWebhook }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const whose = useWhose()
  const { id, name, kind, url, events, health } = webhook
  return (
    <tr>
      <th scope="row">
        <Link id={rowLinkId(id)} to={paths.webhook} params={{ operatorId: String(operatorId), webhookId: id }}>
          <span dir="auto" className={styles.name}>
            {name}
          </span>
        </Link>
      </th>
      <td>
        <WebhookHealth webhook={webhook} />
      </td>
      <td title={url}>{hostOf(url)}</td>
      <td>{t(`webhooks.kind.${kind}`)}</td>
      <td title={events.map((event) => eventTitle(t, event)).join(', ')}>
        {kind === 'simple' ? t('webhooks.everyNewLead') : t('webhooks.events', { count: events.length })}
      </td>
      <td>{whose(webhook.channelId)}</td>
      <td>{health.lastDeliveredAt ? <RelativeTime instant={health.lastDeliveredAt} /> : t('webhooks.list.never')}</td>
    </tr>
  )
}

/** Where the focus goes back to when the panel of a row closes. */
export function rowLinkId(webhookId: string): string {
  return `webhook-${webhookId}`
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? url
}
