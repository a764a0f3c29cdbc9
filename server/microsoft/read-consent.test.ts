import { describe, expect, test } from 'vitest'
import { fc } from '../../test/harness/fast-check.ts'
import { readConsent, type WireConsent } from './read-consent.ts'

const ID = 'f825e66a-0e07-4d58-9fb3-271f092ceadc'
const TENANT = 'f889d778-d028-49e0-8056-b5d24abb7ca7'
const OPERATOR = '7a4e58a1-8348-4fa5-8d36-4e19125e4ac3'

const pascal = {
  Id: ID,
  TenantId: TENANT,
  TenantOrigin: 'Office365',
  OperatorId: OPERATOR,
  Status: 'Active',
  ConsentedOn: '2021-12-21T13:50:02.7271943Z',
  LastModifiedOn: '2022-02-23T11:56:01.5948813+00:00',
  ConsentedCountries: ['IL', 'UK'],
  Contacts: [
    {
      FullName: 'Ada',
      Email: 'ada@contoso.example',
      PhoneNumber: '4255550100',
      CompanyName: 'Contoso',
      CompanySize: 'L250_U999',
    },
  ],
  ContactDetails: {
    FullName: 'Ada',
    Email: 'ada@contoso.example',
    PhoneNumber: '4255550100',
    CompanyName: 'Contoso',
    CompanySize: 'L250_U999',
  },
  CustomerRelationship: { Status: 'ConsentAcknowledged', Comment: 'called', LastModifiedOn: '2022-02-23T11:56:01Z' },
  ProductContext: 'teams',
}

function recased(value: unknown, change: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((element) => recased(element, change))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [change(key), recased(member, change)]))
}

function read(record: unknown): { consent: WireConsent; warnings: string[] } {
  const reading = readConsent(record)
  if (!reading.ok) throw new Error(reading.reason)
  return reading
}

function reasonOf(record: unknown): string {
  const reading = readConsent(record)
  return reading.ok ? 'ok' : reading.reason
}

