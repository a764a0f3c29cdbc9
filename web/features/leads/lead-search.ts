import type { LeadFilter, LeadSort } from '../../api/leads.ts'
import { CHOSEN_LEADS_MAX } from '../../paths.ts'
import { isDateChoice, rangeOf } from '../../ui/date-choice.ts'
import { Watched } from '../../ui/watched.ts'

/** The state of the list as it stands in the address; what is not there has its default. */
export type LeadSearch = {
  q?: string
  /** Ids of chosen leads, separated by commas: only these. */
  leads?: string
  /** Days of consent: see DateChoice. */
  consented?: string
  modified?: string
  /** Words of Microsoft, separated by commas: new ones may come any day. */
  status?: string
  license?: string
  processing?: string
  /** Two letters each, separated by commas. */
  country?: string
  /** Number of a channel; `none`: in none. */
  channel?: string
  /** Archived leads; left out: hidden. */
  archived?: string
  /** Id of a person, me, none, or left: of nobody since its owner left. */
  owner?: string
  /** `true`: only overdue ones. */
  overdue?: string
  sort?: string
  /** Id of the saved view that was chosen, whatever was changed since; `all`: none, although one begins with one. */
  view?: string
  /** What of the panel is shown. */
  part?: string
}

const GUID = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}'

/** The API takes no longer ones. */
export const SEARCH_LENGTH_MAX = 200
export const licenses = ['none', 'OC Essential', 'OC Essentials Plus', 'OC Pro'] as const
export const processings = ['Updating', 'Success', 'Failed'] as const
export const statuses = ['Active', 'NotActive', 'Suspended', 'Removed'] as const
export const DEFAULT_SORT = '-consentedOn'
const sorts: readonly string[] = ['consentedOn', 'lastModifiedOn', 'companyName', 'companySize'].flatMap((key) => [
  key,
  `-${key}`,
])
export const parts = ['details', 'status', 'comments', 'mails', 'addresses', 'history'] as const
export type Part = (typeof parts)[number]

/** Instead of the id of a view: the list as it is without one. */
export const NO_VIEW = 'all'

/** Instead of the number of a channel: leads that are in none. */
export const NO_CHANNEL = 'none'

const CHOSEN_LEADS = new RegExp(`^${GUID}(,${GUID}){0,${CHOSEN_LEADS_MAX - 1}}$`)

const checks: Record<string, (text: string) => boolean> = {
  q: () => true,
  leads: (text) => CHOSEN_LEADS.test(text),
  consented: isDateChoice,
  modified: isDateChoice,
  status: (text) => /^[\p{L}\p{N} _-]{1,60}(,[\p{L}\p{N} _-]{1,60}){0,19}$/u.test(text),
  license: (text) => text.split(',').every((one) => (licenses as readonly string[]).includes(one)),
  processing: (text) => text.split(',').every((one) => (processings as readonly string[]).includes(one)),
  country: (text) => /^[A-Za-z]{2}(,[A-Za-z]{2}){0,19}$/.test(text),
  channel: (text) => text === NO_CHANNEL || /^[1-9]\d{0,8}$/.test(text),
  archived: (text) => text === 'only' || text === 'include',
  owner: (text) => /^(me|none|left|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12})$/.test(text),
  overdue: (text) => text === 'true',
  sort: (text) => sorts.includes(text),
  view: (text) => text === NO_VIEW || /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text),
  part: (text) => (parts as readonly string[]).includes(text),
}

/**
 * Names of filters in the last address that mean nothing. Beside the address, because it is written anew without them
 * before the page sees it.
 */
export const ignoredFilters = new Watched('')

/** Whether the search was longer than the API takes, and is only its beginning now. */
export const isSearchCut = new Watched(false)

/** A search as the API takes it. */
export function cutSearch(text: string): string {
  isSearchCut.set(text.length > SEARCH_LENGTH_MAX)
  return text.slice(0, SEARCH_LENGTH_MAX)
}

/** Reads the query of the address. Filters that no longer exist are left out and named, so that nothing is shown wrongly. */
export function readLeadSearch(raw: Record<string, unknown>): LeadSearch {
  const { known, ignored } = sortedOut(raw)
  if (ignored.length > 0) ignoredFilters.set(ignored.join(', '))
  return known
}

/** What of a query means something here, and the names of what does not. */
export function sortedOut(raw: Record<string, unknown>): { known: LeadSearch; ignored: string[] } {
  const known: Record<string, string> = {}
  const ignored: string[] = []
  for (const [name, value] of Object.entries(raw)) {
    if (typeof value !== 'string' || value === '') continue
    if (checks[name]?.(value)) known[name] = name === 'q' && value.length > SEARCH_LENGTH_MAX ? cutSearch(value) : value
    else ignored.push(name)
  }
  return { known, ignored }
}

/** The search as the API takes it. Days become instants in the user's time zone. */
export function filterOf(search: LeadSearch, licensed: boolean, now: number): LeadFilter {
  const consented = rangeOf(search.consented, now)
  const modified = rangeOf(search.modified, now)
  const entries = {
    q: search.q?.trim() || undefined,
    leadIds: search.leads,
    status: search.status,
    license: search.license,
    processing: search.processing,
    country: search.country,
    channelId: search.channel === undefined ? undefined : search.channel === NO_CHANNEL ? 0 : Number(search.channel),
    archived: search.archived,
    owner: search.owner,
    overdue: search.overdue === 'true' ? true : undefined,
    consentedSince: consented.since?.toISOString(),
    consentedBefore: consented.before?.toISOString(),
    modifiedSince: modified.since?.toISOString(),
    modifiedBefore: modified.before?.toISOString(),
  }
  const given = Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined))
  return { licensed, ...given, sort: (search.sort ?? DEFAULT_SORT) as LeadSort }
}

/** Whether anything narrows the list. */
export function isNarrowed({
  q,
  leads,
  consented,
  modified,
  status,
  license,
  processing,
  archived,
  country,
  channel,
  owner,
  overdue,
}: LeadSearch): boolean {
  const others = [leads, consented, modified, status, license, processing, archived, country, channel, owner, overdue]
  return [q?.trim(), ...others].some((value) => value)
}

/** The narrowing removed, order and view kept. */
export function withoutFilters({ sort, view }: LeadSearch): LeadSearch {
  return { ...(sort !== undefined && { sort }), ...(view !== undefined && { view }) }
}
