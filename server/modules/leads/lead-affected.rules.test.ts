import { expect, test } from 'vitest'
import { affectedOf, affectedSince, type LeadStakes } from './lead-affected.rules.ts'

const stakes: LeadStakes & { lastModifiedOn: string } = {
  status: 'Active',
  isDirectLead: false,
  countries: ['GB', 'de'],
  license: 'OC Pro',
  umpCustomerGuid: 'd1382f6b-4846-45d7-9ac8-0349c1ed5ead',
  channelName: 'Riverside IT',
  civicAddresses: [{ country: 'GB' }, { country: 'DE' }],
  lastModifiedOn: '2026-11-20T08:00:00.1234567Z',
}
const dropped = (at: string, before: string[], after: string[]) => ({
  at,
  before: { consentedCountries: before },
  after: { consentedCountries: after },
})

test('nothing is hit while the customer is with us', () => {
  expect(affectedOf(stakes)).toBeNull()
  expect(affectedSince(stakes, [])).toEqual([])
})

test.each(['Suspended', 'Removed'])('everything that is kept is hit when the status is %s', (status) => {
  const told = affectedOf({ ...stakes, status })
  expect(told?.cause).toBe(status.toLowerCase())
  expect(told?.what.map(({ text }) => text)).toEqual([
    'License OC Pro',
    'Its service',
    'Channel Riverside IT',
    '2 emergency addresses',
  ])
  const bare = { license: null, umpCustomerGuid: null, channelName: null, civicAddresses: null }
  expect(affectedOf({ ...stakes, ...bare, status })).toBeNull()
})

test('since when is the journal’s, and Microsoft’s where it was so from the beginning', () => {
  const changes = [
    { at: '2026-11-21T10:00:00Z', before: { status: 'Active' }, after: { status: 'Suspended' } },
    { at: '2026-11-01T10:00:00Z', before: { status: 'Active' }, after: { status: 'Suspended' } },
  ]
  const suspended = { ...stakes, status: 'Suspended' }
  expect(affectedSince(suspended, changes)[0]).toMatchObject({ cause: 'suspended', at: '2026-11-21T10:00:00Z' })
  expect(affectedSince(suspended, [])[0]).toMatchObject({ at: '2026-11-20T08:00:00.123Z' })
})

test('a dropped country is told with its addresses until it is back', () => {
  const changes = [
    dropped('2026-11-21T10:00:00Z', ['GB', 'DE', 'FR'], ['GB', 'FR']),
    dropped('2026-11-20T10:00:00Z', ['GB', 'DE', 'FR', 'IT'], ['GB', 'DE', 'FR']),
  ]
  const now = { ...stakes, countries: ['GB', 'FR'] }
  expect(affectedSince(now, changes)).toMatchObject([
    { countries: ['DE'], at: '2026-11-21T10:00:00Z', what: [{ text: '1 emergency address in DE', count: 1 }] },
    { countries: ['IT'], at: '2026-11-20T10:00:00Z', what: [] },
  ])
  expect(affectedOf(now)).toMatchObject({ cause: 'countries', countries: ['DE'], what: [{ count: 1 }] })
  // Dropped, added and dropped again: the last time counts.
  const again = [dropped('2026-11-22T10:00:00Z', ['IT', 'GB'], ['GB']), ...changes]
  expect(affectedSince(now, again).map(({ countries, at }) => [countries, at])).toEqual([
    [['IT'], '2026-11-22T10:00:00Z'],
    [['DE'], '2026-11-21T10:00:00Z'],
  ])
  expect(affectedSince({ ...stakes, countries: ['GB', 'DE', 'IT'] }, changes)).toEqual([])
})

test('addresses without consent are told where the journal knows no change; of direct leads they are not', () => {
  const now = { ...stakes, countries: ['GB'] }
  expect(affectedSince(now, [])).toMatchObject([{ cause: 'countries', countries: ['DE'], at: null }])
  expect(affectedSince({ ...now, isDirectLead: true }, [])).toEqual([])
  expect(affectedOf({ ...now, isDirectLead: true })).toBeNull()
})
