import type { WireCivicAddress } from '../../../contract/leads.ts'
import { type LocalFacts, ovocChannelIdOf, type RemoteLead } from './lead.rules.ts'

/**
 * The lead as the documented API sends it, as ready JSON text: every key, in the documented order.
 * The only place that knows this order; run in each transaction that changes the lead.
 * Source: rest-api.md 2.1, design/decisions.md "Wire text".
 */
export function leadText(remote: RemoteLead, local: LocalFacts, civicAddresses: string | null): string {
  return (
    `{"civicAddresses":${civicAddresses ?? 'null'},` +
    `"comments":${json(local.comments)},` +
    `"umpCustomerGuid":${json(local.umpCustomerGuid)},` +
    `"isNotActive":${json(local.isNotActive)},` +
    `"channelId":null,` +
    `"ovocChannelId":${json(ovocChannelIdOf(local))},` +
    `"isDirectLead":${json(remote.isDirectLead)},` +
    `"id":${json(remote.id)},` +
    `"tenantId":${json(remote.tenantId)},` +
    `"tenantOrigin":${json(remote.tenantOrigin)},` +
    `"operatorId":${json(remote.operatorId)},` +
    `"status":${json(remote.status)},` +
    `"consentedOn":${json(remote.consentedOn)},` +
    `"lastModifiedOn":${json(remote.lastModifiedOn)},` +
    `"consentedCountries":${json(remote.consentedCountries)},` +
    `"contactDetails":${json(remote.contactDetails)},` +
    `"contacts":${json(remote.contacts)}}`
  )
}

/** Civic addresses as the JSON text that is stored and spliced into the lead's text. */
export function addressesText(addresses: WireCivicAddress[]): string {
  return JSON.stringify(addresses)
}

const json = (value: unknown): string => JSON.stringify(value)
