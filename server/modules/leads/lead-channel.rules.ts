import { isGuid } from '../../kernel/ids.ts'
import { foldStatus, type Permitted } from './lead.rules.ts'

/** What a rule about channels must know of a lead. */
export type ChannelLead = { status: string; channelId: number | null }

/** Only Active leads are given to a channel, licensed or not. Source: rest-api.md H1, seed 000. */
export function mayAssign({ status }: Pick<ChannelLead, 'status'>): Permitted {
  if (foldStatus(status) === 'active') return { ok: true }
  const reason = `Only an Active lead can be given to a channel: Microsoft says it is ${status}.`
  return { ok: false, code: 'lead-not-active', reason }
}

/** Whatever its status: else a channel with leads that were removed could never be emptied. Source: seed 000, portal.md 2.3. */
export function mayRemoveChannel({ channelId }: Pick<ChannelLead, 'channelId'>): Permitted {
  if (channelId !== null) return { ok: true }
  return { ok: false, code: 'lead-without-channel', reason: 'It is in no channel.' }
}

/** A body of the documented assignment, every name of it. Source: rest-api.md H1, X17. */
export type AssignBody = {
  leadMsTenantId?: string | null
  msTenantId?: string | null
  leadId?: string | null
  umpCustomerGuid?: string | null
  channelId?: number | string | null
  ovocChannelId?: number | string | null
}

/** Which leads are meant: those of a tenant, one, or that of a service. */
export type AssignTarget = { by: 'tenant' | 'lead' | 'service'; id: string; field: string }

export type FieldFlaw = { field: string; detail: string }

const TARGETS = [
  ['tenant', 'leadMsTenantId'],
  ['tenant', 'msTenantId'],
  ['lead', 'leadId'],
  ['service', 'umpCustomerGuid'],
] as const

/** What a documented body asks for, or all that is wrong with it. Fields that are null or empty count as left out. */
export function readAssignment(
  body: AssignBody,
): { ok: true; target: AssignTarget; channelId: number } | { ok: false; flaws: FieldFlaw[] } {
  const flaws: FieldFlaw[] = []
  const target = readTarget(body, flaws)
  const channelId = readChannel(body, flaws)
  return flaws.length > 0 || !target || channelId === null ? { ok: false, flaws } : { ok: true, target, channelId }
}

function readTarget(body: AssignBody, flaws: FieldFlaw[]): AssignTarget | null {
  const given = TARGETS.flatMap(([by, field]) => {
    const id = body[field]?.trim() ?? ''
    return id === '' ? [] : [{ by, field, id: id.toLowerCase() }]
  })
  const [first, ...others] = given
  if (!first) {
    flaws.push({ field: 'leadMsTenantId', detail: 'Give leadMsTenantId, leadId or umpCustomerGuid: none came.' })
    return null
  }
  const rivals = others.filter(({ by, id }) => by !== first.by || id !== first.id)
  if (rivals.length > 0) {
    const names = [first, ...rivals].map(({ field }) => field)
    const detail = `Give exactly one of leadMsTenantId, leadId and umpCustomerGuid: ${names.join(' and ')} came together.`
    for (const field of names) flaws.push({ field, detail })
    return null
  }
  if (isGuid(first.id)) return first
  const detail = `Must be a GUID such as f94238e5-4f2c-4e1b-8125-2d27122ca75f, without braces.`
  flaws.push({ field: first.field, detail })
  return null
}

function readChannel(body: AssignBody, flaws: FieldFlaw[]): number | null {
  const given = (['channelId', 'ovocChannelId'] as const).flatMap((field) => {
    const text = String(body[field] ?? '').trim()
    return text === '' ? [] : [{ field, text }]
  })
  const [first, second] = given
  if (!first) {
    flaws.push({ field: 'channelId', detail: 'Missing: give the id of the channel.' })
    return null
  }
  const number = /^[0-9]{1,10}$/.test(first.text) ? Number(first.text) : 0
  if (second && Number(second.text) !== number) {
    flaws.push({ field: 'channelId', detail: 'channelId and ovocChannelId differ: give one of them.' })
    return null
  }
  if (number >= 1 && number <= 2_147_483_647) return number
  const detail =
    number === 0 && /^0+$/.test(first.text)
      ? 'There is no channel 0. PUT …/channel/action/remove takes a lead out of its channel.'
      : 'Must be the id of a channel: a whole number, as a number or as text.'
  flaws.push({ field: first.field, detail })
  return null
}
