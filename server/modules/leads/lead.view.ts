import type { WireCivicAddress, WireLead } from '../../../contract/leads.ts'
import { type LocalFacts, ovocChannelIdOf, type RemoteLead } from './lead.rules.ts'
import { wireComments } from './lead-comment.rules.ts'

/**
 * The lead as the documented API sends it, as ready JSON text: every key, in the documented order.
 * The only place that knows this order; run in each transaction that changes the lead.
 * Source: rest-api.md 2.1, design/decisions.md "Wire text".
 */
export function leadText(remote: RemoteLead, local: LocalFacts, civicAddresses: string | null): string {
  const rest = databaseJson({
    comments: wireComments(local.comments, local.channelId) as WireLead['comments'],
    umpCustomerGuid: local.umpCustomerGuid,
    isNotActive: local.isNotActive,
    channelId: null,
    ovocChannelId: ovocChannelIdOf(local),
    isDirectLead: remote.isDirectLead,
    id: remote.id,
    tenantId: remote.tenantId,
    tenantOrigin: remote.tenantOrigin,
    operatorId: remote.operatorId,
    status: remote.status,
    consentedOn: remote.consentedOn,
    lastModifiedOn: remote.lastModifiedOn,
    consentedCountries: remote.consentedCountries,
    contactDetails: remote.contactDetails,
    contacts: remote.contacts,
  } satisfies Omit<WireLead, 'civicAddresses'>)
  return `{"civicAddresses":${civicAddresses ?? 'null'},${rest.slice(1)}`
}

/** Civic addresses as the JSON text that is stored and spliced into the lead's text. */
export function addressesText(addresses: WireCivicAddress[]): string {
  return databaseJson(addresses)
}

/** JSON that PostgreSQL reads too: it knows neither U+0000 nor half a surrogate pair, not even escaped. */
function databaseJson(value: unknown): string {
  const text = JSON.stringify(value)
  if (!text.includes('\\u') || !/\\u(0000|d[89a-f])/.test(text)) return text
  // Escapes are taken pair by pair, so that an escaped backslash before a `u` stays one.
  return text.replace(/\\(u0000|ud[89a-f][0-9a-f]{2}|.)/g, (sequence, kind: string) =>
    kind.length > 1 ? '\\ufffd' : sequence,
  )
}

/** What Microsoft said of a lead, read back from its text and from what has no place in it. */
export function remoteOf(body: string, extras: string | null): RemoteLead {
  return remoteIn(JSON.parse(body) as WireLead, extras)
}

/** As `remoteOf`, of a text that was parsed already. */
export function remoteIn(lead: WireLead, extras: string | null): RemoteLead {
  return {
    id: lead.id,
    tenantId: lead.tenantId,
    tenantOrigin: lead.tenantOrigin,
    operatorId: lead.operatorId,
    status: lead.status,
    consentedOn: lead.consentedOn,
    lastModifiedOn: lead.lastModifiedOn,
    consentedCountries: lead.consentedCountries,
    contactDetails: lead.contactDetails,
    contacts: lead.contacts,
    isDirectLead: lead.isDirectLead,
    extras: extras === null ? {} : (JSON.parse(extras) as Record<string, unknown>),
  }
}
