import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  ADDRESS_KEYS,
  CONTACT_KEYS,
  DIRECT_TENANT_ID,
  EMPTY_ADDRESS_PARTS,
  type FirstAddress,
  firstTen,
  LEAD_KEYS,
  LOCATION_KEYS,
  NORTHWIND_MS_OPERATOR_ID,
} from './first-ten.ts'
import { ask, type Client, eventually, type Json } from './harness/client.ts'
import { type Leadline, startLeadline } from './harness/leadline.ts'
import { runsOf, SYNC_ADDRESSES } from './harness/runs.ts'

// The main job: a token, and the leads that a background job has fetched from Microsoft. Source: issue 2.

const LEADS = 40
let leadline: Leadline
let northwind: Client
let fabrikam: Client
let riverside: Client

beforeAll(async () => {
  leadline = await startLeadline({ leads: LEADS })
  ;[northwind, fabrikam, riverside] = (await Promise.all(
    ['northwind-api', 'fabrikam-api', 'riverside-api'].map((id) => leadline.as(id)),
  )) as [Client, Client, Client]
  await eventually(
    () => ask(`${leadline.baseUrl}/health/ready`),
    (reply) => reply.status === 200,
  )
  await eventually(
    () => runsOf(northwind, SYNC_ADDRESSES),
    (runs) => runs.some((run) => run.state === 'succeeded'),
  )
})
afterAll(() => leadline?.close())

describe('a token', () => {
  const form = { grant_type: 'client_credentials', scope: 'api://leadline/.default' }
  const secret = { client_id: 'northwind-api', client_secret: 'northwind-sandbox-secret' }
  const post = (path: string, fields: Record<string, string>, headers = {}) =>
    ask(`${leadline.baseUrl}${path}`, { method: 'POST', body: new URLSearchParams(fields), headers })

  test.each(['', '/tenantui', `/${DIRECT_TENANT_ID}`, '/northwind.example', `/tenantui/${DIRECT_TENANT_ID}`])(
    'is given at %s/oauth2/v2.0/token, by form and by Basic, in the shape of Entra',
    async (prefix) => {
      const basic = { authorization: `Basic ${btoa('northwind-api:northwind-sandbox-secret')}` }
      for (const reply of [
        await post(`${prefix}/oauth2/v2.0/token`, { ...form, ...secret }),
        await post(`${prefix}/oauth2/v2.0/token`, form, basic),
      ]) {
        expect(reply.status, reply.text).toBe(200)
        expect(Object.keys(reply.body).sort()).toEqual(['access_token', 'expires_in', 'ext_expires_in', 'token_type'])
        expect(reply.body).toMatchObject({ token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599 })
        const { iss, aud, exp = 0, iat = 0 } = decodeJwt(reply.body.access_token)
        expect([iss, aud, exp - iat]).toEqual([leadline.baseUrl, 'api://leadline', 3599])
        const headers = { authorization: `Bearer ${reply.body.access_token}` }
        expect((await ask(`${leadline.baseUrl}/api/v2/oc/lead`, { headers })).body).toHaveLength(10)
      }
    },
  )

  test('is refused in the words of OAuth', async () => {
    const wrong = await post('/oauth2/v2.0/token', { ...form, ...secret, client_secret: 'guessed' })
    expect([wrong.status, wrong.body.error]).toEqual([401, 'invalid_client'])
    const stranger = await post('/oauth2/v2.0/token', { ...form, ...secret, client_id: 'nobody' })
    expect({ ...stranger.body, trace_id: 0, correlation_id: 0, timestamp: 0 }).toEqual({
      ...wrong.body,
      trace_id: 0,
      correlation_id: 0,
      timestamp: 0,
    })
    const grant = await post('/oauth2/v2.0/token', { ...form, ...secret, grant_type: 'password' })
    expect([grant.status, grant.body.error]).toEqual([400, 'unsupported_grant_type'])
  })
})

