import type { WireLead, WireLeadContact } from '../../../contract/leads.ts'
import { joinSearchKeys } from './search-key.rules.ts'

/** A lead as Microsoft tells it, in wire terms. Source: microsoft.md A.4; `extras` is what has no field of its own. */
export type RemoteLead = Pick<
  WireLead,
  | 'id'
  | 'tenantId'
  | 'tenantOrigin'
  | 'operatorId'
  | 'status'
  | 'consentedOn'
  | 'lastModifiedOn'
  | 'consentedCountries'
  | 'contactDetails'
  | 'contacts'
  | 'isDirectLead'
> & { extras: Record<string, unknown> }

export type License = 'OC Essential' | 'OC Essentials Plus' | 'OC Pro'
export type Processing = 'Updating' | 'Success' | 'Failed'

/** What only Leadline knows of a lead; it survives every sync. Source: design/decisions.md, Local facts. */
export type LocalFacts = {
  umpCustomerGuid: string | null
  channelId: number | null
  license: License | null
  processing: Processing | null
  isNotActive: boolean | null
  /** null until a local fact was ever stored on the lead. */
  comments: unknown[] | null
}

export const NO_LOCAL_FACTS: LocalFacts = {
  umpCustomerGuid: null,
  channelId: null,
  license: null,
  processing: null,
  isNotActive: null,
  comments: null,
}

export type Permitted = { ok: true } | { ok: false; code: string; reason: string }

/** One field that differs, in words for the journal. */
export type FieldChange = { field: string; before: unknown; after: unknown }

const COMPARED = [
  'tenantId',
  'tenantOrigin',
  'operatorId',
  'status',
  'consentedOn',
  'lastModifiedOn',
  'consentedCountries',
  'contactDetails',
  'contacts',
  'isDirectLead',
] as const

/** What Microsoft changed in a lead, field by field; unknown fields count too, by their own name. */
export function changesOf(before: RemoteLead, after: RemoteLead): FieldChange[] {
  const changes: FieldChange[] = []
  for (const field of COMPARED) {
    if (!same(before[field], after[field])) changes.push({ field, before: before[field], after: after[field] })
  }
  for (const field of new Set([...Object.keys(before.extras), ...Object.keys(after.extras)])) {
    const [was, is] = [before.extras[field], after.extras[field]]
    if (!same(was, is)) changes.push({ field, before: was ?? null, after: is ?? null })
  }
  return changes
}

/** The origin of a lead is kept once known: Microsoft does not mark direct leads (design/decisions.md, Direct lead upstream). */
export function withKnownOrigin(known: boolean | null, remote: RemoteLead): RemoteLead {
  return known === null || known === remote.isDirectLead ? remote : { ...remote, isDirectLead: known }
}

/** `L250_U999` as numbers; `UInfinity` has no upper bound; an unknown token has neither. Source: microsoft.md A.4. */
export function companySizeOf(
  token: string | null,
): { token: string; lower: number | null; upper: number | null } | null {
  if (token === null || token === '') return null
  const match = /^L(\d+)_U(\d+|Infinity)$/.exec(token)
  if (!match) return { token, lower: null, upper: null }
  return { token, lower: Number(match[1]), upper: match[2] === 'Infinity' ? null : Number(match[2]) }
}

/** A status as filters compare it: letter case and blanks do not count ("Not Active" is NotActive). */
export function foldStatus(status: string): string {
  return status.toLowerCase().replace(/[\s_-]/g, '')
}

/** Whether a status in Microsoft's words is Active. */
export function isActive({ status }: Pick<RemoteLead, 'status'>): boolean {
  return foldStatus(status) === 'active'
}

/** null: no license and no channel; 0: licensed without channel; else the channel. Source: design/decisions.md. */
export function ovocChannelIdOf(local: LocalFacts): number | null {
  if (local.channelId !== null) return local.channelId
  return local.umpCustomerGuid === null ? null : 0
}

/**
 * What a search can find a lead by, as `searchKey` spells it: company, contacts, mails, phone digits, tenant id. The name of
 * its channel is looked for in the channel (`leads_in_channels_named`), so that a channel can be renamed.
 */
export function searchTextOf(remote: RemoteLead): string {
  const words = new Set<string>([remote.tenantId])
  addWords(words, remote.contactDetails)
  // Nearly always the first of them is the same once more.
  for (const contact of remote.contacts ?? []) {
    if (!isSameContact(contact, remote.contactDetails)) addWords(words, contact)
  }
  return joinSearchKeys(Array.from(words, foldSearch))
}

/** Digits of a search that is written as a telephone number; undefined: it is none, or is digits alone already. */
export function phoneDigitsOf(search: string | undefined): string | undefined {
  if (search === undefined || !/^[\d\s+().\-/]+$/.test(search)) return undefined
  const digits = search.replace(/\D/g, '')
  return digits.length >= PHONE_DIGITS_MIN && digits !== search ? digits : undefined
}

/** Fewer stand in too many numbers, dates and references to mean one. */
const PHONE_DIGITS_MIN = 4

/** Nearly every text is of these alone, and then there is nothing to look for in it. */
const PRINTABLE_ASCII = /^[ -~]*$/

/** Text as search compares it: one line, composed letters, lower case. */
export function foldSearch(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text.toLowerCase()
  return plain(text).normalize('NFC').toLowerCase()
}

/** Text without control characters, for columns; the wire text keeps them escaped. */
export function plain(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ').toWellFormed()
}

function addWords(words: Set<string>, { companyName, fullName, email, phoneNumber }: WireLeadContact): void {
  const digits = phoneNumber?.replace(/\D/g, '') ?? ''
  for (const word of [companyName, fullName, email, phoneNumber]) if (word) words.add(word)
  if (digits !== '' && !phoneNumber?.includes(digits)) words.add(digits)
}

function isSameContact(one: WireLeadContact, other: WireLeadContact): boolean {
  return (
    one.companyName === other.companyName &&
    one.fullName === other.fullName &&
    one.email === other.email &&
    one.phoneNumber === other.phoneNumber
  )
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
}

export type ListingVerdict = { trusted: true } | { trusted: false; reason: string }

/** Known consented leads that a complete listing may lack before it counts as shrunk rather than as removals. */
const SHRUNK_RECORDS = 20
const SHRUNK_SHARE = 0.02
/** Below this number a share says nothing: a carrier with ten leads may lose two. */
const SHRUNK_LEAST = 3

/**
 * Whether leads that a complete listing lacks may be taken for removals.
 * More than 2 % or 20 records at once is a listing that shrank, not customers that left: nothing is removed then.
 */
export function judgeAbsence(known: number, missing: number): ListingVerdict {
  const tooMany = missing > SHRUNK_RECORDS || (missing >= SHRUNK_LEAST && missing > known * SHRUNK_SHARE)
  if (!tooMany) return { trusted: true }
  return {
    trusted: false,
    reason: `Microsoft listed ${known - missing} of ${known} known leads: ${missing} are missing at once, so none was removed.`,
  }
}
