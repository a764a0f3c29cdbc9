import type { EventLead, EventPayload } from '../../../contract/events.ts'
import type { NewEvent } from '../../platform/events/index.ts'
import { type FieldChange, foldStatus, type RemoteLead } from './lead.rules.ts'

type ToldLead = { leadId: string; remote: RemoteLead; local: { channelId: number | null } }

/** A lead as events tell it. */
export function eventLeadOf(remote: RemoteLead): EventLead {
  const { fullName, email, phoneNumber, companyName, companySize } = remote.contactDetails
  return {
    id: remote.id,
    tenantId: remote.tenantId,
    companyName,
    companySize,
    status: remote.status,
    consentedCountries: remote.consentedCountries ?? [],
    isDirectLead: remote.isDirectLead,
    consentedOn: remote.consentedOn,
    lastModifiedOn: remote.lastModifiedOn,
    contact: { fullName, email, phoneNumber },
  }
}

/** What is heard of a lead that has come. */
export function arrivalEvent(lead: ToldLead): NewEvent {
  return { ...envelopeOf(lead), name: 'lead.created', payload: factsOf(lead) }
}

/**
 * What is heard of a change: `lead.changed`, and beside it what a receiver may want to hear alone. A lead that is asked for
 * and found gone is only `lead.removed`: nothing else of it has changed.
 */
export function changeEvents(lead: ToldLead, changes: FieldChange[], isConfirmedGone: boolean): NewEvent[] {
  const envelope = envelopeOf(lead)
  const payload = {
    ...factsOf(lead),
    before: Object.fromEntries(changes.map((change) => [change.field, change.before])),
    after: Object.fromEntries(changes.map((change) => [change.field, change.after])),
  }
  const events: NewEvent[] = isConfirmedGone ? [] : [{ ...envelope, name: 'lead.changed', payload }]
  const countries = changes.find(({ field }) => field === 'consentedCountries')
  if (countries) {
    const [was, is] = [listOf(countries.before), listOf(countries.after)]
    const added = is.filter((country) => !was.includes(country))
    const removed = was.filter((country) => !is.includes(country))
    if (added.length + removed.length > 0) {
      events.push({ ...envelope, name: 'lead.countries-changed', payload: { ...factsOf(lead), added, removed } })
    }
  }
  if (changes.some(({ field }) => field === 'status')) {
    const status = foldStatus(lead.remote.status)
    if (status === 'suspended') events.push({ ...envelope, name: 'lead.suspended', payload })
    if (status === 'removed') events.push({ ...envelope, name: 'lead.removed', payload })
  }
  return events
}

/** Another lead of the tenant is there already. Its id may be of somebody else's channel, so no channel hears of it. */
export function mergeEvent(lead: ToldLead, otherLeadIds: string[]): NewEvent {
  return { ...envelopeOf(lead), channelId: null, name: 'lead.merged', payload: { ...factsOf(lead), otherLeadIds } }
}

/** For the channel it is a new lead, so it is told whole. */
export function assignedEvent(lead: ToldLead, channelId: number): NewEvent {
  const payload = { ...factsOf(lead), channelId }
  return { ...envelopeOf(lead), channelId, name: 'lead.channel-assigned', payload }
}

/** Somebody else sees to it from now on, or nobody. */
export function ownerEvent(
  lead: ToldLead,
  change: Pick<EventPayload<'lead.owner-changed'>, 'ownerId' | 'formerOwnerId' | 'reason' | 'byPersonId'>,
): NewEvent {
  return { ...envelopeOf(lead), name: 'lead.owner-changed', payload: { ...factsOf(lead), ...change } }
}

/** Its time has passed, and nobody has judged it. */
export function overdueEvent(lead: ToldLead, ownerId: string | null, dueAt: Date): NewEvent {
  const payload = { ...factsOf(lead), ownerId, dueAt: dueAt.toISOString() }
  return { ...envelopeOf(lead), name: 'lead.overdue', payload }
}

function factsOf({ leadId, remote }: ToldLead) {
  return { leadId, tenantId: remote.tenantId, lead: eventLeadOf(remote) }
}

function envelopeOf({ leadId, local }: ToldLead) {
  return { channelId: local.channelId, key: `lead/${leadId}` }
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
