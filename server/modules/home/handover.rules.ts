import { isGuid } from '../../kernel/ids.ts'
import { parseInstant } from '../../kernel/instant.ts'

export type Handover = { operatorId: number; leadId: string; channelId: number; consentedAt: Date; givenAt: Date }
type Event = { operatorId: number; channelId: number | null; payload: unknown; at: Date }

/**
 * When a lead was given to a channel, from the event that tells it; null where no customer has consented: a direct lead has
 * nothing to count from.
 */
export function handoverOf({ operatorId, channelId, payload, at }: Event): Handover | null {
  const { leadId, lead } = (payload ?? {}) as { leadId?: unknown; lead?: Record<string, unknown> }
  if (typeof leadId !== 'string' || !isGuid(leadId) || channelId === null || lead?.isDirectLead === true) return null
  // Microsoft's own clock, with more decimals than an instant holds.
  const consentedAt = typeof lead?.consentedOn === 'string' ? parseInstant(lead.consentedOn) : null
  return consentedAt && { operatorId, leadId, channelId, consentedAt, givenAt: at }
}

/** The lead that is gone, with what was counted of it; null: the event tells of none. */
export function goneLeadOf({ operatorId, payload }: Event): { operatorId: number; leadId: string } | null {
  const { leadId } = (payload ?? {}) as { leadId?: unknown }
  return typeof leadId === 'string' && isGuid(leadId) ? { operatorId, leadId } : null
}
