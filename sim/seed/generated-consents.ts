import type { CivicAddressRecord, ConsentContact, ConsentRecord, CustomerRelationship } from '../consent-record.ts'
import { guidOf, ordinalOfGuid } from './guid.ts'
import { mix, Random } from './random.ts'
import { AWKWARD_COMPANIES, REGIONS, type Region } from './regions.ts'
import { formatTimestamp } from './timestamp.ts'

const DAY_MS = 86_400_000
const SPAN_DAYS = 3 * 365
const ADDRESS_SHARE = 0.2

const SIZES = [
  'L2_U4',
  'L5_U9',
  'L10_U24',
  'L25_U49',
  'L50_U249',
  'L50_U249',
  'L250_U999',
  'L1000_U2999',
  'L3000_UInfinity',
] as const
const RELATIONSHIPS = [
  'ConsentAcknowledged',
  'CustomerContacted',
  'AgreementSigned',
  'AgreementSigned',
  'ConsentDeclined',
  'ContractTerminated',
] as const

export interface ConsentGenerator {
  /** The consent of one ordinal, as it was before any change. */
  consent(ordinal: number): ConsentRecord
  addresses(ordinal: number): CivicAddressRecord[]
  ordinalOfTenant(tenantId: string): number | undefined
  ordinalOfConsent(id: string): number | undefined
  ordinalOfDomain(domain: string): number | undefined
}

/**
 * Every consent is a pure function of (seed, operator, ordinal, epoch): nothing is stored.
 *
 * @param seed number from LEADLINE_SIM_SEED
 * @param tag one letter that keeps the mail domains of two operators apart
 * @param epochMs end of the three years over which consents are spread
 */
export function makeConsentGenerator(seed: number, tag: string, operatorId: string, epochMs: number): ConsentGenerator {
  const base = mix(seed, tag.charCodeAt(0))
  const keys = { consent: mix(base, 1), tenant: mix(base, 2), content: mix(base, 3), address: mix(base, 4) }
  const regionOf = (ordinal: number) => pickRegion(mix(keys.content, ordinal))

  return {
    consent(ordinal) {
      const random = new Random(mix(keys.content, ordinal))
      const region = regionOf(ordinal)
      random.uint32()
      const company = makeCompany(random, region)
      const domain = `${company.slug}-${tag}${ordinal.toString(36)}.example`
      const contacts = makeContacts(random, region, company.name, domain)
      const status = pickStatus(random)
      const dates = makeDates(random, epochMs, status)
      return {
        Id: guidOf(ordinal, keys.consent),
        TenantId: guidOf(ordinal, keys.tenant),
        TenantOrigin: random.chance(0.7) ? 'Office365' : null,
        OperatorId: operatorId,
        Status: status,
        ConsentedOn: dates.consentedOn,
        LastModifiedOn: dates.lastModifiedOn,
        ConsentedCountries: makeCountries(random, region),
        Contacts: contacts,
        ContactDetails: contacts[0] ?? null,
        CustomerRelationship: makeRelationship(random, dates.lastModifiedOn),
        ProductContext: 'teams',
      }
    },
    addresses(ordinal) {
      const random = new Random(mix(keys.address, ordinal))
      if (!random.chance(ADDRESS_SHARE)) return []
      const company = makeCompany(skipped(new Random(mix(keys.content, ordinal))), regionOf(ordinal)).name
      const tenantId = guidOf(ordinal, keys.tenant)
      const count = 1 + random.below(3)
      return Array.from({ length: count }, (_, i) =>
        makeAddress(random, regionOf(ordinal), company, tenantId, ordinal * 16 + i * 4, keys.address),
      )
    },
    ordinalOfTenant: (tenantId) => ordinalOfGuid(tenantId, keys.tenant),
    ordinalOfConsent: (id) => ordinalOfGuid(id, keys.consent),
    ordinalOfDomain(domain) {
      const found = new RegExp(`-${tag}([0-9a-z]{1,6})\\.example$`).exec(domain)
      return found?.[1] === undefined ? undefined : Number.parseInt(found[1], 36)
    },
  }
}

/** The company name is drawn first after one number that chose the region, in both places that need it. */
function skipped(random: Random): Random {
  random.uint32()
  return random
}

function pickRegion(hash: number): Region {
  return REGIONS[hash % REGIONS.length] ?? REGIONS[0]
}

function makeCompany(random: Random, region: Region): { name: string; slug: string } {
  if (random.chance(0.02)) return { name: random.pick(AWKWARD_COMPANIES), slug: 'company' }
  const word = random.pick(region.companyWords)
  const kind = random.pick(region.companyKinds)
  const form = random.pick(region.legalForms)
  const family = random.chance(0.35) ? `${random.pick(region.lastNames)} ` : ''
  return { name: `${family}${word} ${kind} ${form}`, slug: `${slugOf(word)}-${slugOf(kind)}` }
}