describe('readConsent', () => {
  test('reads every field as written, whatever the letter case of the names', () => {
    const contact = {
      fullName: 'Ada',
      email: 'ada@contoso.example',
      phoneNumber: '4255550100',
      companyName: 'Contoso',
      companySize: 'L250_U999',
      extra: {},
    }
    const expected = {
      id: ID,
      tenantId: TENANT,
      tenantOrigin: 'Office365',
      operatorId: OPERATOR,
      status: 'Active',
      consentedOn: '2021-12-21T13:50:02.7271943Z',
      lastModifiedOn: '2022-02-23T11:56:01.5948813+00:00',
      consentedCountries: ['IL', 'UK'],
      contacts: [contact],
      contactDetails: contact,
      customerRelationship: {
        status: 'ConsentAcknowledged',
        comment: 'called',
        lastModifiedOn: '2022-02-23T11:56:01Z',
        extra: {},
      },
      productContext: 'teams',
      extra: {},
    }
    const camel = recased(pascal, (key) => `${key[0]?.toLowerCase()}${key.slice(1)}`)
    for (const record of [pascal, camel, recased(pascal, (key) => key.toUpperCase())])
      expect(read(record)).toEqual({ ok: true, consent: expected, warnings: [] })
  })

  test('reads a direct lead: no operator, no contacts, a company name only', () => {
    const { consent, warnings } = read({
      ...pascal,
      OperatorId: null,
      Contacts: null,
      TenantOrigin: null,
      ConsentedCountries: [],
      ContactDetails: { FullName: null, Email: null, PhoneNumber: null, CompanyName: 'SIPTest', CompanySize: null },
    })
    expect(consent).toMatchObject({
      operatorId: null,
      contacts: null,
      consentedCountries: [],
      contactDetails: { fullName: null, companyName: 'SIPTest', companySize: null },
    })
    expect(warnings).toEqual([])
  })

  test('nulls in place of objects and lists are no problem', () => {
    const { consent, warnings } = read({
      ...pascal,
      Contacts: null,
      ContactDetails: null,
      CustomerRelationship: null,
      ConsentedCountries: null,
      ProductContext: null,
    })
    expect(consent).toMatchObject({
      contacts: null,
      contactDetails: null,
      customerRelationship: null,
      consentedCountries: [],
      productContext: null,
    })
    expect(warnings).toEqual([])
  })

  test('ids come out in lower case', () => {
    expect(
      read({ ...pascal, Id: ID.toUpperCase(), TenantId: TENANT.toUpperCase(), OperatorId: OPERATOR.toUpperCase() })
        .consent,
    ).toMatchObject({ id: ID, tenantId: TENANT, operatorId: OPERATOR })
  })

  test.each([
    ['active', 'Active', []],
    ['Not Active', 'NotActive', []],
    ['REMOVED', 'Removed', []],
    ['Quarantined', 'Quarantined', ['status is the unknown word "Quarantined"']],
    [3, '3', ['status is a number where text is usual', 'status is the unknown word "3"']],
  ])('status %j is kept as %s', (status, kept, warnings) => {
    expect(read({ ...pascal, Status: status })).toMatchObject({ consent: { status: kept }, warnings })
  })

  test.each(['L1_U1', 'L2_U4', 'L5_U9', 'L10_U24', 'L3000_UInfinity'])('company size %s is known', (CompanySize) => {
    expect(read({ ...pascal, Contacts: [{ CompanySize }] })).toMatchObject({
      consent: { contacts: [{ companySize: CompanySize, fullName: null }] },
      warnings: [],
    })
  })

  test('an unknown company size is kept, with a warning that names the contact', () => {
    expect(read({ ...pascal, Contacts: [{}, { companySize: 'Colossal' }] })).toMatchObject({
      consent: { contacts: [{ companySize: null }, { companySize: 'Colossal' }] },
      warnings: ['contacts[1].companySize is not of the known form L<low>_U<high>'],
    })
  })

  test('telephoneNumber is another name of phoneNumber; a phone as a number becomes text', () => {
    expect(read({ ...pascal, Contacts: [{ telephoneNumber: 4255550100 }] })).toMatchObject({
      consent: { contacts: [{ phoneNumber: '4255550100' }] },
      warnings: ['contacts[0].phoneNumber is a number where text is usual'],
    })
  })

  test.each(['', '.7', '.72', '.727', '.7271', '.72719', '.727194', '.7271943'])(
    'a date with fraction %j is kept to the last digit, as Z and as +00:00',
    (fraction) => {
      for (const zone of ['Z', '+00:00']) {
        const text = `2024-02-29T23:59:59${fraction}${zone}`
        expect(read({ ...pascal, ConsentedOn: text, LastModifiedOn: text }).consent).toMatchObject({
          consentedOn: text,
          lastModifiedOn: text,
        })
      }
    },
  )

  test.each([
    '',
    'yesterday',
    '2023-02-29T00:00:00Z',
    '2023-04-31T00:00:00Z',
    '2023-13-01T00:00:00Z',
    '2023-01-01T24:00:00Z',
    '2023-01-01',
    '2023-01-01T00:00:00',
    '2023-01-01T00:00:00.Z',
    '2023-01-01T00:00:00.12345678Z',
    '2023-01-01 00:00:00Z',
    '2023-01-01T00:00:00Z\n',
    20230101,
  ])('the date %j is not valid, and the field is named', (date) => {
    expect(reasonOf({ ...pascal, ConsentedOn: date })).toBe('consentedOn is not a valid date')
    expect(reasonOf({ ...pascal, LastModifiedOn: date })).toBe('lastModifiedOn is not a valid date')
  })

  test('a missing modification date is that of the consent; a missing consent date is not readable', () => {
    expect(read({ ...pascal, LastModifiedOn: null })).toMatchObject({
      consent: { lastModifiedOn: pascal.ConsentedOn },
      warnings: ['lastModifiedOn is missing; consentedOn stands in for it'],
    })
    expect(reasonOf({ ...pascal, ConsentedOn: null })).toBe('consentedOn is not a valid date')
  })

  test('a bad date of the relationship is set aside, the record stays', () => {
    const { consent, warnings } = read({
      ...pascal,
      CustomerRelationship: { Status: 'Thinking', LastModifiedOn: 'soon' },
    })
    expect(consent.customerRelationship).toEqual({
      status: 'Thinking',
      comment: null,
      lastModifiedOn: null,
      extra: { LastModifiedOn: 'soon' },
    })
    expect(warnings).toEqual([
      'customerRelationship.lastModifiedOn is not a valid date',
      'customerRelationship.status is the unknown word "Thinking"',
    ])
  })

  test.each([
    [null, 'the record is null and not an object'],
    [undefined, 'the record is a undefined and not an object'],
    [[pascal], 'the record is a list and not an object'],
    ['text', 'the record is a string and not an object'],
    [{}, 'id is not a GUID'],
    [{ ...pascal, Id: 'not-a-guid' }, 'id is not a GUID'],
    [{ ...pascal, TenantId: `{${TENANT}}` }, 'tenantId is not a GUID'],
    [{ ...pascal, OperatorId: '868' }, 'operatorId is not a GUID'],
    [{ ...pascal, Status: null }, 'status is missing'],
  ])('refuses %j', (record, reason) => {
    expect(reasonOf(record)).toBe(reason)
  })

  test('what does not fit is set aside under its own name and never lost', () => {
    const { consent, warnings } = read({
      ...pascal,
      ConsentedCountries: ['DE', 7],
      Contacts: [null, { FullName: 'Ada', Pager: 5 }],
      ContactDetails: 'Ada',
      status: 'Removed',
      Market: { a: [1] },
    })
    expect(consent).toMatchObject({
      status: 'Active',
      consentedCountries: ['DE'],
      contacts: [{ fullName: 'Ada', extra: { Pager: 5 } }],
      contactDetails: null,
    })
    expect(consent.extra).toEqual({
      status: 'Removed',
      Market: { a: [1] },
      ConsentedCountries: ['DE', 7],
      Contacts: [null, { FullName: 'Ada', Pager: 5 }],
      ContactDetails: 'Ada',
    })
    expect(warnings).toHaveLength(4)
  })

  test('of two spellings, the one that is not null wins', () => {
    const { consent } = read({ ...pascal, ProductContext: null, productContext: 'teams' })
    expect(consent).toMatchObject({ productContext: 'teams', extra: { ProductContext: null } })
  })

  test('never throws on any JSON', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.dictionary(fc.constantFrom(...Object.keys(pascal)), fc.jsonValue()),
        (anything, broken) => {
          readConsent(anything)
          readConsent({ ...pascal, ...broken })
        },
      ),
    )
  })

  test('never loses an unknown field, not even one called __proto__', () => {
    const known = new Set([...Object.keys(pascal).map((key) => key.toLowerCase())])
    const unknown = fc.dictionary(
      fc
        .oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString'))
        .filter((key) => !known.has(key.toLowerCase())),
      fc.jsonValue(),
    )
    fc.assert(
      fc.property(unknown, unknown, (onRecord, onContact) => {
        const contact = Object.fromEntries(
          [...Object.entries(onContact)].filter(
            ([key]) => !/^(fullname|email|phonenumber|telephonenumber|companyname|companysize)$/i.test(key),
          ),
        )
        const record = JSON.parse(
          JSON.stringify(
            Object.fromEntries([...Object.entries(pascal), ...Object.entries(onRecord), ['Contacts', [contact]]]),
          ),
        )
        const { consent } = read(record)
        expect(JSON.stringify(consent.extra)).toBe(JSON.stringify(JSON.parse(JSON.stringify(onRecord))))
        expect(JSON.stringify(consent.contacts?.[0]?.extra)).toBe(JSON.stringify(record.Contacts[0]))
      }),
    )
  })
})