describe('the first page', () => {
  let page: Json[]
  beforeAll(async () => {
    page = (await northwind.get('/api/v2/oc/lead')).body
  })

  test('is the ten leads of seed 003, in its order, to the last digit', () => {
    expect(page.map((lead) => lead.id)).toEqual(firstTen.map((lead) => lead.id))
    for (const [index, { companySize, civicAddresses: _, ...facts }] of firstTen.entries()) {
      expect(page[index]).toMatchObject({
        ...facts,
        channelId: null,
        isDirectLead: false,
        operatorId: NORTHWIND_MS_OPERATOR_ID,
        contactDetails: { companySize },
      })
      expect(page[index].contacts).toEqual([page[index].contactDetails])
    }
  })

  test('has every key, in the documented order', () => {
    for (const lead of page) {
      expect(Object.keys(lead)).toEqual(LEAD_KEYS)
      expect(Object.keys(lead.contactDetails)).toEqual(CONTACT_KEYS)
      for (const contact of lead.contacts) expect(Object.keys(contact)).toEqual(CONTACT_KEYS)
      for (const address of lead.civicAddresses ?? []) {
        expect(Object.keys(address)).toEqual(ADDRESS_KEYS)
        for (const location of address.locations) expect(Object.keys(location)).toEqual(LOCATION_KEYS)
      }
    }
  })

  test('has their civic addresses: null where never asked, [] where there are none', () => {
    expect(page.map((lead) => lead.civicAddresses?.map(factsOf) ?? null)).toEqual(
      firstTen.map((lead) => lead.civicAddresses ?? null),
    )
    for (const { tenantId, civicAddresses } of page) {
      for (const address of civicAddresses ?? []) {
        expect(address).toMatchObject({
          tenantId,
          validationStatus: 'Validated',
          partnerId: '00000000-0000-0000-0000-000000000000',
        })
        for (const part of EMPTY_ADDRESS_PARTS) expect(address[part]).toBe('')
        for (const part of ['houseNumber', 'streetName', 'cityOrTown', 'postalOrZipCode', 'companyName']) {
          expect(address[part]).not.toBe('')
        }
        for (const location of address.locations) {
          expect(location).toMatchObject({ civicAddressId: address.id, elin: null })
          expect(location.isDefault).toBe(location.id === address.defaultLocationId ? 'true' : 'false')
        }
      }
    }
  })

  test('has names and numbers, all invented', () => {
    for (const { contactDetails } of page) {
      expect(contactDetails.fullName).toMatch(/\S/)
      expect(contactDetails.email).toMatch(/@[^@]+\.example$/)
    }
  })

  test('is followed by the direct lead of seed 001, with its one address', async () => {
    const { body } = await northwind.get('/api/v2/oc/lead?PageSize=1&PageNumber=11')
    expect(body).toHaveLength(1)
    expect(body[0]).toMatchObject({
      comments: null,
      umpCustomerGuid: null,
      isNotActive: null,
      ovocChannelId: null,
      isDirectLead: true,
      tenantId: DIRECT_TENANT_ID,
      operatorId: null,
      status: 'Active',
      consentedOn: '2024-04-03T13:32:12.8286742Z',
      lastModifiedOn: '2024-04-03T13:32:12.82872Z',
      consentedCountries: [],
      contacts: null,
    })
    expect(body[0].contactDetails).toMatchObject({ fullName: null, email: null, phoneNumber: null, companySize: null })
    expect(body[0].civicAddresses).toHaveLength(1)
  })
})