/** Slugs of the words of regions.ts, which are few: the normalisation is the dearest step of a consent. */
const slugs = new Map<string, string>()

function slugOf(text: string): string {
  const known = slugs.get(text)
  if (known !== undefined) return known
  const slug = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/ł/g, 'l')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  const usable = slug === '' ? 'it' : slug
  slugs.set(text, usable)
  return usable
}

function makeContacts(random: Random, region: Region, company: string, domain: string): ConsentContact[] {
  const size = random.pick(SIZES)
  const count = random.chance(0.15) ? 2 : 1
  return Array.from({ length: count }, () => {
    const first = random.pick(region.firstNames)
    const last = random.pick(region.lastNames)
    return {
      FullName: `${first} ${last}`,
      Email: `${slugOf(first)}.${slugOf(last)}@${domain}`,
      PhoneNumber: random.chance(0.12) ? null : `${region.phonePrefix}${String(random.below(10_000)).padStart(4, '0')}`,
      CompanyName: company,
      CompanySize: size,
    }
  })
}

function pickStatus(random: Random): string {
  const draw = random.fraction()
  if (draw < 0.88) return 'Active'
  if (draw < 0.91) return 'NotActive'
  return draw < 0.95 ? 'Suspended' : 'Removed'
}

function makeDates(random: Random, epochMs: number, status: string): { consentedOn: string; lastModifiedOn: string } {
  const ageMs = 3_600_000 + Math.floor(random.fraction() * SPAN_DAYS * DAY_MS)
  const ticks = random.below(10_000)
  const consentedOn = formatTimestamp(epochMs - ageMs, ticks)
  if (status === 'Active' && random.chance(0.6)) return { consentedOn, lastModifiedOn: consentedOn }
  const modifiedAgeMs = Math.floor(ageMs * random.fraction())
  return { consentedOn, lastModifiedOn: formatTimestamp(epochMs - modifiedAgeMs, random.below(10_000)) }
}

function makeCountries(random: Random, region: Region): string[] {
  const countries = new Set([region.country])
  const extra = random.below(4) - 1
  for (let i = 0; i < extra; i++) countries.add(random.pick(region.neighbors))
  return [...countries]
}

function makeRelationship(random: Random, modifiedOn: string): CustomerRelationship | null {
  if (random.chance(0.4)) return null
  const status = random.pick(RELATIONSHIPS)
  const needsReason = status === 'ConsentDeclined' || status === 'ContractTerminated'
  return { Status: status, Comment: needsReason ? 'Agreed on the telephone' : '', LastModifiedOn: modifiedOn }
}

function makeAddress(
  random: Random,
  region: Region,
  company: string,
  tenantId: string,
  serial: number,
  key: number,
): CivicAddressRecord {
  const [city, state, postalPattern, latitude, longitude] = random.pick(region.cities)
  const id = guidOf(serial, key)
  const description = random.pick(['Head office', 'Warehouse', 'Reception', 'Branch', city])
  const extraFloor = random.chance(0.25)
  const location = (index: number, additionalInfo: string | null) => ({
    Id: guidOf(serial + index, key ^ 0x0c0ffee0),
    CivicAddressId: id,
    Description: description,
    AdditionalInfo: additionalInfo,
    IsDefault: index === 0,
    Elin: null,
  })
  const locations = extraFloor ? [location(0, null), location(1, '2nd floor')] : [location(0, null)]
  return {
    Id: id,
    Country: region.country,
    HouseNumber: String(1 + random.below(240)),
    HouseNumberSuffix: random.chance(0.1) ? random.pick(['A', 'B', 'bis']) : '',
    PreDirectional: '',
    StreetName: random.pick(region.streets),
    StreetSuffix: '',
    PostDirectional: '',
    StateOrProvince: state,
    CountyOrDistrict: '',
    CityOrTown: city,
    CityOrTownAlias: '',
    PostalOrZipCode: fillPattern(random, postalPattern),
    Description: description,
    CompanyName: company,
    CompanyId: '',
    DefaultLocationId: locations[0]?.Id ?? '',
    ValidationStatus: random.chance(0.9) ? 'Validated' : 'NotValidated',
    TenantId: tenantId,
    PartnerId: '00000000-0000-0000-0000-000000000000',
    Locations: locations,
    Latitude: (latitude + random.below(1000) / 20_000).toFixed(5),
    Longitude: (longitude + random.below(1000) / 20_000).toFixed(5),
  }
}

function fillPattern(random: Random, pattern: string): string {
  return pattern.replace(/[#@]/g, (mark) =>
    mark === '#' ? String(random.below(10)) : String.fromCharCode(65 + random.below(26)),
  )
}
