import { describe, expect, test } from 'vitest'
import { fc } from '../../test/harness/fast-check.ts'
import { readCivicAddress } from './read-civic-address.ts'

const ID = '7c92121a-9742-49ac-b34b-4855dc65f538'
const PLACE = '9a80b701-1e12-4b1c-ac62-7d056af72cdd'
const TENANT = 'a1a1f1aa-e7c1-4ffc-81e3-7b98e119324a'

const address = {
  Id: ID.toUpperCase(),
  Country: 'IL',
  HouseNumber: '4',
  HouseNumberSuffix: null,
  StreetName: 'Harbour Street',
  CountyOrDistrict: null,
  CityOrTown: 'Haifa',
  PostalOrZipCode: '6357704',
  DefaultLocationId: PLACE.toUpperCase(),
  ValidationStatus: 'validated',
  TenantId: TENANT,
  PartnerId: '00000000-0000-0000-0000-000000000000',
  Latitude: '32.1',
  Longitude: 34.8,
  Locations: [
    { Id: PLACE, CivicAddressId: ID, Description: 'Lobby', AdditionalInfo: null, IsDefault: 'true', Elin: null },
  ],
}

function read(record: unknown) {
  const reading = readCivicAddress(record)
  if (!reading.ok) throw new Error(reading.reason)
  return reading
}

describe('readCivicAddress', () => {
  test('reads an address: nulls as "", ids in lower case, coordinates kept beside', () => {
    const { address: read1, warnings } = read(address)
    expect(read1).toEqual({
      id: ID,
      country: 'IL',
      houseNumber: '4',
      houseNumberSuffix: '',
      preDirectional: '',
      streetName: 'Harbour Street',
      streetSuffix: '',
      postDirectional: '',
      stateOrProvince: '',
      countyOrDistrict: '',
      cityOrTown: 'Haifa',
      cityOrTownAlias: '',
      postalOrZipCode: '6357704',
      description: '',
      companyName: '',
      companyId: '',
      defaultLocationId: PLACE,
      validationStatus: 'Validated',
      tenantId: TENANT,
      partnerId: '00000000-0000-0000-0000-000000000000',
      locations: [
        {
          id: PLACE,
          civicAddressId: ID,
          description: 'Lobby',
          additionalInfo: null,
          isDefault: true,
          elin: null,
          extra: {},
        },
      ],
      extra: { Latitude: '32.1', Longitude: 34.8 },
    })
    expect(warnings).toEqual([])
  })

  test.each([
    [true, true, 0],
    [false, false, 0],
    ['true', true, 0],
    ['True', true, 0],
    ['false', false, 0],
    [null, false, 0],
    ['yes', false, 1],
    [1, false, 1],
  ])('isDefault %j means %s', (IsDefault, expected, warningCount) => {
    const { address: read1, warnings } = read({ ...address, Locations: [{ Id: PLACE, IsDefault }] })
    expect(read1.locations[0]?.isDefault).toBe(expected)
    expect(warnings).toHaveLength(warningCount)
    if (warningCount > 0) expect(read1.locations[0]?.extra).toEqual({ IsDefault })
  })

  test.each([
    ['VALIDATED', 'Validated', []],
    ['Notvalidated', 'NotValidated', []],
    ['notValidated', 'NotValidated', []],
    ['invalid', 'Invalid', []],
    ['Pending', 'Pending', ['validationStatus is an unknown word']],
    [null, '', []],
  ])('validationStatus %j is kept as %j', (ValidationStatus, expected, warnings) => {
    expect(read({ ...address, ValidationStatus })).toMatchObject({ address: { validationStatus: expected }, warnings })
  })

  test.each(['countryOrDistrict', 'country_or_district', 'COUNTYORDISTRICT'])('%s is the county', (name) => {
    expect(read({ ...address, CountyOrDistrict: null, [name]: 'Haifa District' }).address.countyOrDistrict).toBe(
      'Haifa District',
    )
  })

  test('locations may be null or empty; what is no location is kept beside', () => {
    expect(read({ ...address, Locations: null }).address.locations).toEqual([])
    expect(read({ ...address, Locations: [] }).address.locations).toEqual([])
    const { address: mixed } = read({ ...address, Locations: [7, { Id: PLACE, Floor: 2 }] })
    expect(mixed.locations).toMatchObject([{ id: PLACE, civicAddressId: ID, extra: { Floor: 2 } }])
    expect(mixed.extra).toMatchObject({ Locations: [7, { Id: PLACE, Floor: 2 }] })
  })

  test('refuses what is no object or has no id', () => {
    expect(readCivicAddress(null)).toEqual({ ok: false, reason: 'the address is not an object' })
    expect(readCivicAddress([address])).toEqual({ ok: false, reason: 'the address is not an object' })
    expect(readCivicAddress({ ...address, Id: '12' })).toEqual({ ok: false, reason: 'id is not a GUID' })
  })

  test('never throws, and never loses an unknown field', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.dictionary(fc.string({ minLength: 30 }), fc.jsonValue()), (anything, unknown) => {
        readCivicAddress(anything)
        readCivicAddress({ ...address, Locations: anything, Country: anything })
        expect(read({ ...address, ...unknown }).address.extra).toEqual({
          Latitude: '32.1',
          Longitude: 34.8,
          ...unknown,
        })
      }),
    )
  })
})