describe('paging', () => {
  let all: string[]
  beforeAll(async () => {
    all = idsOf((await northwind.get('/api/v2/oc/lead?PageSize=20000')).body)
  })

  test('gives all leads on a page of 20,000, and their number', () => {
    expect(all).toHaveLength(LEADS)
    expect(new Set(all).size).toBe(LEADS)
  })

  test('walks the links from first to last, without repeating or leaving out a lead', async () => {
    const seen: string[] = []
    let next: string | undefined = `${leadline.baseUrl}/api/v2/oc/lead?PageSize=7`
    let last = ''
    while (next) {
      const reply = await northwind.get(next.slice(leadline.baseUrl.length))
      expect(reply.headers.get('x-total-count')).toBe(String(LEADS))
      seen.push(...idsOf(reply.body))
      const links = linksOf(reply.headers)
      expect(links.first).toContain('PageNumber=1')
      expect(links.last).toContain('PageNumber=6')
      last = next
      next = links.next
      if (next) expect(next.startsWith(`${leadline.baseUrl}/api/v2/oc/lead?`)).toBe(true)
    }
    expect(seen).toEqual(all)
    expect(linksOf((await northwind.get(last.slice(leadline.baseUrl.length))).headers).prev).toContain('PageNumber=5')
  })

  test('walks the cursor to the same leads', async () => {
    const seen: string[] = []
    for (let query = 'PageSize=9'; query !== ''; ) {
      const { body, headers } = await northwind.get(`/api/v2/oc/lead?${query}`)
      seen.push(...idsOf(body))
      const cursor = headers.get('x-next-cursor')
      query = cursor === null ? '' : `PageSize=9&cursor=${encodeURIComponent(cursor)}`
    }
    expect(seen).toEqual(all)
  })

  test('counts from 0 and from 1, and is empty past the end', async () => {
    for (const number of [0, 1]) {
      expect(idsOf((await northwind.get(`/api/v2/oc/lead?PageNumber=${number}`)).body)).toEqual(all.slice(0, 10))
    }
    expect(idsOf((await northwind.get('/api/v2/oc/lead?PageNumber=2&PageSize=15')).body)).toEqual(all.slice(15, 30))
    const past = await northwind.get('/api/v2/oc/lead?PageNumber=5')
    expect([past.status, past.body, past.headers.get('x-total-count')]).toEqual([200, [], String(LEADS)])
  })

  test.each(['pagenumber=2&PAGESIZE=5', 'Page%20Number=2&Page+Size=5', 'PageNumber=2&pageSize=5'])(
    'reads %s as the names it knows',
    async (query) => {
      expect(idsOf((await northwind.get(`/api/v2/oc/lead?${query}`)).body)).toEqual(all.slice(5, 10))
    },
  )

  test.each(['20001', '0', '-1', 'ten', '1e3', ''])('names field and limit for PageSize=%s', async (size) => {
    const { status, body } = await northwind.get(`/api/v2/oc/lead?PageSize=${size}`)
    expect([status, body.code, body.errors[0].pointer]).toEqual([400, 'bad-request', '/query/PageSize'])
    if (size === '20001') expect(body.errors[0].detail).toMatch(/20,?000/)
  })
})

