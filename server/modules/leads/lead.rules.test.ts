import { describe, expect, test } from 'vitest'
import { fc } from '../../../test/harness/fast-check.ts'
import {
  changesOf,
  companySizeOf,
  foldStatus,
  judgeAbsence,
  NO_LOCAL_FACTS,
  ovocChannelIdOf,
  phoneDigitsOf,
  plain,
  type RemoteLead,
  searchTextOf,
  withKnownOrigin,
} from './lead.rules.ts'
import { leadText } from './lead.view.ts'
import { searchKey } from './search-key.rules.ts'

const contact = {
  fullName: 'Ana Ruiz',
  email: 'ana@ruiz.example',
  phoneNumber: '+1 (425) 555-0100',
  companyName: 'Ruiz & Co',
  companySize: 'L2_U4',
}
const lead: RemoteLead = {
  id: '00000000-0000-4000-8000-000000000001',
  tenantId: '10000000-0000-4000-8000-000000000001',
  tenantOrigin: null,
  operatorId: null,
  status: 'Active',
  consentedOn: '2024-01-01T00:00:00.1234567Z',
  lastModifiedOn: '2024-01-01T00:00:00Z',
  consentedCountries: ['US'],
  contactDetails: contact,
  contacts: [contact],
  isDirectLead: false,
  extras: {},
}

test.each([
  ['L250_U999', { lower: 250, upper: 999 }],
  ['L3000_UInfinity', { lower: 3000, upper: null }],
  ['Enormous', { lower: null, upper: null }],
])('company size %s', (token, bounds) => {
  expect(companySizeOf(token)).toEqual({ token, ...bounds })
})

test('no company size is none', () => {
  expect(companySizeOf(null)).toBeNull()
  expect(companySizeOf('')).toBeNull()
})

test.each([
  ['nothing', {}, null],
  ['licensed without channel', { umpCustomerGuid: 'x' }, 0],
  ['a channel before a license', { channelId: 907 }, 907],
  ['both', { umpCustomerGuid: 'x', channelId: 907 }, 907],
])('ovocChannelId with %s', (_name, facts, expected) => {
  expect(ovocChannelIdOf({ ...NO_LOCAL_FACTS, ...facts })).toBe(expected)
})

test('changes name each field that differs, unknown ones too', () => {
  const after = { ...lead, status: 'Suspended', consentedCountries: ['US', 'DE'], extras: { Novelty: true } }
  expect(changesOf(lead, after)).toEqual([
    { field: 'status', before: 'Active', after: 'Suspended' },
    { field: 'consentedCountries', before: ['US'], after: ['US', 'DE'] },
    { field: 'Novelty', before: null, after: true },
  ])
  expect(changesOf(lead, structuredClone(lead))).toEqual([])
})

test('a known origin outlives what Microsoft seems to say', () => {
  expect(withKnownOrigin(true, lead).isDirectLead).toBe(true)
  expect(withKnownOrigin(null, lead)).toBe(lead)
})

describe('absence', () => {
  test.each([
    [250, 0, true],
    [250, 5, true],
    [250, 6, false],
    [10, 2, true],
    [10, 3, false],
    [100_000, 20, true],
    [100_000, 21, false],
  ])('of %i known leads %i are missing: trusted %s', (known, missing, trusted) => {
    expect(judgeAbsence(known, missing).trusted).toBe(trusted)
  })
})

test('search finds digits of a phone number and folds letters', () => {
  const text = searchTextOf(lead)
  for (const part of ['14255550100', 'ruiz & co', lead.tenantId]) expect(text).toContain(searchKey(part))
})

test.each([
  ['+14255550100', '14255550100'],
  ['(425) 555-0100', '4255550100'],
  ['555 0100', '5550100'],
  ['425.555/0100', '4255550100'],
  ['4255550100', undefined],
  ['+1 42', undefined],
  ['425-555-0100 ext 2', undefined],
  ['company 7000', undefined],
  [undefined, undefined],
])('the digits of the search %s are %s', (search, digits) => {
  expect(phoneDigitsOf(search)).toBe(digits)
})

test('status words fold alike', () => {
  expect(foldStatus('Not Active')).toBe(foldStatus('NotActive'))
})

test('plain text never holds what COPY separates by', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must be gone
      expect(/[\u0000-\u001f\u007f]/.test(plain(text))).toBe(false)
    }),
  )
})

test('the wire text is JSON without control characters, whatever a customer typed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, status) => {
      const text = leadText(
        { ...lead, status, contactDetails: { ...contact, companyName: name } },
        NO_LOCAL_FACTS,
        null,
      )
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must be gone
      expect(/[\u0000-\u001f]/.test(text)).toBe(false)
      const kept = (typed: string) => typed.replaceAll('\u0000', '\ufffd').toWellFormed()
      expect(JSON.parse(text)).toMatchObject({ status: kept(status), contactDetails: { companyName: kept(name) } })
    }),
  )
})
