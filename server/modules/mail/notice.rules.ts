import type { EventPayload } from '../../../contract/events.ts'
import { isMailOpenTo, type MailKind, mailEvents } from '../../../contract/mail-choices.ts'
import { type Level, permissionsOf, type Tier } from '../../../contract/roles.ts'
import type { MailDraft } from './mail-text.rules.ts'

/** Of events that are told in one way only. */
const KINDS = Object.fromEntries(Object.entries(mailEvents).map(([kind, event]) => [event, kind])) as Record<
  string,
  MailKind
>

/** Something that happened, as it is kept until people are told. */
export type Notice = { eventId: string; name: string; channelId: number | null; payload: unknown; at: Date }

/** Somebody who may be told, as what he is for the operator. */
export type Reader = {
  personId: string
  name: string
  email: string
  tier: Tier
  level: Level
  channelId: number | null
  choices: Partial<Record<MailKind, 'at-once' | 'digest' | 'never'>>
}

/** Undefined: nobody is told of it by mail. */
function kindOf({ name, payload }: Pick<Notice, 'name' | 'payload'>): MailKind | undefined {
  if (name !== mailEvents['lead-owned']) return KINDS[name]
  const { ownerId, reason } = payload as OwnedFacts
  if (ownerId !== null) return 'lead-owned'
  return reason === 'left' ? 'lead-unowned' : undefined
}

/**
 * What of the notices this person is told in this way. A channel's people hear only of their channel's, and of a lead only
 * while it is theirs: `channelNow` says whose each lead is now.
 */
export function noticesFor(
  reader: Reader,
  notices: readonly Notice[],
  delivery: 'at-once' | 'digest',
  channelNow: ReadonlyMap<string, number | null>,
): Notice[] {
  return notices.filter((notice) => {
    const kind = kindOf(notice)
    if (
      !kind ||
      !isMailOpenTo(kind, reader.tier, permissionsOf(reader.tier, reader.level)) ||
      (reader.choices[kind] ?? 'at-once') !== delivery
    )
      return false
    if (!isMeantFor(reader, kind, notice)) return false
    if (reader.tier !== 'channel') return true
    if (notice.channelId !== reader.channelId) return false
    const leadId = leadIdOf(notice)
    return leadId === null || channelNow.get(leadId) === reader.channelId
  })
}

/** Of an owner's leads he alone is told; of a lead that nobody has, those whose it is to find somebody. */
function isMeantFor(reader: Reader, kind: MailKind, { channelId, payload }: Notice): boolean {
  if (kind === 'lead-unowned') return channelId === reader.channelId && reader.level === 'administrator'
  if (kind !== 'lead-owned' && kind !== 'lead-overdue') return true
  const { ownerId, byPersonId } = payload as OwnedFacts
  if (kind === 'lead-owned') return ownerId === reader.personId && byPersonId !== reader.personId
  return ownerId === null ? channelId === reader.channelId : ownerId === reader.personId
}

export function leadIdOf({ payload }: Notice): string | null {
  const { leadId } = payload as { leadId?: string }
  return leadId ?? null
}

const LINES_MAX = 20

/** One mail about all of it: subject and text. `pages`: the operator's part of the portal, without a slash at the end. */
export function draftNotices(
  notices: readonly Notice[],
  {
    operatorName,
    pages,
    account,
    isDigest,
  }: { operatorName: string; pages: string; account: string; isDigest: boolean },
): { subject: string; draft: MailDraft } {
  const sections = (Object.keys(mailEvents) as MailKind[]).flatMap((kind) => {
    const of = notices.filter((notice) => kindOf(notice) === kind)
    return of.length === 0 ? [] : [sectionOf(kind, of, pages)]
  })
  const [first, ...others] = sections
  const words = others.length === 0 ? (first?.subject ?? '') : sections.map(({ title }) => title).join(', ')
  return {
    subject: `${operatorName}: ${isDigest ? `your day, ${words}` : words}`,
    draft: {
      sections: sections.map(({ subject: _, ...section }) => section),
      foot: `You get this as one of the people who work for ${operatorName} in Leadline. Choose what you are told here:`,
      footUrl: account,
    },
  }
}

function sectionOf(kind: MailKind, notices: readonly Notice[], pages: string) {
  const lines = notices.slice(0, LINES_MAX).map((notice) => lineOf(kind, notice, pages))
  const title = titleOf(kind, notices.length)
  const left = notices.length - lines.length
  const single = lines[0]
  return {
    title,
    lines,
    ...(left > 0 && { more: `and ${left} more: ${pages}/leads` }),
    subject: notices.length === 1 && single ? `${SINGLE[kind]}${SEPARATOR[kind]}${single.text}` : title,
  }
}

const SINGLE: Record<MailKind, string> = {
  'new-lead': 'New lead',
  'lead-assigned': 'A lead for you',
  'lead-owned': 'A lead is yours',
  'lead-overdue': 'Overdue',
  'lead-unowned': 'The owner of a lead has left',
  'webhook-paused': 'A webhook was paused',
  'webhook-failing': 'A webhook fails',
  'webhook-dead': 'Events were given up',
  'sync-failing': '',
  'secret-expiring': '',
}
const SEPARATOR: Record<MailKind, string> = {
  'new-lead': ': ',
  'lead-assigned': ': ',
  'lead-owned': ': ',
  'lead-overdue': ': ',
  'lead-unowned': ': ',
  'webhook-paused': ': ',
  'webhook-failing': ': ',
  'webhook-dead': ': ',
  'sync-failing': '',
  'secret-expiring': '',
}

