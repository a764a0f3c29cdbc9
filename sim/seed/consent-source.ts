import type { ConsentSource } from '../consent-source.ts'
import { firstAddresses, firstConsents } from './first-consents.ts'
import { makeConsentGenerator } from './generated-consents.ts'
import type { OperatorSeed } from './operators.ts'

export const FABRIKAM_LEADS = 120

/**
 * What an operator's listing holds before anybody changes anything.
 *
 * Northwind begins with the eleven hand-written consents, the rest is generated; Fabrikam is all generated.
 *
 * @param count consents in all; below eleven, Northwind's list is cut short
 */
export function makeConsentSource(operator: OperatorSeed, seed: number, count: number, epochMs: number): ConsentSource {
  const first = operator.key === 'northwind' ? firstConsents().slice(0, count) : []
  const addressesByTenant = operator.key === 'northwind' ? firstAddresses() : new Map()
  const generator = makeConsentGenerator(seed, operator.key.charAt(0), operator.operatorId, epochMs)
  const generatedOrdinal = (ordinal: number | undefined) =>
    ordinal !== undefined && ordinal >= first.length && ordinal < count ? ordinal : undefined
  const firstOrdinal = (matches: (index: number) => boolean) => {
    const index = first.findIndex((_, i) => matches(i))
    return index < 0 ? undefined : index
  }

  return {
    count,
    consent(ordinal) {
      const written = first[ordinal]
      return written === undefined ? generator.consent(ordinal) : structuredClone(written)
    },
    addresses(ordinal) {
      const written = first[ordinal]
      return written === undefined ? generator.addresses(ordinal) : (addressesByTenant.get(written.TenantId) ?? [])
    },
    ordinalOfTenant: (tenantId) =>
      firstOrdinal((i) => first[i]?.TenantId === tenantId) ?? generatedOrdinal(generator.ordinalOfTenant(tenantId)),
    ordinalOfConsent: (id) =>
      firstOrdinal((i) => first[i]?.Id === id) ?? generatedOrdinal(generator.ordinalOfConsent(id)),
    ordinalOfDomain(domain) {
      const written = firstOrdinal((i) => first[i]?.Contacts?.[0]?.Email?.endsWith(`@${domain}`) === true)
      if (written !== undefined) return written
      const ordinal = generatedOrdinal(generator.ordinalOfDomain(domain))
      if (ordinal === undefined) return undefined
      return generator.consent(ordinal).Contacts?.[0]?.Email?.endsWith(`@${domain}`) ? ordinal : undefined
    },
  }
}
