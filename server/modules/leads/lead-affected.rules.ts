import type { AffectedSince, LeadAffected } from '../../../contract/lead-affected.ts'
import type { WireCivicAddress } from '../../../contract/leads.ts'
import { foldStatus, type License } from './lead.rules.ts'

/** What is kept for a lead, as far as a customer's change can hit it. */
export type LeadStakes = {
  status: string
  isDirectLead: boolean
  countries: readonly string[]
  license: License | null
  umpCustomerGuid: string | null
  channelName: string | null
  /** null: never asked for. */
  civicAddresses: readonly Pick<WireCivicAddress, 'country'>[] | null
}

/** A change of a lead that the journal kept, the newest first in a list. */
export type PastChange = { at: string; before: Record<string, unknown>; after: Record<string, unknown> }

type Thing = LeadAffected['what'][number]

/** What a row tells of it; null: nothing that is kept here is hit. */
export function affectedOf(stakes: LeadStakes): LeadAffected | null {
  const cause = endOf(stakes.status)
  const countries = cause === null ? unconsentedCountries(stakes) : []
  const what = cause === null ? addressesIn(stakes, countries) : everything(stakes)
  return what.length === 0 ? null : { cause: cause ?? 'countries', countries, what }
}

/**
 * What is hit and since when: the end or pause of the relation, and each time that the customer dropped countries which are
 * not back. Told also where nothing of it is kept here.
 */
export function affectedSince(
  stakes: LeadStakes & { lastModifiedOn: string },
  changes: readonly PastChange[],
): AffectedSince[] {
  const affected: AffectedSince[] = []
  const cause = endOf(stakes.status)
  if (cause !== null) {
    const change = changes.find(({ after }) => typeof after.status === 'string' && endOf(after.status) === cause)
    const when = change
      ? { at: change.at, source: 'The journal of this lead' }
      : {
          at: instantOf(stakes.lastModifiedOn),
          source: "Microsoft's date of the last change: it was so before Leadline",
        }
    affected.push({ cause, countries: [], what: everything(stakes), ...when })
  }
  const present = new Set(stakes.countries.map(fold))
  for (const { at, before, after } of changes) {
    const kept = codesOf(after.consentedCountries).map(fold)
    const dropped = codesOf(before.consentedCountries).filter((code) => !kept.includes(fold(code)))
    const countries = dropped.filter((code) => !present.has(fold(code)))
    if (countries.length === 0) continue
    for (const code of countries) present.add(fold(code))
    const what = addressesIn(stakes, countries)
    affected.push({ cause: 'countries', countries, what, at, source: 'The journal of this lead' })
  }
  const told = new Set(affected.flatMap(({ countries }) => countries.map(fold)))
  const untold = unconsentedCountries(stakes).filter((code) => !told.has(fold(code)))
  if (untold.length > 0) {
    const source = 'The addresses and consented countries of this lead; the journal knows no change'
    affected.push({ cause: 'countries', countries: untold, what: addressesIn(stakes, untold), at: null, source })
  }
  return affected
}

function endOf(status: string): 'suspended' | 'removed' | null {
  const folded = foldStatus(status)
  return folded === 'suspended' || folded === 'removed' ? folded : null
}

function everything(stakes: LeadStakes): Thing[] {
  const { license, umpCustomerGuid, channelName, civicAddresses } = stakes
  const things: Thing[] = []
  if (license !== null) things.push({ kind: 'license', text: `License ${license}`, count: 1 })
  if (umpCustomerGuid !== null) things.push({ kind: 'service', text: 'Its service', count: 1 })
  if (channelName !== null) things.push({ kind: 'channel', text: `Channel ${channelName}`, count: 1 })
  const count = civicAddresses?.length ?? 0
  if (count > 0) things.push({ kind: 'addresses', text: addressWords(count), count })
  return things
}

function addressesIn({ civicAddresses }: LeadStakes, countries: readonly string[]): Thing[] {
  const wanted = new Set(countries.map(fold))
  const count = (civicAddresses ?? []).filter(({ country }) => wanted.has(fold(country))).length
  return count === 0 ? [] : [{ kind: 'addresses', text: `${addressWords(count)} in ${countries.join(', ')}`, count }]
}

/** Countries of addresses that the customer does not consent to; nobody consents to any before the first. */
function unconsentedCountries({ isDirectLead, countries, civicAddresses }: LeadStakes): string[] {
  if (isDirectLead) return []
  const consented = new Set(countries.map(fold))
  const others = (civicAddresses ?? []).map(({ country }) => country).filter((code) => !consented.has(fold(code)))
  return [...new Set(others)]
}

function addressWords(count: number): string {
  return count === 1 ? '1 emergency address' : `${count} emergency addresses`
}

function instantOf(text: string): string | null {
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : new Date(at).toISOString()
}

const fold = (code: string) => code.trim().toUpperCase()
const codesOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])