function titleOf(kind: MailKind, count: number): string {
  if (kind === 'new-lead') return count === 1 ? '1 new lead' : `${count} new leads`
  if (kind === 'lead-assigned') return count === 1 ? '1 lead for your channel' : `${count} leads for your channel`
  if (kind === 'lead-owned') return count === 1 ? '1 lead is yours' : `${count} leads are yours`
  if (kind === 'lead-overdue') return count === 1 ? '1 overdue lead' : `${count} overdue leads`
  if (kind === 'lead-unowned') return count === 1 ? '1 lead without its owner' : `${count} leads whose owner has left`
  if (kind === 'webhook-paused') return count === 1 ? '1 webhook was paused' : `${count} webhooks were paused`
  if (kind === 'webhook-failing') return count === 1 ? '1 webhook fails' : `${count} webhooks fail`
  if (kind === 'webhook-dead') return 'Events for webhooks were given up'
  if (kind === 'sync-failing') return 'Microsoft cannot be reached as it should'
  return 'The secret of the connection to Microsoft'
}

/** What a sync fetches; any other job is taken for that of the leads. */
const SYNCED: Partial<Record<string, string>> = {
  'peering.sync-addresses-job': 'Civic addresses',
  'peering.sync-trunks-job': 'Calling profiles',
}

function lineOf(kind: MailKind, { payload }: Notice, pages: string): { text: string; detail?: string; url?: string } {
  if (OF_LEADS.includes(kind)) {
    const { leadId, companyName, companySize, countries, dueAt } = payload as LeadFacts & Partial<OwnedFacts>
    const due = dueAt ? `was due ${dueAt.slice(0, 16).replace('T', ' ')} UTC` : ''
    const facts = [due, countries.slice(0, 12).join(', '), sizeText(companySize)]
      .filter((one) => one !== '')
      .join(' · ')
    return {
      text: companyName ?? 'A company without a name',
      ...(facts && { detail: facts }),
      url: `${pages}/leads/${leadId}`,
    }
  }
  if (kind === 'webhook-paused') {
    const { webhookId, name, reason, lastError } = payload as EventPayload<'webhook.paused'>
    const why = reason === 'gone' ? 'its receiver says that it is gone' : 'nothing could be delivered for three days'
    return { text: name, detail: `${why}. ${lastError}`.trim(), url: `${pages}/settings/webhooks/${webhookId}` }
  }
  if (kind === 'webhook-failing') {
    const { webhookId, name, lastError } = payload as EventPayload<'webhook.failing'>
    const detail = `nothing could be delivered for half an hour; it is tried again. ${lastError}`.trim()
    return { text: name, detail, url: `${pages}/settings/webhooks/${webhookId}` }
  }
  if (kind === 'webhook-dead') {
    const { webhookId, name, count, lastError } = payload as EventPayload<'webhook.event-dead'>
    const what = count === 1 ? '1 event was' : `${count} events were`
    const detail = `${what} tried for three days and given up; replay what is still wanted. ${lastError}`.trim()
    return { text: name, detail, url: `${pages}/settings/webhooks/${webhookId}?state=dead` }
  }
  if (kind === 'sync-failing') {
    const { job, message, remedy } = payload as EventPayload<'sync.failed'>
    const what = SYNCED[job] ?? 'Leads'
    return {
      text: `${what} can no longer be fetched from Microsoft`,
      detail: `${message} ${remedy}`,
      url: `${pages}/jobs/${job}`,
    }
  }
  const { on, daysLeft, state } = payload as EventPayload<'connection.secret-expiring'>
  const text =
    state === 'expired'
      ? 'The secret of the connection to Microsoft has ended'
      : `The secret of the connection to Microsoft ends in ${daysLeft} days`
  return { text, ...(on && { detail: `Its last day is ${on}.` }), url: `${pages}/settings/microsoft` }
}

const OF_LEADS: readonly MailKind[] = ['new-lead', 'lead-assigned', 'lead-owned', 'lead-overdue', 'lead-unowned']
const EVENTS_OF_LEADS: readonly string[] = OF_LEADS.map((kind) => mailEvents[kind])

/** And of whose it is. */
type OwnedFacts = { ownerId: string | null; byPersonId: string | null; dueAt: string | null; reason: string | null }

/** What a mail needs of a lead. */
export type LeadFacts = { leadId: string; companyName: string | null; companySize: string | null; countries: string[] }

/** What is kept of an event until people are told: of a lead only what the mail shows. */
export function keptPayload(name: string, payload: unknown): unknown {
  if (!EVENTS_OF_LEADS.includes(name)) return payload
  const { leadId, lead, ...rest } = payload as EventPayload<'lead.created'>
  const { ownerId = null, byPersonId = null, dueAt = null, reason = null } = rest as Partial<OwnedFacts>
  const isOwned = name === mailEvents['lead-owned'] || name === mailEvents['lead-overdue']
  return {
    ...(isOwned && { ownerId, byPersonId, dueAt, reason }),
    leadId,
    companyName: lead.companyName,
    companySize: lead.companySize,
    countries: lead.consentedCountries,
  } satisfies LeadFacts
}

/** `L250_U999` as people say it; what is not of that form as it is. */
function sizeText(size: string | null): string {
  const [, from, to] = /^L(\d+)_U(\d+)$/.exec(size ?? '') ?? []
  return from === undefined ? (size ?? '') : `${from} to ${to} people`
}
