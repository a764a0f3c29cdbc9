/**
 * Every fault that can be ordered by name: from the control API, from the "Make trouble" panel, and, where a
 * company can carry it, by a consent whose company is called "sentinel: <name>".
 *
 * kind `answer` replaces the reply, `delivery` damages its way, `listing` falsifies a page, `record` falsifies
 * single consents or addresses, `token` is Entra's.
 */

export type Endpoint = 'token' | 'list' | 'one' | 'addresses' | 'relationship' | 'trunks' | 'numbers'
export type FaultKind = 'answer' | 'delivery' | 'listing' | 'record' | 'token'

interface FaultEntry {
  kind: FaultKind
  summary: string
  /** Where the fault strikes when the rule names neither an endpoint nor a path. */
  endpoints: readonly Endpoint[]
}

const API: readonly Endpoint[] = ['list', 'one', 'addresses', 'relationship', 'trunks', 'numbers']
const CONSENTS: readonly Endpoint[] = ['list', 'one']
const LISTING: readonly Endpoint[] = ['list']
const ADDRESSES: readonly Endpoint[] = ['addresses']
const TOKEN: readonly Endpoint[] = ['token']

const CATALOGUE = {
  'throttle-1': { kind: 'answer', endpoints: API, summary: '429 with Retry-After: 1' },
  'throttle-60': { kind: 'answer', endpoints: API, summary: '429 with Retry-After: 60' },
  'throttle-315': { kind: 'answer', endpoints: API, summary: '429 with Retry-After: 315' },
  'throttle-no-header': { kind: 'answer', endpoints: API, summary: '429 without Retry-After' },
  'throttle-date': {
    kind: 'answer',
    endpoints: API,
    summary: '429 with an HTTP date as Retry-After, `seconds` (2) from now',
  },
  'error-500': { kind: 'answer', endpoints: API, summary: '500 with a Microsoft-like error body' },
  'error-503': { kind: 'answer', endpoints: API, summary: '503 with a Microsoft-like error body' },
  'html-page': { kind: 'answer', endpoints: API, summary: '200 with an HTML page, as a proxy on the way might send' },
  unauthorized: { kind: 'answer', endpoints: API, summary: '401 for a token that is still valid' },
  forbidden: { kind: 'answer', endpoints: API, summary: '403 as if the application id were not allow-listed' },
  hang: { kind: 'answer', endpoints: API, summary: 'takes the request and never answers' },
  'reset-connection': { kind: 'answer', endpoints: API, summary: 'resets the connection instead of an answer' },
  slow: { kind: 'delivery', endpoints: API, summary: 'the right answer after `delayMs` (3,000)' },
  'truncated-json': { kind: 'delivery', endpoints: API, summary: '200, well framed, but the JSON text ends half-way' },
  'cut-connection': { kind: 'delivery', endpoints: API, summary: '200 and half of the body, then a reset' },
  'repeated-page': {
    kind: 'listing',
    endpoints: LISTING,
    summary: 'the page before the one asked for, its next link leading to the one asked for; the first page twice',
  },
  'endless-next-link': {
    kind: 'listing',
    endpoints: LISTING,
    summary: 'every page has a next link; past the end the last page comes again and again',
  },
  'next-link-to-itself': { kind: 'listing', endpoints: LISTING, summary: 'the next link leads to the page it is on' },
  'foreign-next-link': { kind: 'listing', endpoints: LISTING, summary: 'the next link leads to another host' },
  'no-next-link': { kind: 'listing', endpoints: LISTING, summary: 'pages come without a next link' },
  'shrunk-listing': {
    kind: 'listing',
    endpoints: LISTING,
    summary: 'the listing ends early: `percent` (50) of it is missing, and TotalCount agrees',
  },
  'empty-listing': { kind: 'listing', endpoints: LISTING, summary: 'no consents at all, TotalCount 0' },
  'total-count-lies': { kind: 'listing', endpoints: LISTING, summary: 'TotalCount is `offset` (7) too high' },
  'unknown-status': { kind: 'record', endpoints: CONSENTS, summary: 'Status "Quarantined"' },
  'unknown-company-size': { kind: 'record', endpoints: CONSENTS, summary: 'CompanySize "Colossal"' },
  'null-contacts': { kind: 'record', endpoints: CONSENTS, summary: 'Contacts null, although consented' },
  'null-contact-details': { kind: 'record', endpoints: CONSENTS, summary: 'ContactDetails null' },
  'null-record': { kind: 'record', endpoints: CONSENTS, summary: 'null in place of the consent' },
  'malformed-record': {
    kind: 'record',
    endpoints: CONSENTS,
    summary: 'TenantId no GUID, Status a number, countries a text',
  },
  'country-uk': { kind: 'record', endpoints: CONSENTS, summary: 'ConsentedCountries holds "UK", which ISO has not' },
  'unknown-field': { kind: 'record', endpoints: CONSENTS, summary: 'a field nobody has seen before' },
  'fractional-digits': {
    kind: 'record',
    endpoints: CONSENTS,
    summary: 'dates with `digits` (0 to 7) fractional digits; without `digits` one more on each record in turn',
  },
  'offset-dates': { kind: 'record', endpoints: CONSENTS, summary: 'dates end in +00:00 instead of Z' },
  'is-default-text': { kind: 'record', endpoints: ADDRESSES, summary: 'IsDefault is "true" or "false"' },
  'is-default-boolean': { kind: 'record', endpoints: ADDRESSES, summary: 'IsDefault is true or false' },
  'null-addresses': { kind: 'record', endpoints: ADDRESSES, summary: 'CivicAddresses null' },
  'null-locations': { kind: 'record', endpoints: ADDRESSES, summary: 'Locations null, texts null' },
  'token-refused': { kind: 'token', endpoints: TOKEN, summary: '401 invalid_client, AADSTS7000215' },
  'token-secret-expired': { kind: 'token', endpoints: TOKEN, summary: '401 invalid_client, AADSTS7000222' },
  'token-unavailable': { kind: 'token', endpoints: TOKEN, summary: '503 temporarily_unavailable, AADSTS90033' },
  'token-expired-already': { kind: 'token', endpoints: TOKEN, summary: 'the token handed out has expired' },
} as const satisfies Record<string, FaultEntry>

export type FaultName = keyof typeof CATALOGUE

export const FAULT_CATALOGUE: Readonly<Record<FaultName, FaultEntry>> = CATALOGUE

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(CATALOGUE, name)
}

const SENTINEL = /^sentinel:\s*([a-z0-9-]+)/i

/** The fault that a company's name asks for, or undefined. */
export function sentinelOf(companyName: string): FaultName | undefined {
  const name = SENTINEL.exec(companyName)?.[1]?.toLowerCase()
  return name !== undefined && isFaultName(name) ? name : undefined
}
