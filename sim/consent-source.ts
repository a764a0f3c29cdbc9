import type { CivicAddressRecord, ConsentRecord } from './consent-record.ts'

/** Where the consents come from that nobody has changed: hand-written ones first, then generated ones. */
export interface ConsentSource {
  count: number
  consent(ordinal: number): ConsentRecord
  addresses(ordinal: number): CivicAddressRecord[]
  ordinalOfTenant(tenantId: string): number | undefined
  ordinalOfConsent(id: string): number | undefined
  ordinalOfDomain(domain: string): number | undefined
}
