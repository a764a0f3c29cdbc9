import { fieldNames, isPlainObject, type KnownWords, knownWord, knownWords, RecordReader } from './read-fields.ts'
import { isWireDate } from './wire-date.ts'

/** Fields that Microsoft sends beyond the known ones, and values that a known field cannot hold; under their own names. */
export type Extra = Record<string, unknown>

export type WireContact = {
  fullName: string | null
  email: string | null
  phoneNumber: string | null
  companyName: string | null
  companySize: string | null
  extra: Extra
}

export type WireRelationship = {
  status: string | null
  comment: string | null
  lastModifiedOn: string | null
  extra: Extra
}

/** A consent as Microsoft told it. Ids in lower case, dates as written, unknown words as they are. Source: microsoft.md A.4. */
export type WireConsent = {
  id: string
  tenantId: string
  tenantOrigin: string | null
  /** Null on a direct (consentless) lead. */
  operatorId: string | null
  /** `Active`, `NotActive`, `Suspended`, `Removed`, or whatever Microsoft comes up with. */
  status: string
  consentedOn: string
  lastModifiedOn: string
  /** Mostly ISO-3166 alpha-2, but "UK" and others occur. */
  consentedCountries: string[]
  contacts: WireContact[] | null
  /** The older form of one contact. */
  contactDetails: WireContact | null
  customerRelationship: WireRelationship | null
  productContext: string | null
  extra: Extra
}

export type ConsentReading = { ok: true; consent: WireConsent; warnings: string[] } | { ok: false; reason: string }

const CONSENT_FIELDS = fieldNames([
  'id',
  'tenantId',
  'tenantOrigin',
  'operatorId',
  'status',
  'consentedOn',
  'lastModifiedOn',
  'consentedCountries',
  'contacts',
  'contactDetails',
  'customerRelationship',
  'productContext',
])
const CONTACT_FIELDS = fieldNames(['fullName', 'email', 'phoneNumber', 'companyName', 'companySize'], {
  telephoneNumber: 'phoneNumber',
})
const RELATIONSHIP_FIELDS = fieldNames(['status', 'comment', 'lastModifiedOn'])

const STATUSES = knownWords(['Active', 'NotActive', 'Suspended', 'Removed'])
const RELATIONSHIP_STATUSES = knownWords([
  'ConsentAcknowledged',
  'CustomerContacted',
  'AgreementSigned',
  'ConsentDeclined',
  'ContractTerminated',
])
const COMPANY_SIZE = /^L\d+_U(\d+|Infinity)$/

/**
 * Reads one record of the consent list. Tolerant: unusual values are kept and named in `warnings`. Not readable, with a
 * reason that names the field, is only a record without which a lead cannot be kept: no object, no GUID as id or tenant,
 * no status, no valid date. A missing lastModifiedOn is taken from consentedOn. Never throws.
 */
export function readConsent(record: unknown): ConsentReading {
  if (!isPlainObject(record)) return { ok: false, reason: `the record is ${describe(record)} and not an object` }
  const warnings: string[] = []
  const fields = new RecordReader(record, CONSENT_FIELDS, warnings)

  const id = fields.guid('id')
  if (id === null) return { ok: false, reason: 'id is not a GUID' }
  const tenantId = fields.guid('tenantId')
  if (tenantId === null) return { ok: false, reason: 'tenantId is not a GUID' }
  const operatorId = fields.guid('operatorId')
  if (operatorId === null && !isEmpty(fields.raw('operatorId')))
    return { ok: false, reason: 'operatorId is not a GUID' }
  const status = fields.text('status')
  if (status === null || status.trim() === '') return { ok: false, reason: 'status is missing' }
  const consentedOn = fields.text('consentedOn')
  if (consentedOn === null || !isWireDate(consentedOn)) return { ok: false, reason: 'consentedOn is not a valid date' }
  const modifiedOn = fields.text('lastModifiedOn')
  if (modifiedOn === null) fields.warn('lastModifiedOn', 'is missing; consentedOn stands in for it')
  const lastModifiedOn = modifiedOn ?? consentedOn
  if (!isWireDate(lastModifiedOn)) return { ok: false, reason: 'lastModifiedOn is not a valid date' }

  const consent = {
    id,
    tenantId,
    tenantOrigin: fields.text('tenantOrigin'),
    operatorId,
    status: expectedWord(fields, 'status', status, STATUSES),
    consentedOn,
    lastModifiedOn,
    consentedCountries: fields.texts('consentedCountries'),
    contacts: readContacts(fields.objects('contacts'), warnings),
    contactDetails: readOptional(fields.object('contactDetails'), (contact) =>
      readContact(contact, 'contactDetails', warnings),
    ),
    customerRelationship: readOptional(fields.object('customerRelationship'), (relationship) =>
      readRelationship(relationship, warnings),
    ),
    productContext: fields.text('productContext'),
  }
  return { ok: true, consent: { ...consent, extra: fields.extra() }, warnings }
}

function readContacts(contacts: object[] | null, warnings: string[]): WireContact[] | null {
  return contacts === null
    ? null
    : contacts.map((contact, index) => readContact(contact, `contacts[${index}]`, warnings))
}

function readContact(contact: object, where: string, warnings: string[]): WireContact {
  const fields = new RecordReader(contact, CONTACT_FIELDS, warnings, where)
  const read = {
    fullName: fields.text('fullName'),
    email: fields.text('email'),
    phoneNumber: fields.text('phoneNumber'),
    companyName: fields.text('companyName'),
    companySize: fields.text('companySize'),
  }
  if (read.companySize !== null && !COMPANY_SIZE.test(read.companySize))
    fields.warn('companySize', 'is not of the known form L<low>_U<high>')
  return { ...read, extra: fields.extra() }
}

function readRelationship(relationship: object, warnings: string[]): WireRelationship {
  const fields = new RecordReader(relationship, RELATIONSHIP_FIELDS, warnings, 'customerRelationship')
  const status = fields.text('status')
  const lastModifiedOn = fields.text('lastModifiedOn')
  const isDate = lastModifiedOn === null || isWireDate(lastModifiedOn)
  // The relationship is what the operator itself wrote: a bad date in it is no reason to lose the customer's record.
  if (!isDate) fields.setAside('lastModifiedOn', 'is not a valid date')
  return {
    status: status === null ? null : expectedWord(fields, 'status', status, RELATIONSHIP_STATUSES),
    comment: fields.text('comment'),
    lastModifiedOn: isDate ? lastModifiedOn : null,
    extra: fields.extra(),
  }
}

function expectedWord(fields: RecordReader, name: string, text: string, known: KnownWords): string {
  const word = knownWord(text, known)
  if (word === undefined) fields.warn(name, `is the unknown word "${text.slice(0, 60)}"`)
  return word ?? text
}

function isEmpty(value: unknown): boolean {
  return value === null || value === ''
}

function readOptional<T>(value: object | null, read: (value: object) => T): T | null {
  return value === null ? null : read(value)
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`
}
