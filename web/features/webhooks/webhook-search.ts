import { isDateChoice } from '../../ui/date-choice.ts'

export const webhookParts = ['deliveries', 'settings', 'test'] as const
export type WebhookPart = (typeof webhookParts)[number]

export const deliveryStates = ['pending', 'delivered', 'dead'] as const

/** What of a webhook is shown, as it stands in the address. */
export type WebhookSearch = {
  /** Of the webhook that is being made. */
  kind?: 'simple'
  /** Left out: the deliveries. */
  part?: WebhookPart
  /** Filters of the deliveries. */
  state?: (typeof deliveryStates)[number]
  event?: string
  /** Days of the event: see DateChoice. */
  when?: string
  /** The delivery that is open. */
  delivery?: string
}

const NAME = /^[a-z-]+\.[a-z-]+$/
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function readWebhookSearch(raw: Record<string, unknown>): WebhookSearch {
  const search: WebhookSearch = {}
  if (raw.kind === 'simple') search.kind = 'simple'
  const part = webhookParts.find((one) => one === raw.part)
  if (part) search.part = part
  const state = deliveryStates.find((one) => one === raw.state)
  if (state) search.state = state
  if (typeof raw.event === 'string' && NAME.test(raw.event)) search.event = raw.event
  if (typeof raw.when === 'string' && isDateChoice(raw.when)) search.when = raw.when
  if (typeof raw.delivery === 'string' && GUID.test(raw.delivery)) search.delivery = raw.delivery
  return search
}
