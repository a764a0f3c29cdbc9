import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api, askToken, call, control, type Json, startForTest } from './simulator.test-kit.ts'
import type { RunningSimulator } from './simulator.ts'

const FIRST_ELEVEN = `
f825e66a-0e07-4d58-9fb3-271f092ceadc f889d778-d028-49e0-8056-b5d24abb7ca7 Removed 2021-12-21T13:50:02.7271943Z 2022-02-23T11:56:01.5948813Z IL L250_U999
9cfca362-453f-4005-b263-33e2b4b5e459 a1a1f1aa-e7c1-4ffc-81e3-7b98e119324a Active 2022-01-09T15:21:22.5762667Z 2022-01-10T07:57:55.0623609Z AF,IL,NL L50_U249
0b587e64-648f-489e-a264-9da7d19bc68a 844fcd55-41f9-4ab5-ad68-e95dbf882c21 Removed 2022-01-09T15:36:51.2106935Z 2022-01-12T13:55:50.5612045Z AU,AX,DZ,US L1000_U2999
479de1fc-0310-4c35-bf5f-742baa5c67bd daf09efd-f31e-41e4-a86c-bd65bf821e25 Active 2022-11-17T09:08:08.0674744Z 2024-01-14T13:24:00.9152229Z IL,AU L25_U49
93099f3f-506d-4630-a691-c28fc8ee2422 e2b78fc7-7081-4d8b-a0ee-86b597bf0502 Removed 2022-02-14T11:09:18.8860092Z 2022-02-14T11:37:55.2131077Z US,AU L2_U4
cb720317-bd9f-4c91-be28-eed5c2fdf195 d618acb7-4650-43da-aab5-dfd629091258 Removed 2022-01-12T17:21:07.862224Z 2022-01-12T17:49:14.9302234Z US L3000_UInfinity
1d880d99-d913-4e80-8203-358b2faf40bf a844ad24-9534-4dc0-b0cd-4b2d0ebe543e Active 2022-10-11T06:35:50.4337749Z 2022-10-11T06:35:50.4337749Z IL,RO L250_U999
691aa0bb-5396-4df6-97ad-83f82e4a64e2 d1382f6b-4846-45d7-9ac8-0349c1ed5ead Active 2023-03-19T12:14:44.9624543Z 2023-03-19T12:14:44.9624543Z IL L2_U4
e18efef1-4251-46eb-a6b1-f533fae3c963 2aa6292d-f096-4445-a0b3-ae6783d1b47b Active 2022-05-10T11:08:23.8541687Z 2022-05-10T11:08:23.8541687Z IL L50_U249
8acfb14f-231e-4fff-b9dc-f3128f503279 21c213d9-baf1-43af-9822-712e86b9265e Active 2022-08-03T07:30:21.2473927Z 2023-11-07T08:05:08.9239371Z BG,CA,IL L1000_U2999
da68eafc-d3c6-4d3b-9a10-c48b26c6086b f94238e5-4f2c-4e1b-8125-2d27122ca75f Active 2024-04-03T13:32:12.8286742Z 2024-04-03T13:32:12.82872Z - null
`.trim()

/** Addresses and locations of seed 003, as the number of locations of each address. */
const FIRST_ADDRESSES: Record<string, number[]> = {
  'a1a1f1aa-e7c1-4ffc-81e3-7b98e119324a': [1],
  'daf09efd-f31e-41e4-a86c-bd65bf821e25': [1, 1],
  'a844ad24-9534-4dc0-b0cd-4b2d0ebe543e': [1],
  'd1382f6b-4846-45d7-9ac8-0349c1ed5ead': [1, 1, 1, 2],
  '2aa6292d-f096-4445-a0b3-ae6783d1b47b': [],
  '21c213d9-baf1-43af-9822-712e86b9265e': [1],
  'f889d778-d028-49e0-8056-b5d24abb7ca7': [],
  'f94238e5-4f2c-4e1b-8125-2d27122ca75f': [1],
}

let simulator: RunningSimulator

beforeAll(async () => {
  simulator = await startForTest()
})
afterAll(() => simulator.close())

