import { isGuid } from '../kernel/ids.ts'
import type { Extra } from './read-consent.ts'
import { fieldNames, isPlainObject, knownWord, knownWords, RecordReader } from './read-fields.ts'

export type WireLocation = {
  id: string
  civicAddressId: string
  description: string
  additionalInfo: string | null
  isDefault: boolean
  elin: string | null
  extra: Extra
}

/** A civic address as Microsoft told it; empty parts are "", never null. Source: microsoft.md A.9, rest-api.md 2.2. */
export type WireCivicAddress = Record<AddressPart, string> & { id: string; locations: WireLocation[]; extra: Extra }

type AddressPart = (typeof ADDRESS_PARTS)[number]

export type CivicAddressReading =
  | { ok: true; address: WireCivicAddress; warnings: string[] }
  | { ok: false; reason: string }

const ADDRESS_PARTS = [
  'country',
  'houseNumber',
  'houseNumberSuffix',
  'preDirectional',
  'streetName',
  'streetSuffix',
  'postDirectional',
  'stateOrProvince',
  'countyOrDistrict',
  'cityOrTown',
  'cityOrTownAlias',
  'postalOrZipCode',
  'description',
  'companyName',
  'companyId',
  'defaultLocationId',
  'validationStatus',
  'tenantId',
  'partnerId',
] as const

const ID_PARTS: ReadonlySet<AddressPart> = new Set(['defaultLocationId', 'tenantId', 'partnerId'])
const ADDRESS_FIELDS = fieldNames(['id', ...ADDRESS_PARTS, 'locations'], {
  countryOrDistrict: 'countyOrDistrict',
  country_or_district: 'countyOrDistrict',
})
const LOCATION_FIELDS = fieldNames(['id', 'civicAddressId', 'description', 'additionalInfo', 'isDefault', 'elin'])
const VALIDATION_STATUSES = knownWords(['Validated', 'NotValidated', 'Invalid'])

/**
 * Reads one civic address with its locations. Not readable, with a reason, is only what is no object or has no GUID as
 * id; latitude, longitude and whatever else comes along are in `extra`. Never throws.
 */
export function readCivicAddress(record: unknown): CivicAddressReading {
  if (!isPlainObject(record)) return { ok: false, reason: 'the address is not an object' }
  const warnings: string[] = []
  const fields = new RecordReader(record, ADDRESS_FIELDS, warnings)
  const id = fields.guid('id')
  if (id === null) return { ok: false, reason: 'id is not a GUID' }
  const parts = Object.fromEntries(ADDRESS_PARTS.map((name) => [name, readPart(fields, name)])) as Record<
    AddressPart,
    string
  >
  const locations = (fields.objects('locations') ?? []).map((location, index) =>
    readLocation(location, id, `locations[${index}]`, warnings),
  )
  return { ok: true, address: { id, ...parts, locations, extra: fields.extra() }, warnings }
}

function readPart(fields: RecordReader, name: AddressPart): string {
  const text = (ID_PARTS.has(name) ? fields.idText(name) : fields.text(name)) ?? ''
  if (name !== 'validationStatus' || text === '') return text
  const word = knownWord(text, VALIDATION_STATUSES)
  if (word === undefined) fields.warn(name, 'is an unknown word')
  return word ?? text
}

function readLocation(location: object, addressId: string, where: string, warnings: string[]): WireLocation {
  const fields = new RecordReader(location, LOCATION_FIELDS, warnings, where)
  const id = fields.idText('id')
  if (id === null || !isGuid(id)) fields.warn('id', 'is not a GUID')
  const read = {
    id: id ?? '',
    civicAddressId: fields.idText('civicAddressId') || addressId,
    description: fields.text('description') ?? '',
    additionalInfo: fields.text('additionalInfo'),
    isDefault: readFlag(fields, 'isDefault'),
    elin: fields.text('elin'),
  }
  return { ...read, extra: fields.extra() }
}

/** Boolean in the API and its stub, the text "true" or "false" elsewhere. */
function readFlag(fields: RecordReader, name: string): boolean {
  const value = fields.raw(name)
  if (value === null) return false
  if (typeof value === 'boolean') return value
  const text = typeof value === 'string' ? value.trim().toLowerCase() : ''
  if (text !== 'true' && text !== 'false') fields.setAside(name, 'is neither true nor false')
  return text === 'true'
}
