import type { EventName } from '../../../contract/events.ts'

export type WebhookKind = 'simple' | 'complete'
export type PauseReason = 'asked' | 'failing' | 'gone'

/** A webhook as it is stored: secrets sealed. */
export type Webhook = {
  operatorId: number
  webhookId: string
  channelId: number | null
  kind: WebhookKind
  name: string
  urlSealed: string
  urlShown: string
  events: EventName[]
  headerName: string | null
  headerValueSealed: string | null
  secretSealed: string | null
  previousSecretSealed: string | null
  previousSecretUntil: Date | null
  state: 'active' | 'paused'
  pausedBecause: PauseReason | null
  pausedAt: Date | null
  failingSince: Date | null
  /** When people were told that it fails. */
  failingToldAt: Date | null
  lastDeliveredAt: Date | null
  lastError: string | null
  version: number
  createdAt: Date
  createdBy: string
  changedAt: Date
}

export type WebhookCounts = { waiting: number; dead: number }
