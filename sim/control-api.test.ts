import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api, call, control, makeFolder, startForTest } from './simulator.test-kit.ts'
import type { RunningSimulator } from './simulator.ts'

let simulator: RunningSimulator

beforeAll(async () => {
  simulator = await startForTest()
})
afterAll(() => simulator.close())

const consentTo = (fields: Record<string, unknown> = {}) =>
  control(simulator, 'POST', '/consents', {
    operator: 'northwind',
    company: 'Tailspin Toys',
    countries: ['GB'],
    ...fields,
  })

describe('the customer', () => {
  it('consents, changes countries, suspends, resumes, removes, and consents again in the same place', async () => {
    const given = await consentTo({ size: 'L5_U9', contacts: [{ fullName: 'Kim Abe', email: 'kim@tailspin.example' }] })
    const read = async () => (await api(simulator, `/operator-consents/tenants/${given.tenantId}`)).body
    expect(await read()).toMatchObject({
      Id: given.id,
      Status: 'Active',
      TenantOrigin: 'Office365',
      ConsentedCountries: ['GB'],
      ContactDetails: { FullName: 'Kim Abe', PhoneNumber: null, CompanyName: 'Tailspin Toys', CompanySize: 'L5_U9' },
    })
    const modified = [(await read()).LastModifiedOn]
    await control(simulator, 'PATCH', `/consents/${given.id}`, { countries: ['GB', 'UK'] })
    expect((await read()).ConsentedCountries).toEqual(['GB', 'UK'])
    modified.push((await read()).LastModifiedOn)
    for (const [action, status] of Object.entries({ suspend: 'Suspended', resume: 'Active', remove: 'Removed' })) {
      await control(simulator, 'POST', `/consents/${given.id}/${action}`, {})
      expect((await read()).Status).toBe(status)
      modified.push((await read()).LastModifiedOn)
    }
    expect(new Set(modified).size).toBe(5)
    await expect(control(simulator, 'POST', `/consents/${given.id}/suspend`, {})).rejects.toThrow('409')
    const again = await consentTo({ tenantId: given.tenantId })
    expect(again).toMatchObject({ id: given.id, status: 'Active' })
    await expect(consentTo({ tenantId: given.tenantId })).rejects.toThrow('already consented')
  })

  it('is held in NotActive for the time asked, then Active by itself', async () => {
    const given = await consentTo({ holdNotActiveMs: 300 })
    const read = async () => (await api(simulator, `/operator-consents/tenants/${given.tenantId}`)).body
    const held = await read()
    expect(held.Status).toBe('NotActive')
    await control(simulator, 'PATCH', `/consents/${given.id}`, { countries: ['FR'] })
    await new Promise((resolve) => setTimeout(resolve, 350))
    const active = await read()
    expect(active).toMatchObject({ Status: 'Active', ConsentedCountries: ['FR'] })
    expect(active.LastModifiedOn > held.LastModifiedOn).toBe(true)
  })

  it('keeps dates to the letter', async () => {
    const given = await consentTo({ at: '2026-02-03T04:05:06Z' })
    expect(given.consentedOn).toBe('2026-02-03T04:05:06Z')
  })

  it('adds and removes a civic address', async () => {
    const { tenantId } = await consentTo()
    const address = await control(simulator, 'POST', `/tenants/${tenantId}/civic-addresses`, {
      country: 'GB',
      cityOrTown: 'Leeds',
      streetName: 'Aire Street',
      locations: [{}, { additionalInfo: '2nd floor' }],
    })
    const path = `/address-management/tenants/${tenantId}/civic-addresses`
    const { body } = await api(simulator, path)
    expect(body.CivicAddresses).toEqual([address])
    expect(address).toMatchObject({ CompanyName: 'Tailspin Toys', DefaultLocationId: address.Locations[0].Id })
    expect(address.Locations[1].AdditionalInfo).toBe('2nd floor')
    await control(simulator, 'DELETE', `/tenants/${tenantId}/civic-addresses/${address.Id}`)
    expect((await api(simulator, path)).body.CivicAddresses).toEqual([])
  })
})