describe('an answer', () => {
  test('has a tag, by which the same answer is not sent again', async () => {
    for (const size of [10, 20_000]) {
      const first = await northwind.get(`/api/v2/oc/lead?PageSize=${size}`)
      const etag = first.headers.get('etag') ?? ''
      expect(etag).toMatch(/^(W\/)?"[^"]+"$/)
      for (const tag of [etag, `"other", ${etag}`, '*']) {
        const again = await northwind.get(`/api/v2/oc/lead?PageSize=${size}`, { headers: { 'if-none-match': tag } })
        expect([again.status, again.text]).toEqual([304, ''])
      }
      const stale = await northwind.get(`/api/v2/oc/lead?PageSize=${size}`, { headers: { 'if-none-match': '"x"' } })
      expect([stale.status, stale.text === first.text]).toEqual([200, true])
    }
    const tags = await Promise.all(
      ['', '?PageSize=9', '?PageNumber=2', '?status=Active'].map(async (query) =>
        (await northwind.get(`/api/v2/oc/lead${query}`)).headers.get('etag'),
      ),
    )
    expect(new Set(tags).size).toBe(4)
  })

  test.each(['gzip', 'zstd'])('is compressed with %s when asked', async (encoding) => {
    for (const size of [10, 20_000]) {
      const path = `/api/v2/oc/lead?PageSize=${size}`
      const plain = await northwind.get(path, { headers: { 'accept-encoding': 'identity' } })
      const packed = await northwind.get(path, { headers: { 'accept-encoding': encoding } })
      expect(packed.headers.get('content-encoding')).toBe(encoding)
      expect(packed.text).toBe(plain.text)
    }
  })

  test('is the same under /tenantui, with links that stay there', async () => {
    const plain = await northwind.get('/api/v2/oc/lead?PageSize=5')
    const prefixed = await northwind.get('/tenantui/api/v2/oc/lead?PageSize=5')
    expect(prefixed.body).toEqual(plain.body)
    expect(linksOf(prefixed.headers).next).toContain(`${leadline.baseUrl}/tenantui/api/v2/oc/lead?`)
  })

  test('ends in a slash as well as without, in any letter case', async () => {
    expect((await northwind.get('/api/v2/oc/lead/?PageSize=1')).body).toHaveLength(1)
    expect((await northwind.get('/TenantUI/API/v2/OC/Lead?PageSize=1')).body).toHaveLength(1)
  })
})

describe('scope', () => {
  const licensed = firstTen.find((lead) => lead.ovocChannelId === 907)

  test('a channel-bound client sees the leads of its channel only', async () => {
    const { body, headers } = await riverside.get('/api/v2/oc/lead')
    expect([idsOf(body), headers.get('x-total-count')]).toEqual([[licensed?.id], '1'])
    for (const { id, tenantId } of firstTen.filter((lead) => lead !== licensed)) {
      expect((await riverside.get(`/api/v2/oc/lead?msTenantId=${tenantId}`)).body).toEqual([])
      expect((await riverside.get(`/api/v4/leads/${id}`)).status).toBe(404)
    }
  })

  test('an operator narrows itself to a channel by header', async () => {
    const channel = (id: string) => northwind.get('/api/v2/oc/lead', { headers: { 'x-ovoc-channel-id': id } })
    expect(idsOf((await channel('907')).body)).toEqual([licensed?.id])
    expect((await channel('4711')).body).toEqual([])
    expect((await channel('nine')).status).toBe(400)
  })

  test('a tenant is found by its id in any letter case; another operator’s is as one that does not exist', async () => {
    const tenantId = licensed?.tenantId ?? ''
    for (const name of ['msTenantId', 'msTenantID', 'MSTENANTID', 'ms%20Tenant%20Id']) {
      expect(idsOf((await northwind.get(`/api/v2/oc/lead?${name}=${tenantId.toUpperCase()}`)).body)).toEqual([
        licensed?.id,
      ])
    }
    const theirs = await fabrikam.get(`/api/v2/oc/lead?msTenantId=${tenantId}`)
    expect([theirs.status, theirs.body, theirs.headers.get('x-total-count')]).toEqual([200, [], '0'])
    expect((await fabrikam.get('/api/v2/oc/lead?PageSize=20000')).body).toHaveLength(120)
  })
})

function factsOf({ id, country, defaultLocationId, locations }: Json): FirstAddress {
  const otherLocations = locations
    .filter((location: Json) => location.id !== defaultLocationId)
    .map((location: Json) => ({ id: location.id, additionalInfo: location.additionalInfo }))
  return { id, country, defaultLocationId, otherLocations }
}

function idsOf(leads: Json[]): string[] {
  return leads.map((lead) => lead.id)
}

function linksOf(headers: Headers): Record<string, string | undefined> {
  const links = [...(headers.get('link') ?? '').matchAll(/<([^>]+)>; rel="(\w+)"/g)]
  return Object.fromEntries(links.map(([, address, rel]) => [rel, address]))
}
