import { expect, test } from 'vitest'
import { readCallingProfile } from './read-calling-profile.ts'

const ID = '6F6F0F4D-6A0D-4F0E-8A35-3A1F6A9B7C01'
const record = {
  CallingProfileId: ID,
  Name: 'Northwind-NOAM-CommsGw',
  Enviroment: 'Production',
  Region: null,
  Carrier: 'Northwind Voice',
  OfferTypes: [{ OfferTypeName: 'Calling', TestNumbers: ['+14255550100'] }],
  EmergencyDialStrings: ['911'],
  IsEmergencyProfile: false,
  EmergencyProfileId: null,
  TrunksEnrolled: [{ TrunkFqdn: 'SBC1.Northwind.Example.', TrunkId: 't1' }, { TrunkId: 'nameless' }],
  Validation: { Calling: 'Validated' },
}
const camel = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(camel)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([k, v]) => [`${k[0]?.toLowerCase()}${k.slice(1)}`, camel(v)]))
      : value

test.each([
  ['PascalCase', record],
  ['camelCase', camel(record)],
])('reads a profile in %s, and keeps what it does not know', (_casing, raw) => {
  const reading = readCallingProfile(raw)
  if (!reading.ok) throw new Error(reading.reason)
  const { extra, ...profile } = reading.profile
  expect(profile).toEqual({
    ...{ id: ID.toLowerCase(), name: 'Northwind-NOAM-CommsGw', environment: 'Production', region: null },
    ...{ carrier: 'Northwind Voice', offerTypes: [{ name: 'Calling', testNumbers: ['+14255550100'] }] },
    ...{ emergencyDialStrings: ['911'], isEmergencyProfile: false, emergencyProfileId: null },
    trunks: [{ id: 't1', fqdn: 'sbc1.northwind.example' }],
  })
  expect(Object.values(extra)).toHaveLength(1)
  expect(reading.warnings).toEqual(['trunksEnrolled[1].trunkFqdn is missing'])
})

test.each([[null], ['text'], [[]], [{}], [{ callingProfileId: 'not-a-guid' }]])('says why %j is none', (raw) => {
  expect(readCallingProfile(raw)).toMatchObject({ ok: false, reason: expect.any(String) })
})

test('bears whatever stands in place of the parts', () => {
  for (const spoilt of [7, 'x', true, {}, [], [null], ['x'], null]) {
    const raw = Object.fromEntries(Object.keys(record).map((key) => [key, spoilt]))
    expect(readCallingProfile({ ...raw, CallingProfileId: ID }).ok).toBe(true)
  }
})
