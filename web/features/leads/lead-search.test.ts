import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { filterOf, ignoredFilters, isNarrowed, isSearchCut, readLeadSearch, SEARCH_LENGTH_MAX } from './lead-search.ts'

beforeEach(() => {
  vi.stubEnv('TZ', 'Pacific/Kiritimati')
  ignoredFilters.set('')
  isSearchCut.set(false)
})
afterEach(() => {
  vi.unstubAllEnvs()
})

const NOW = Date.parse('2026-11-22T08:00:00Z')

describe('the address of the list', () => {
  it('becomes a filter of instants in the user’s time zone, and an order', () => {
    const search = readLeadSearch({
      consented: '2026-03-01..2026-03-31',
      modified: '..2026-03-31',
      sort: '-companySize',
    })
    expect(filterOf(search, true, NOW)).toEqual({
      licensed: true,
      consentedSince: '2026-02-28T10:00:00.000Z',
      consentedBefore: '2026-03-31T10:00:00.000Z',
      modifiedBefore: '2026-03-31T10:00:00.000Z',
      sort: '-companySize',
    })
    expect(ignoredFilters.get()).toBe('')
  })

  it('takes the country and the channel that a link names', () => {
    const filter = (search: object) => filterOf(readLeadSearch(search as Record<string, unknown>), false, NOW)
    expect(filter({ country: 'GB,DE', channel: 'none' })).toMatchObject({ country: 'GB,DE', channelId: 0 })
    expect(filter({ channel: '907' })).toMatchObject({ channelId: 907 })
    expect(readLeadSearch({ country: 'Germany', channel: '-1' })).toEqual({})
    expect(ignoredFilters.get()).toBe('country, channel')
  })

  it('takes the leads that a link chooses', () => {
    const [one, other] = ['019f2c6a-7b1e-7c40-9a53-2f6d1c0e8a00', '019f2c6a-7b1e-7c40-9a53-2f6d1c0e8a01']
    const search = readLeadSearch({ leads: `${one},${other}` })
    expect(filterOf(search, true, NOW)).toMatchObject({ leadIds: `${one},${other}` })
    expect(isNarrowed(search)).toBe(true)
    expect(readLeadSearch({ leads: `${one},` })).toEqual({})
  })

  it('leaves out and names what no longer exists', () => {
    const search = readLeadSearch({ license: 'OC Gold', consented: '2026-03-31..2026-03-01', colour: 'red', q: 'berg' })
    expect(search).toEqual({ q: 'berg' })
    expect(ignoredFilters.get()).toBe('license, consented, colour')
  })

  it('cuts a search that is too long, and says so', () => {
    expect(readLeadSearch({ q: 'x'.repeat(10_000) }).q?.length).toBe(SEARCH_LENGTH_MAX)
    expect(isSearchCut.get()).toBe(true)
  })
})
