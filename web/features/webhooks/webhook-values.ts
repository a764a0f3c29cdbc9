import type { WebhookChange, WireWebhook } from '../../api/webhooks.ts'
import type { PostTarget } from '../../ui/post-target-fields.tsx'

/** A webhook as the form holds it. */
export type WebhookValues = PostTarget & { name: string; events: string[]; channelId: number | null }

export type TargetFlaw = {
  field: keyof PostTarget
  word: 'urlHidden' | 'headerNeedsValue' | 'headerElsewhere' | 'headerNeedsName'
}

/** The values a form begins with. The header's own value never comes back. */
export function valuesOf(webhook: WireWebhook | undefined, channelId: number | null): WebhookValues {
  if (!webhook) return { name: '', url: '', headerName: '', headerValue: '', events: [], channelId }
  const { name, url, headerName, events } = webhook
  return { name, url, headerName: headerName ?? '', headerValue: '', events, channelId: webhook.channelId }
}

/** What cannot be sent as it is, seen before the server is asked. */
export function targetFlaw({ url, headerName, headerValue }: PostTarget, before?: WireWebhook): TargetFlaw | null {
  if (before && url.trim() !== before.url && (url.includes('…') || url.includes('=***')))
    return { field: 'url', word: 'urlHidden' }
  if (headerName.trim() === '' && headerValue !== '') return { field: 'headerName', word: 'headerNeedsName' }
  const isKept = before?.headerName != null && headerName.trim() === before.headerName && headerValue === ''
  if (isKept && isElsewhere(url, before.url)) return { field: 'headerValue', word: 'headerElsewhere' }
  const isRenamed = before?.headerName != null && headerName.trim() !== '' && headerName.trim() !== before.headerName
  return isRenamed && headerValue === '' ? { field: 'headerValue', word: 'headerNeedsValue' } : null
}

/** The server does not send a stored value to another server. What is no address yet is told at its own field. */
function isElsewhere(url: string, before: string): boolean {
  const [now, then] = [URL.parse(url.trim()), URL.parse(before)]
  return now !== null && now.origin !== then?.origin
}

/** Of the header what is to be said: undefined where it stays as it is. */
export function headerOf({ headerName, headerValue }: PostTarget, before?: WireWebhook): WebhookChange['header'] {
  const name = headerName.trim()
  if (name === '') return before?.headerName != null ? null : undefined
  const isKept = before?.headerName === name && headerValue === ''
  return isKept ? undefined : { name, value: headerValue }
}

/** Only what differs: what is left out stays, sealed values too. */
export function changeOf(values: WebhookValues, before: WireWebhook): WebhookChange {
  const header = headerOf(values, before)
  const url = values.url.trim()
  const isOther = (events: string[]) => [...events].sort().join() !== [...before.events].sort().join()
  return {
    ...(values.name.trim() !== before.name && { name: values.name.trim() }),
    ...(url !== before.url && { url }),
    ...(header !== undefined && { header }),
    ...(before.kind === 'complete' && isOther(values.events) && { events: values.events }),
  }
}