describe('operator API', () => {
  it('begins with the ten consents of the seed in order, then the direct lead', async () => {
    const { body } = await api(simulator, '/operator-consents?skip=0&top=11')
    const lines = body.Values.map((v: Json) =>
      [
        v.Id,
        v.TenantId,
        v.Status,
        v.ConsentedOn,
        v.LastModifiedOn,
        v.ConsentedCountries.join() || '-',
        String(v.ContactDetails.CompanySize),
      ].join(' '),
    )
    expect(lines.join('\n')).toBe(FIRST_ELEVEN)
    expect(body.TotalCount).toBe(60)
    for (const consent of body.Values.slice(0, 10)) {
      expect(consent.OperatorId).toBe('7a4e58a1-8348-4fa5-8d36-4e19125e4ac3')
      expect(consent.Contacts).toEqual([consent.ContactDetails])
      expect(consent.TenantOrigin).toBeNull()
    }
    expect(body.Values[10]).toMatchObject({ OperatorId: null, Contacts: null })
    expect(Object.values(body.Values[10].ContactDetails).filter((value) => value !== null)).toHaveLength(1)
  })

  it.each(Object.entries(FIRST_ADDRESSES))('answers the civic addresses of %s', async (tenantId, locations) => {
    const { body } = await api(simulator, `/address-management/tenants/${tenantId}/civic-addresses`)
    expect(body.CivicAddresses.map((address: { Locations: unknown[] }) => address.Locations.length)).toEqual(locations)
    for (const address of body.CivicAddresses) {
      expect(address.TenantId).toBe(tenantId)
      const standard = address.Locations.filter(({ IsDefault }: { IsDefault: unknown }) => String(IsDefault) === 'true')
      expect(standard.map(({ Id }: { Id: string }) => Id)).toEqual([address.DefaultLocationId])
    }
  })

  it('pages through everything once by following the links', async () => {
    const ids: string[] = []
    let next: string | undefined = '/operator-consents?top=7'
    while (next !== undefined) {
      const { body } = await api(simulator, next)
      ids.push(...body.Values.map(({ Id }: { Id: string }) => Id))
      next = body.NextLink
    }
    expect(ids).toHaveLength(60)
    expect(new Set(ids).size).toBe(60)
  })

  it.each(['top=0', 'top=1001', 'top=ten', 'top=', 'skip=-1', 'skip=1.5'])('refuses %s', async (query) => {
    const { status, body, headers } = await api(simulator, `/operator-consents?${query}`)
    expect(status).toBe(400)
    expect(body.error.code).toBe('BadRequest')
    expect(headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('answers an empty page past the end', async () => {
    const { body } = await api(simulator, '/operator-consents?skip=500&top=10')
    expect(body).toEqual({ Values: [], TotalCount: 60 })
  })

  it('answers one consent by tenant and by id, and 404 for a stranger and for another operator’s tenant', async () => {
    const { body: page } = await api(simulator, '/operator-consents?skip=40&top=1')
    const consent = page.Values[0]
    expect((await api(simulator, `/operator-consents/tenants/${consent.TenantId}`)).body).toEqual(consent)
    expect((await api(simulator, `/operator-consents/${consent.Id}`)).body).toEqual(consent)
    expect((await api(simulator, `/operator-consents/tenants/${consent.Id}`)).status).toBe(404)
    expect((await api(simulator, `/operator-consents/tenants/${consent.TenantId}`, 1)).status).toBe(404)
    expect((await api(simulator, '/operator-consents/tenants/nonsense')).status).toBe(400)
  })

  it('answers the consented one when a tenant has a direct lead too', async () => {
    const tenantId = 'f94238e5-4f2c-4e1b-8125-2d27122ca75f'
    const given = await control(simulator, 'POST', '/consents', { operator: 'northwind', company: 'Twice', tenantId })
    expect((await api(simulator, `/operator-consents/tenants/${tenantId}`)).body.Id).toBe(given.id)
    await control(simulator, 'POST', `/consents/${given.id}/purge`, {})
    expect((await api(simulator, `/operator-consents/tenants/${tenantId}`)).body.OperatorId).toBeNull()
  })

  it('writes camelCase when told to', async () => {
    await control(simulator, 'PATCH', '/operators/northwind', { casing: 'camel' })
    const { body } = await api(simulator, '/operator-consents?top=1')
    expect(Object.keys(body)).toEqual(['values', 'totalCount', 'nextLink'])
    expect(body.values[0].contactDetails.companyName).toBe('Harbor&Vale-it!')
    await control(simulator, 'PATCH', '/operators/northwind', { casing: 'pascal' })
  })

  it('shows Fabrikam 120 consents of other tenants', async () => {
    const { body } = await api(simulator, '/operator-consents?top=1000', 1)
    expect(body.TotalCount).toBe(120)
    expect(body.Values).toHaveLength(120)
    const { body: northwind } = await api(simulator, '/operator-consents?top=1000')
    const tenants = new Set(northwind.Values.map(({ TenantId }: { TenantId: string }) => TenantId))
    expect(body.Values.filter(({ TenantId }: { TenantId: string }) => tenants.has(TenantId))).toEqual([])
  })
})

describe('refusals', () => {
  it('401 without a token, with a foreign one, with an expired one', async () => {
    const url = `${simulator.url}/api/operator-consents`
    expect((await call(url)).status).toBe(401)
    const audience = 'eb63d611-525e-4a31-abd7-0cb33f679599'
    for (const order of [
      { audience, key: 'unpublished' },
      { audience, unsigned: true },
      { audience, expiresInSeconds: -10 },
      { audience: 'api://leadline' },
    ]) {
      const { token } = await control(simulator, 'POST', '/tokens', order)
      const { status, headers } = await call(url, { headers: { authorization: `Bearer ${token}` } })
      expect(status).toBe(401)
      expect(headers.get('www-authenticate')).toContain('invalid_token')
    }
  })

  it('403 with a valid token when a role is missing or the application is not allow-listed', async () => {
    await control(simulator, 'PATCH', '/operators/northwind', { roles: ['PartnerSettings.Read'] })
    expect((await api(simulator, '/operator-consents')).body.error.code).toBe('InsufficientPermissions')
    await control(simulator, 'POST', '/reset')
    await control(simulator, 'PATCH', '/operators/northwind', { appIsAllowListed: false })
    const refused = await api(simulator, '/operator-consents')
    expect([refused.status, refused.body.error.code]).toEqual([403, 'Forbidden'])
    await control(simulator, 'POST', '/reset')
  })

  it('a token lives as long as it was told', async () => {
    const answerTo = async (tokenLifetimeSeconds: number, waitMs: number) => {
      await control(simulator, 'PATCH', '/operators/northwind', { tokenLifetimeSeconds })
      const headers = { authorization: `Bearer ${(await askToken(simulator)).body.access_token}` }
      await new Promise((resolve) => setTimeout(resolve, waitMs))
      return (await call(`${simulator.url}/api/operator-consents?top=1`, { headers })).status
    }
    expect(await answerTo(60, 0)).toBe(200)
    expect(await answerTo(1, 2_100)).toBe(401)
    await control(simulator, 'POST', '/reset')
  })
})
