import fc from 'fast-check'
import { HOSTILE_TEXTS, nested } from './hostile.ts'

type Record_ = { [name: string]: unknown }

const contact = fc.record({
  FullName: fc.string({ unit: 'grapheme', maxLength: 20 }),
  Email: fc.emailAddress(),
  PhoneNumber: fc.constant('+493090182000'),
  CompanyName: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
  CompanySize: fc.constantFrom('L1_U4', 'L250_U999', 'L3000_UInfinity'),
})

const consent = fc.record({
  Id: fc.uuid(),
  TenantId: fc.uuid(),
  TenantOrigin: fc.constant(null),
  OperatorId: fc.uuid(),
  Status: fc.constantFrom('Active', 'NotActive', 'Suspended', 'Removed'),
  ConsentedOn: fc.constant('2026-01-02T03:04:05.1234567Z'),
  LastModifiedOn: fc.constant('2026-01-03T03:04:05Z'),
  ConsentedCountries: fc.constant(['DE', 'US']),
  Contacts: fc.array(contact, { maxLength: 2 }),
  ContactDetails: contact,
  CustomerRelationship: fc.constant(null),
  ProductContext: fc.constant('OperatorConnect'),
})

const hostile = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<unknown>(...HOSTILE_TEXTS) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(
      null,
      true,
      0,
      -1.5,
      1e300,
      {},
      [],
      [null],
      [[]],
      nested(200),
      'y'.repeat(20_000),
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
)

const KEYS = [
  'Id',
  'id',
  'iD',
  'TenantId',
  'Status',
  'ConsentedOn',
  'LastModifiedOn',
  'Contacts',
  'ContactDetails',
  'OperatorId',
]
const MORE_KEYS = [
  'ConsentedCountries',
  'ProductContext',
  'CustomerRelationship',
  'TenantOrigin',
  'New',
  '__proto__',
  'a\u0000b',
  '',
]

/** JSON text of a record of Microsoft's list: a good one, or one with parts replaced, added or left out, or none at all. */
export const spoiltRecords: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: consent.map((record) => JSON.stringify(record)) },
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        consent,
        fc.array(fc.tuple(fc.constantFrom(...KEYS, ...MORE_KEYS), hostile), { minLength: 1, maxLength: 2 }),
      )
      .map(([record, parts]) => JSON.stringify(Object.fromEntries([...Object.entries(record), ...parts]))),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(consent, fc.constantFrom('FullName', 'Email', 'PhoneNumber', 'CompanyName', 'CompanySize', 'New'), hostile)
      .map(([record, name, value]) =>
        JSON.stringify({ ...record, ContactDetails: { ...record.ContactDetails, [name]: value } }),
      ),
  },
  { weight: 1, arbitrary: hostile.map((value) => JSON.stringify(value)) },
)

/** Texts and numbers anywhere in a value, as they may be looked for in what was stored. */
export function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value]
  if (typeof value === 'number') return [String(value)]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value as Record_).flatMap(leavesOf)
}
