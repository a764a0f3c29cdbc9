import { type CivicAddressRecord, type ConsentRecord, companyNameOf } from './consent-record.ts'
import { FAULT_CATALOGUE, type FaultName, sentinelOf } from './fault-catalogue.ts'
import type { StrikingFault } from './faults.ts'
import { hashText } from './seed/random.ts'

/**
 * A consent as it is sent: false to its type when its company is a sentinel for a record fault.
 * The sentinel holds in listings and in single answers alike.
 */
export function applySentinel(consent: ConsentRecord): unknown {
  const name = sentinelOf(companyNameOf(consent))
  if (name === undefined || FAULT_CATALOGUE[name].kind !== 'record') return consent
  return falsifyConsent(consent, name, hashText(consent.Id) % 8)
}

/** Falsifies `records` of the consents on a page, chosen by the fault's own random numbers. */
export function falsifyPage(values: unknown[], fault: StrikingFault): unknown[] {
  const result = [...values]
  const chosen = new Set<number>()
  const wanted = Math.min(fault.records ?? 1, result.length)
  while (chosen.size < wanted) chosen.add(fault.random.below(result.length))
  let turn = 0
  for (const index of [...chosen].sort((a, b) => a - b)) {
    result[index] = falsifyConsent(result[index] as ConsentRecord, fault.name, fault.digits ?? turn++ % 8)
  }
  return result
}

/** One consent with one fault; a fault that is not about consents leaves it as it is. */
export function falsifyConsent(consent: ConsentRecord, name: FaultName, digits: number): unknown {
  switch (name) {
    case 'unknown-status':
      return { ...consent, Status: 'Quarantined' }
    case 'unknown-company-size':
      return withSize(consent, 'Colossal')
    case 'null-contacts':
      return { ...consent, Contacts: null }
    case 'null-contact-details':
      return { ...consent, ContactDetails: null }
    case 'null-record':
      return null
    case 'malformed-record':
      return { ...consent, TenantId: 'not-a-guid', Status: 17, ConsentedCountries: 'everywhere' }
    case 'country-uk':
      return { ...consent, ConsentedCountries: ['UK', ...consent.ConsentedCountries] }
    case 'unknown-field':
      return { ...consent, SovereignCloud: { Name: 'Atlantis', Ring: 3 } }
    case 'fractional-digits':
      return withDates(consent, (date) => withDigits(date, digits))
    case 'offset-dates':
      return withDates(consent, (date) => date.replace(/Z$/, '+00:00'))
    default:
      return consent
  }
}

/** The address list with one fault; a fault that is not about addresses leaves it as it is. */
export function falsifyAddresses(addresses: CivicAddressRecord[] | null, name: FaultName): unknown {
  switch (name) {
    case 'null-addresses':
      return null
    case 'null-locations':
      return (addresses ?? []).map((address) => ({ ...address, Locations: null, StreetName: null, CompanyName: null }))
    case 'is-default-text':
      return withIsDefault(addresses, String)
    case 'is-default-boolean':
      return withIsDefault(addresses, (value) => String(value) === 'true')
    default:
      return addresses
  }
}

function withIsDefault(addresses: CivicAddressRecord[] | null, convert: (value: boolean | string) => boolean | string) {
  return (addresses ?? []).map((address) => ({
    ...address,
    Locations: address.Locations.map((location) => ({ ...location, IsDefault: convert(location.IsDefault) })),
  }))
}

function withSize(consent: ConsentRecord, size: string): ConsentRecord {
  const details = consent.ContactDetails && { ...consent.ContactDetails, CompanySize: size }
  const contacts = consent.Contacts?.map((contact) => ({ ...contact, CompanySize: size })) ?? null
  return { ...consent, ContactDetails: details, Contacts: contacts }
}

function withDates(consent: ConsentRecord, rewrite: (date: string) => string): ConsentRecord {
  return { ...consent, ConsentedOn: rewrite(consent.ConsentedOn), LastModifiedOn: rewrite(consent.LastModifiedOn) }
}

/** The same second with another number of fractional digits; padded with zeros or cut. */
function withDigits(date: string, digits: number): string {
  const [, second = date, fraction = ''] = /^(.*?:\d\d:\d\d)(?:\.(\d+))?Z$/.exec(date) ?? []
  return digits === 0 ? `${second}Z` : `${second}.${fraction.padEnd(7, '0').slice(0, digits)}Z`
}