describe('phone numbers', () => {
  it('are of one tenant at a time, paged, released when nobody has them, and keep the operator from being removed', async () => {
    const given = await consentTo()
    const numbers = `/tenants/${given.tenantId}/numbers`
    const list = async (query = '') =>
      (await api(simulator, `/number-management/tenants/${given.tenantId}/acquired-numbers${query}`)).body
    expect(await list()).toEqual({ AcquiredNumbers: [], TotalCount: 0 })
    await control(simulator, 'POST', numbers, { operator: 'northwind', numbers: ['+441134960100', '+441134960101'] })
    await control(simulator, 'POST', numbers, {
      ...{ operator: 'northwind', numbers: ['+441134960102'], assignment: 'UserAssigned' },
    })
    const page = await list('?skip=0&top=2')
    expect([page.TotalCount, page.AcquiredNumbers.length]).toEqual([3, 2])
    expect(page.NextLink).toMatch(/acquired-numbers\?skip=2&top=2$/)
    expect(page.AcquiredNumbers[0]).toMatchObject({ TelephoneNumber: '+441134960100', AssignmentStatus: 'Unassigned' })
    expect(page.AcquiredNumbers[0].AcquiredOn).toMatch(/\.\d{7}\+00:00$/)
    await expect(
      control(simulator, 'POST', numbers, { operator: 'fabrikam', numbers: ['+441134960101'] }),
    ).rejects.toThrow('already')
    await expect(control(simulator, 'POST', numbers, { operator: 'northwind', numbers: ['0113'] })).rejects.toThrow(
      'E.164',
    )
    await expect(control(simulator, 'POST', `/consents/${given.id}/remove`, {})).rejects.toThrow('holds 3 numbers')
    await expect(control(simulator, 'DELETE', `${numbers}/+441134960102`)).rejects.toThrow('unassign')
    await control(simulator, 'DELETE', `${numbers}/+441134960100`)
    expect((await list()).TotalCount).toBe(2)
    expect((await control(simulator, 'GET', `/tenants/${given.tenantId}`)).numbers).toHaveLength(2)
  })
})

describe('purging', () => {
  it('takes a consent off the listing, with or without its by-tenant answer, and back to its place', async () => {
    const ids = async () =>
      (await api(simulator, '/operator-consents?top=1000')).body.Values.map(({ Id }: { Id: string }) => Id) as string[]
    const before = await ids()
    const { consents } = await control(simulator, 'GET', '/consents?operator=northwind&limit=40&status=Active')
    const [one, two] = consents.slice(-2)
    await control(simulator, 'POST', `/consents/${one.id}/purge`, { from: 'listing' })
    await control(simulator, 'POST', `/consents/${two.id}/purge`, {})
    expect(await ids()).toEqual(before.filter((id) => id !== one.id && id !== two.id))
    expect((await api(simulator, `/operator-consents/tenants/${one.tenantId}`)).status).toBe(200)
    expect((await api(simulator, `/operator-consents/tenants/${two.tenantId}`)).status).toBe(404)
    for (const { id } of [one, two]) await control(simulator, 'POST', `/consents/${id}/restore`, {})
    expect(await ids()).toEqual(before)
  })
})

describe('direct leads', () => {
  it('are shaped as the seed and refused for a tenant that has a lead', async () => {
    const made = await control(simulator, 'POST', '/direct-leads', { operator: 'northwind', company: 'Sans Consent' })
    const { body } = await api(simulator, `/operator-consents/tenants/${made.tenantId}`)
    expect(body).toMatchObject({ OperatorId: null, Contacts: null, Status: 'Active', ConsentedCountries: [] })
    const order = { operator: 'northwind', company: 'Again', tenantId: made.tenantId }
    await expect(control(simulator, 'POST', '/direct-leads', order)).rejects.toThrow('409')
  })
})

