import { expect, test } from 'vitest'
import { identifyRecord, mapCivicAddresses, mapConsentToLead } from './map-consent-to-lead.ts'

const record = {
  Id: 'DA68EAFC-D3C6-4D3B-9A10-C48B26C6086B',
  TenantId: 'f94238e5-4f2c-4e1b-8125-2d27122ca75f',
  OperatorId: '7a4e58a1-8348-4fa5-8d36-4e19125e4ac3',
  Status: 'Active',
  ConsentedOn: '2024-04-03T13:32:12.8286742Z',
  LastModifiedOn: '2024-04-03T13:32:12.82872Z',
  ConsentedCountries: ['US', 'UK'],
  Contacts: [
    { FullName: 'A', Email: 'a@a.example', PhoneNumber: '1', CompanyName: 'A Ltd', CompanySize: 'L2_U4', Title: 'CEO' },
  ],
  CustomerRelationship: { Status: 'AgreementSigned', Comment: 'yes' },
  Novelty: { deep: [1] },
}
const map = (change: object) => mapConsentToLead(identifyRecord({ ...record, ...change }))

test('dates, codes and unknown fields stay as Microsoft wrote them', () => {
  const mapped = map({})
  expect(mapped).toMatchObject({
    ok: true,
    lead: {
      remote: {
        id: record.Id.toLowerCase(),
        consentedOn: record.ConsentedOn,
        lastModifiedOn: record.LastModifiedOn,
        consentedCountries: ['US', 'UK'],
        isDirectLead: false,
        contactDetails: { companyName: 'A Ltd' },
        extras: { Novelty: { deep: [1] }, customerRelationship: { status: 'AgreementSigned' } },
      },
    },
  })
  expect(mapped.ok && mapped.lead.remote.extras.contactExtras).toEqual([{}, { Title: 'CEO' }])
})

test('neither operator nor contacts: a direct lead', () => {
  expect(map({ OperatorId: null, Contacts: null, ContactDetails: { CompanyName: 'Direct' } })).toMatchObject({
    ok: true,
    lead: { remote: { isDirectLead: true, contacts: null, contactDetails: { companyName: 'Direct', email: null } } },
  })
})

test('no contact anywhere still gives a contact', () => {
  expect(map({ Contacts: null })).toMatchObject({
    ok: true,
    lead: { remote: { isDirectLead: false, contactDetails: { companyName: null } } },
  })
})

test.each([[null], [17], ['text'], [[]], [{}], [{ Id: 'x' }]])('%j is told apart and kept raw', (hostile) => {
  const raw = identifyRecord(hostile)
  expect(mapConsentToLead(raw)).toMatchObject({ ok: false, raw: JSON.stringify(hostile) })
})

test('a record is known again by its text alone', () => {
  expect(identifyRecord({ ...record }).hash).toBe(identifyRecord(record).hash)
  expect(identifyRecord({ ...record, Novelty: 2 }).hash).not.toBe(identifyRecord(record).hash)
})

test('isDefault is text on our side, whatever it was', () => {
  const location = {
    id: record.TenantId,
    civicAddressId: record.Id,
    description: 'HQ',
    additionalInfo: null,
    elin: null,
  }
  const address = {
    id: record.Id,
    country: 'US',
    locations: [
      { ...location, isDefault: true },
      { ...location, isDefault: 'false' },
    ],
  }
  const { addresses, unreadable } = mapCivicAddresses([address, { id: 'no' }])
  expect(addresses[0]?.locations.map((one) => one.isDefault)).toEqual(['true', 'false'])
  expect(addresses[0]?.houseNumber).toBe('')
  expect(unreadable).toHaveLength(1)
})
