import { afterAll, beforeAll, expect, it } from 'vitest'
import { api, askToken, call, control, startForTest } from './simulator.test-kit.ts'
import type { RunningSimulator } from './simulator.ts'

let simulator: RunningSimulator

beforeAll(async () => {
  simulator = await startForTest()
})
afterAll(() => simulator.close())

const TENANT = '3f0c3f54-6f0f-4a51-8c0a-1f6f0a6f7a10'
const CONSENTED = 'a1a1f1aa-e7c1-4ffc-81e3-7b98e119324a'

async function write(method: string, path: string, body?: unknown) {
  const token = (await askToken(simulator)).body.access_token
  const init: RequestInit = {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  }
  if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body)
  return call(`${simulator.url}/api/operator-consents/tenants/${path}`, init)
}

it('makes a direct lead that is Active at once, lists it, and deletes it', async () => {
  const made = await write('PATCH', TENANT, { companyName: 'Riverside Bakery' })
  expect(made.status).toBe(201)
  expect(made.body).toMatchObject({
    TenantId: TENANT,
    OperatorId: null,
    Status: 'Active',
    Contacts: null,
    ConsentedCountries: [],
  })
  expect(made.body.ContactDetails.CompanyName).toBe('Riverside Bakery')
  expect((await api(simulator, `/operator-consents/tenants/${TENANT}`)).body.Id).toBe(made.body.Id)

  expect((await write('PATCH', TENANT, { CompanyName: 'Another' })).status).toBe(409)
  expect((await write('DELETE', TENANT)).status).toBe(204)
  expect((await api(simulator, `/operator-consents/tenants/${TENANT}`)).status).toBe(404)
  expect((await write('DELETE', TENANT)).status).toBe(404)
})

it('refuses a tenant that is nobody’s, one that consented, a missing name and a body that is not JSON', async () => {
  expect((await write('PATCH', 'deadbeef-0000-4000-8000-000000000000', { CompanyName: 'x' })).status).toBe(404)
  expect((await write('PATCH', CONSENTED, { CompanyName: 'x' })).status).toBe(409)
  expect((await write('PATCH', TENANT, {})).status).toBe(400)
  expect((await write('PATCH', TENANT, 'no')).status).toBe(400)
  expect((await write('DELETE', CONSENTED)).status).toBe(409)
  expect((await write('POST', TENANT, {})).status).toBe(405)
})

it('lets a direct lead stand beside a consent that comes later, and answers the consent', async () => {
  const made = await write('PATCH', TENANT, { CompanyName: 'Riverside Bakery' })
  const given = await control(simulator, 'POST', '/consents', {
    operator: 'northwind',
    company: 'RB',
    tenantId: TENANT,
  })
  const one = await api(simulator, `/operator-consents/tenants/${TENANT}`)
  expect(one.body.Id).not.toBe(made.body.Id)
  expect(one.body.OperatorId).not.toBeNull()
  expect(given).toBeDefined()
  expect((await write('DELETE', TENANT)).status).toBe(204)
  expect((await api(simulator, `/operator-consents/tenants/${TENANT}`)).body.Id).toBe(one.body.Id)
})

it('keeps the operator’s side of the relation, and wants a reason for its end', async () => {
  const set = (body: unknown) => write('PUT', `${CONSENTED}/customer-relationship`, body)
  expect((await set({ status: 'ConsentDeclined' })).status).toBe(400)
  expect((await set({ status: 'Befriended' })).status).toBe(400)
  const { status, body } = await set({ Status: 'AgreementSigned', Comment: 'order 17' })
  expect(status).toBe(200)
  expect(body.CustomerRelationship).toMatchObject({ Status: 'AgreementSigned', Comment: 'order 17' })
  expect(body.LastModifiedOn).toBe(body.CustomerRelationship.LastModifiedOn)
  expect((await write('PUT', `${TENANT.replace('3f', '4f')}/customer-relationship`, { status: 'x' })).status).toBe(404)
})