describe('control API', () => {
  it('touches the share of consents it was told, the same ones for the same seed', async () => {
    await control(simulator, 'POST', '/reset')
    const texts = async () =>
      (await api(simulator, '/operator-consents?top=1000')).body.Values.map((value: unknown) => JSON.stringify(value))
    const before = await texts()
    const order = { operator: 'northwind', percent: 30, seed: 3, at: '2026-03-05T00:00:00Z' }
    const { touched } = await control(simulator, 'POST', '/touch', order)
    const after = await texts()
    const changed = after.filter((text: string, i: number) => text !== before[i]).length
    expect(changed).toBe(touched)
    expect(changed).toBeGreaterThan(5)
    expect(changed).toBeLessThan(30)
    await control(simulator, 'POST', '/reset')
    expect(await texts()).toEqual(before)
    await control(simulator, 'POST', '/touch', order)
    expect(await texts()).toEqual(after)
    await control(simulator, 'POST', '/reset')
  })

  it('counts calls, and not its own', async () => {
    await control(simulator, 'DELETE', '/requests')
    await api(simulator, '/operator-consents?top=3')
    await api(simulator, '/operator-consents/tenants/f94238e5-4f2c-4e1b-8125-2d27122ca75f')
    const { counters, requests } = await control(simulator, 'GET', '/requests')
    expect(counters).toEqual({ total: 4, byEndpoint: { token: 2, list: 1, one: 1 }, byStatus: { 200: 4 } })
    expect(requests[0]).toMatchObject({
      endpoint: 'one',
      method: 'GET',
      status: 200,
      operator: 'northwind',
      faults: [],
    })
  })

  it('finds consents and tenants', async () => {
    const given = await consentTo({ company: 'Wingtip Åland AB' })
    const { consents } = await control(simulator, 'GET', `/consents?q=${encodeURIComponent('wingtip å')}`)
    expect(consents.map(({ id }: { id: string }) => id)).toEqual([given.id])
    const { tenants } = await control(simulator, 'GET', `/tenants?q=${given.tenantId}`)
    expect(tenants).toEqual([{ tenantId: given.tenantId, company: 'Wingtip Åland AB', operators: ['northwind'] }])
  })

  it('names what is wrong with a body', async () => {
    await expect(consentTo({ countries: 'GB' })).rejects.toThrow('\\"countries\\" must be a list of texts')
    await expect(consentTo({ colour: 'red' })).rejects.toThrow('\\"colour\\" is not known')
    await expect(consentTo({ operator: 'contoso' })).rejects.toThrow('There is no operator')
    const form = await call(`${simulator.url}/control/consents`, { method: 'POST', body: 'operator=northwind' })
    expect(form.status).toBe(415)
    const foreign = { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } }
    expect((await call(`${simulator.url}/control/reset`, foreign)).status).toBe(403)
  })
})

describe('state file', () => {
  it('gives back what was done, also after a torn last line', async () => {
    const folder = makeFolder()
    const stateFile = join(folder.path, 'state.jsonl')
    const first = await startForTest({ stateFile })
    const given = await control(first, 'POST', '/consents', { operator: 'fabrikam', company: 'Stays Here' })
    await control(first, 'POST', `/tenants/${given.tenantId}/civic-addresses`, { country: 'DE' })
    await control(first, 'POST', '/touch', { operator: 'fabrikam', percent: 20 })
    const listing = (await api(first, '/operator-consents?top=1000', 1)).body
    await first.close()
    appendFileSync(stateFile, '{"kind":"consent-p')

    const second = await startForTest({ stateFile, seed: undefined, epochMs: undefined })
    expect(second.replayed).toEqual({ applied: 3, skipped: 0 })
    expect((await api(second, '/operator-consents?top=1000', 1)).body.Values).toEqual(listing.Values)
    const next = await control(second, 'POST', '/consents', { operator: 'fabrikam', company: 'Comes Later' })
    expect(next.id).not.toBe(given.id)
    await control(second, 'POST', '/reset')
    await second.close()

    const third = await startForTest({ stateFile, seed: undefined, epochMs: undefined })
    expect(third.replayed).toEqual({ applied: 0, skipped: 0 })
    await third.close()
    await expect(startForTest({ stateFile, seed: 8 })).rejects.toThrow('LEADLINE_SIM_SEED is 8')
    folder.remove()
  })
})
