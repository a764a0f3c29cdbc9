import type { Extra } from './read-consent.ts'
import { fieldNames, isPlainObject, RecordReader } from './read-fields.ts'

export type WireTrunk = {
  id: string
  /** In small letters, without a dot at the end. */
  fqdn: string
}

/** A calling profile as Microsoft told it. Source: microsoft.md A.5. */
export type WireCallingProfile = {
  id: string
  name: string
  environment: string | null
  region: string | null
  carrier: string | null
  offerTypes: { name: string; testNumbers: string[] }[]
  emergencyDialStrings: string[]
  isEmergencyProfile: boolean
  emergencyProfileId: string | null
  trunks: WireTrunk[]
  extra: Extra
}

export type CallingProfileReading =
  | { ok: true; profile: WireCallingProfile; warnings: string[] }
  | { ok: false; reason: string }

const FIELDS = fieldNames(
  [
    ...['callingProfileId', 'name', 'environment', 'region', 'carrier', 'offerTypes', 'emergencyDialStrings'],
    ...['isEmergencyProfile', 'emergencyProfileId', 'trunksEnrolled'],
  ],
  // As it is misspelt on the wire.
  { enviroment: 'environment', id: 'callingProfileId', trunks: 'trunksEnrolled' },
)
const OFFER_FIELDS = fieldNames(['offerTypeName', 'testNumbers'], { name: 'offerTypeName' })
const TRUNK_FIELDS = fieldNames(['trunkFqdn', 'trunkId'], { fqdn: 'trunkFqdn', id: 'trunkId' })

/**
 * Reads one calling profile. Not readable, with a reason, is only what is no object or has no GUID as its id; what is not
 * known is in `extra`. Never throws.
 */
export function readCallingProfile(record: unknown): CallingProfileReading {
  if (!isPlainObject(record)) return { ok: false, reason: 'the calling profile is not an object' }
  const warnings: string[] = []
  const fields = new RecordReader(record, FIELDS, warnings)
  const id = fields.guid('callingProfileId')
  if (id === null) return { ok: false, reason: 'callingProfileId is not a GUID' }
  const profile: WireCallingProfile = {
    id,
    name: fields.text('name') ?? '',
    ...{ environment: fields.text('environment'), region: fields.text('region'), carrier: fields.text('carrier') },
    offerTypes: (fields.objects('offerTypes') ?? []).map((offer, at) =>
      readOffer(offer, `offerTypes[${at}]`, warnings),
    ),
    emergencyDialStrings: fields.texts('emergencyDialStrings'),
    isEmergencyProfile: fields.raw('isEmergencyProfile') === true || fields.raw('isEmergencyProfile') === 'true',
    emergencyProfileId: fields.idText('emergencyProfileId'),
    trunks: (fields.objects('trunksEnrolled') ?? []).flatMap((trunk, at) =>
      readTrunk(trunk, `trunksEnrolled[${at}]`, warnings),
    ),
    extra: fields.extra(),
  }
  return { ok: true, profile, warnings }
}

function readOffer(offer: object, where: string, warnings: string[]): WireCallingProfile['offerTypes'][number] {
  const fields = new RecordReader(offer, OFFER_FIELDS, warnings, where)
  return { name: fields.text('offerTypeName') ?? '', testNumbers: fields.texts('testNumbers') }
}

/** A trunk is known by its name: one without a name is nobody's. */
function readTrunk(trunk: object, where: string, warnings: string[]): WireTrunk[] {
  const fields = new RecordReader(trunk, TRUNK_FIELDS, warnings, where)
  const fqdn = (fields.text('trunkFqdn') ?? '').trim().toLowerCase().replace(/\.$/, '')
  if (fqdn === '') fields.warn('trunkFqdn', 'is missing')
  return fqdn === '' ? [] : [{ id: fields.idText('trunkId') ?? '', fqdn }]
}
