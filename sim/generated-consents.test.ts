import { describe, expect, it } from 'vitest'
import { guidOf, ordinalOfGuid } from './seed/guid.ts'
import { api, type Json, startForTest } from './simulator.test-kit.ts'

async function listing(settings: Parameters<typeof startForTest>[0], query = 'top=1000'): Promise<Json> {
  const simulator = await startForTest(settings)
  const { body } = await api(simulator, `/operator-consents?${query}`)
  await simulator.close()
  return body.Values
}

describe('generated consents', () => {
  it('are the same for the same seed, others for another, and the first eleven stay', async () => {
    const first = await listing({ leads: 200 })
    expect(await listing({ leads: 200 })).toEqual(first)
    const other = await listing({ leads: 200, seed: 8 })
    expect(other.slice(0, 11)).toEqual(first.slice(0, 11))
    expect(other[11]).not.toEqual(first[11])
    expect((await listing({ leads: 900 })).slice(0, 200)).toEqual(first)
  })

  it('look like real ones', async () => {
    const consents = (await listing({ leads: 1011 }, 'skip=11&top=1000')) as Json[]
    const share = (test: (consent: Json) => boolean) => consents.filter(test).length / consents.length
    expect(share(({ Status }) => Status === 'Active')).toBeGreaterThan(0.8)
    expect(new Set(consents.map(({ Status }) => Status))).toEqual(
      new Set(['Active', 'NotActive', 'Suspended', 'Removed']),
    )
    expect(new Set(consents.flatMap(({ ConsentedCountries }) => ConsentedCountries)).size).toBeGreaterThan(12)
    expect(new Set(consents.map(({ ContactDetails }) => ContactDetails.CompanySize)).size).toBe(8)
    const years = consents.map(
      ({ ConsentedOn }) => (Date.UTC(2026, 2, 1) - Date.parse(ConsentedOn)) / (365 * 86_400_000),
    )
    expect(Math.min(...years)).toBeGreaterThan(0)
    expect(Math.min(...years)).toBeLessThan(0.05)
    expect(Math.max(...years)).toBeGreaterThan(2.9)
    expect(Math.max(...years)).toBeLessThan(3.01)
    expect(share(({ ConsentedOn, LastModifiedOn }) => LastModifiedOn < ConsentedOn)).toBe(0)
    expect(new Set(consents.flatMap(({ Id, TenantId }) => [Id, TenantId])).size).toBe(2000)
    expect(share(({ ContactDetails }) => /[\u0080-\uffff]/.test(ContactDetails.CompanyName))).toBeGreaterThan(0.3)
  })

  it('have civic addresses for about a fifth of the tenants', async () => {
    const simulator = await startForTest({ leads: 400 })
    const { world } = simulator.simulation
    const store = world.operators[0]?.store
    const counts = Array.from({ length: 389 }, (_, i) => world.addressesOf(store?.at(i + 11).TenantId ?? '').length)
    await simulator.close()
    expect(counts.filter((count) => count > 0).length / counts.length).toBeGreaterThan(0.13)
    expect(counts.filter((count) => count > 0).length / counts.length).toBeLessThan(0.27)
    expect(Math.max(...counts)).toBe(3)
  })

  it('number 100,000 without being stored: the start does not make them', async () => {
    const simulator = await startForTest({ leads: 100_000 })
    const { body } = await api(simulator, '/operator-consents?skip=99000&top=1000')
    expect(body.Values).toHaveLength(1000)
    expect(body.TotalCount).toBe(100_000)
    expect(body).not.toHaveProperty('NextLink')
    const last = body.Values[999]
    expect((await api(simulator, `/operator-consents/tenants/${last.TenantId}`)).body).toEqual(last)
    await simulator.close()
  })
})

describe('guidOf', () => {
  it('leads back to its ordinal, and only under its key', () => {
    for (const ordinal of [0, 1, 77, 65_535, 65_536, 999_999, 0xffff_ffff]) {
      const guid = guidOf(ordinal, 0xdeadbeef)
      expect(guid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect(ordinalOfGuid(guid, 0xdeadbeef)).toBe(ordinal)
      expect(ordinalOfGuid(guid, 0xdeadbeee)).toBeUndefined()
    }
  })
})
