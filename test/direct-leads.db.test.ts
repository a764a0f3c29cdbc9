import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, type Client, eventually, type Json } from './harness/client.ts'
import { type Leadline, startLeadline } from './harness/leadline.ts'

// Leads that the carrier makes itself, and its side of the relation: over HTTP, with Microsoft simulated.

let leadline: Leadline
let northwind: Client
let riverside: Client

beforeAll(async () => {
  leadline = await startLeadline({ leads: 40 })
  northwind = await leadline.as('northwind-api')
  riverside = await leadline.as('riverside-api')
  await eventually(
    () => ask(`${leadline.baseUrl}/health/ready`),
    (reply) => reply.status === 200,
  )
  await eventually(
    async () => (await riverside.get('/api/v2/oc/lead')).body,
    (own) => own.length === 1,
  )
})
afterAll(() => leadline?.close())

const LEAD = '/api/v2/oc/lead'
const make = (body: object, as: Client = northwind) => as.send('POST', LEAD, body)
const ofTenant = async (tenantId: string, as: Client = northwind): Promise<Json[]> =>
  (await as.get(`${LEAD}?msTenantID=${tenantId}`)).body
const control: Leadline['outside']['control'] = (method, path, body) => leadline.outside.control(method, path, body)
const sync = async () => {
  const { body } = await northwind.send('POST', '/api/v4/jobs/peering.sync-leads-job/runs')
  await eventually(
    async () => (await northwind.get(`/api/v4/runs/${body.id}`)).body.state,
    (state) => state === 'succeeded' || state === 'failed',
  )
}

describe('the documented creation', () => {
  test('makes a lead at Microsoft that is in the list at once', async () => {
    const tenantId = randomUUID()
    const made = await make({ tenantId: `  {${tenantId.toUpperCase()}} `, CompanyName: ' Riverside Bakery ' })
    expect([made.status, made.text]).toEqual([200, expect.any(String)])
    expect(made.body).toMatchObject({
      tenantId,
      isDirectLead: true,
      status: 'Active',
      operatorId: null,
      consentedCountries: [],
      contacts: null,
      umpCustomerGuid: null,
    })
    expect(made.body.contactDetails).toMatchObject({ companyName: 'Riverside Bakery', companySize: null })
    expect((await ofTenant(tenantId)).map((lead) => lead.id)).toEqual([made.body.id])
    const { body } = await northwind.get(`/api/v4/journal?objectType=lead&objectId=${made.body.id}`)
    expect(body.data.map((entry: Json) => entry.action)).toEqual(['lead.created'])
    await sync()
    expect((await ofTenant(tenantId)).length).toBe(1)
  })

  test('refuses a tenant and a company name that have a lead, in the documented words', async () => {
    const tenantId = randomUUID()
    expect((await make({ tenantId, companyName: 'Copper Kettle' })).status).toBe(200)
    const again = await make({ tenantId, companyName: 'COPPER kettle' })
    expect([again.status, again.body.errors]).toEqual([
      400,
      {
        TenantId: ['This MsTenant already exists as an UMP lead!'],
        CompanyName: ['Company name is already used for an UMP lead.'],
      },
    ])
    expect(again.body.title).toBe('One or more validation errors occurred.')
    const namesake = await make({ tenantId: randomUUID(), companyName: 'copper kettle' })
    expect([namesake.status, Object.keys(namesake.body.errors)]).toEqual([400, ['CompanyName']])
  })

  test('refuses what is no tenant id or no name, by field', async () => {
    for (const tenantId of ['12345', '', '00000000-0000-0000-0000-000000000000']) {
      const reply = await make({ tenantId, companyName: 'X' })
      expect([reply.status, Object.keys(reply.body.errors)], tenantId).toEqual([400, ['tenantId']])
    }
    for (const companyName of ['', '   ', 'x'.repeat(257), 'two\nlines']) {
      const reply = await make({ tenantId: randomUUID(), companyName })
      expect([reply.status, Object.keys(reply.body.errors)], companyName).toEqual([400, ['companyName']])
    }
  })

  test.each(['=cmd|calc', 'שלום עליכם', '🥐 & Söhne', 'x'.repeat(256)])('takes the name %s', async (companyName) => {
    const made = await make({ tenantId: randomUUID(), companyName })
    expect([made.status, made.body.contactDetails?.companyName]).toEqual([200, companyName])
  })

  test('answers a tenant that Microsoft refuses with the documented string', async () => {
    const reply = await make({ tenantId: 'deadbeef-0000-4000-8000-000000000001', companyName: 'Nobody' })
    expect([reply.status, reply.body]).toEqual([404, 'Invalild lead'])
  })

  test('finds a lead that Microsoft made although its answer came to nothing', async () => {
    const tenantId = randomUUID()
    await control('POST', '/faults', { name: 'cut-connection', operator: 'northwind', endpoint: 'one', times: 1 })
    const made = await make({ tenantId, companyName: 'Late Answer' })
    expect([made.status, made.body.tenantId]).toEqual([200, tenantId])
  })
})

describe('two leads of one tenant', () => {
  test('a consent after a direct lead stands beside it; deleting takes the direct one only', async () => {
    const tenantId = randomUUID()
    const made = await make({ tenantId, companyName: 'Harbour Books' })
    await control('POST', '/consents', { operator: 'northwind', company: 'Harbour Books', tenantId, countries: ['DE'] })
    await sync()
    const both = await ofTenant(tenantId)
    expect(both.map((lead) => lead.isDirectLead).sort()).toEqual([false, true])
    const deleted = await northwind.send('DELETE', `${LEAD}?MsTenantId=${tenantId}`)
    expect([deleted.status, deleted.body]).toEqual([200, 1])
    expect((await ofTenant(tenantId)).map((lead) => lead.isDirectLead)).toEqual([false])
    const { body } = await northwind.get(`/api/v4/journal?objectType=lead&objectId=${made.body.id}`)
    expect(body.data[0]).toMatchObject({ action: 'lead.deleted' })
    const refused = await northwind.send('DELETE', `${LEAD}?msTenantID=${tenantId}`)
    expect([refused.status, refused.text]).toEqual([400, 'Invalid lead'])
  })

  test('a direct lead after a consent is refused with the lead there is', async () => {
    const [consented] = (await northwind.get('/api/v4/leads?status=Active&isDirectLead=false&pageSize=1')).body.data
    const reply = await northwind.send('POST', '/api/v4/leads', { tenantId: consented.tenantId, companyName: 'Y' })
    expect([reply.status, reply.body.code]).toEqual([409, 'lead-exists'])
    expect(reply.body.errors[0].detail).toContain(consented.id)
  })

  test('a consent that was not synced yet is fetched, and refuses too', async () => {
    const tenantId = randomUUID()
    await control('POST', '/consents', { operator: 'northwind', company: 'Just Now', tenantId })
    const reply = await make({ tenantId, companyName: 'Just Now Direct' })
    expect([reply.status, Object.keys(reply.body.errors ?? {})]).toEqual([400, ['TenantId']])
    expect((await ofTenant(tenantId)).length).toBe(1)
  })
})

describe('deleting', () => {
  test('knows an unknown tenant and a lead of another channel as nothing', async () => {
    const unknown = await northwind.send('DELETE', `${LEAD}?msTenantID=${randomUUID()}`)
    expect([unknown.status, unknown.body]).toEqual([404, 'Invalild lead'])
    const tenantId = randomUUID()
    const made = await make({ tenantId, companyName: 'Not Yours' })
    expect((await riverside.send('DELETE', `/api/v4/leads/${made.body.id}`)).status).toBe(404)
    expect((await ofTenant(tenantId)).length).toBe(1)
    expect((await northwind.send('DELETE', `/api/v4/leads/${made.body.id}`)).status).toBe(204)
    expect(await ofTenant(tenantId)).toEqual([])
    // Its number is not given again, and pages still hold every lead once.
    const all = (await northwind.get(`${LEAD}?PageSize=1000`)).body
    expect(new Set(all.map((lead: Json) => lead.id)).size).toBe(all.length)
  })
})

/** Deletes a lead while Microsoft's list with it is on its way. */
const deleteMeanwhile = async (company: string, whileListed: (lead: Json) => Promise<unknown>) => {
  const tenantId = randomUUID()
  const made = await make({ tenantId, companyName: company }, riverside)
  const slow = { name: 'slow', operator: 'northwind', endpoint: 'list', delayMs: 2_500, times: 1 }
  await control('POST', '/faults', slow)
  const listing = sync()
  await eventually(
    async () => (await control('GET', '/faults')).faults,
    (faults) => faults.length === 0,
  )
  const deleted = await riverside.send('DELETE', `${LEAD}?msTenantID=${tenantId}`)
  expect([deleted.status, deleted.body]).toEqual([200, 1])
  await whileListed(made.body)
  await listing
  return tenantId
}

describe('a listing that was read before a deletion', () => {
  test('does not bring the lead back', async () => {
    const tenantId = await deleteMeanwhile('Old Mill', async () => {})
    expect(await ofTenant(tenantId)).toEqual([])
    await sync()
    expect(await ofTenant(tenantId)).toEqual([])
  })

  test('brings back what Microsoft has again', async () => {
    const tenantId = await deleteMeanwhile('New Mill', (lead) => control('POST', `/consents/${lead.id}/restore`, {}))
    expect(await ofTenant(tenantId)).toHaveLength(1)
    const { rows } = await leadline.db.asOwner.query('select deleted_at from direct_lead_trace where tenant_id = $1', [
      tenantId,
    ])
    expect(rows).toEqual([{ deleted_at: null }])
  })
})

test('a direct lead that Microsoft has no more is removed', async () => {
  const tenantId = randomUUID()
  const made = await make({ tenantId, companyName: 'Withdrawn' })
  await sync()
  await control('POST', `/consents/${made.body.id}/purge`, { from: 'listing' })
  await sync()
  expect((await ofTenant(tenantId)).map((lead) => lead.status)).toEqual(['Active'])
  await control('POST', `/consents/${made.body.id}/purge`, {})
  await sync()
  expect((await ofTenant(tenantId)).map((lead) => lead.status)).toEqual(['Removed'])
  expect((await northwind.send('DELETE', `${LEAD}?msTenantID=${tenantId}`)).body).toBe(1)
})

describe('a channel', () => {
  test('owns what it makes, and hears of duplicates of its own only', async () => {
    const tenantId = randomUUID()
    const own = await make({ tenantId, companyName: 'Mill Lane Dental' }, riverside)
    expect([own.status, own.body.ovocChannelId]).toEqual([200, 907])
    const again = await make({ tenantId, companyName: 'Other' }, riverside)
    expect([again.status, Object.keys(again.body.errors)]).toEqual([400, ['TenantId']])

    const elsewhere = randomUUID()
    await make({ tenantId: elsewhere, companyName: 'Held By Carrier' })
    const hidden = await make({ tenantId: elsewhere, companyName: 'Guess' }, riverside)
    expect([hidden.status, hidden.body]).toEqual([404, 'Invalild lead'])
    const { rows } = await leadline.db.asOwner.query(
      "select payload, channel_id from outbox_event where name = 'lead.wanted-by-channel'",
    )
    expect(rows).toEqual([
      { channel_id: null, payload: expect.objectContaining({ tenantId: elsewhere, channelId: 907 }) },
    ])
    // The name is the carrier's secret as well.
    expect((await make({ tenantId: randomUUID(), companyName: 'Held By Carrier' }, riverside)).status).toBe(200)
  })
})

test('the portal passes a name in use when it says so', async () => {
  const body = { tenantId: randomUUID(), companyName: 'Copper Kettle' }
  const warned = await northwind.send('POST', '/api/v4/leads', body)
  expect([warned.status, warned.body.code]).toEqual([409, 'company-name-in-use'])
  const passed = await northwind.send('POST', '/api/v4/leads', { ...body, acceptNameInUse: true })
  expect([passed.status, passed.body.isDirectLead, passed.body.actions.deleteLead]).toEqual([
    201,
    true,
    { allowed: true },
  ])
})

test('a domain names its tenant', async () => {
  const [known] = (await northwind.get('/api/v4/leads?status=Active&isDirectLead=false&pageSize=1')).body.data
  const domain = known.contact.email.split('@')[1]
  const found = await northwind.get(`/api/v4/tenants?domain=https://${domain}/`)
  expect(found.body).toEqual({ domain, tenantId: known.tenantId })
  expect((await northwind.get('/api/v4/tenants?domain=nobody.invalid')).status).toBe(404)
  expect((await northwind.get('/api/v4/tenants?domain=not a domain')).status).toBe(400)
})

describe('the relationship with the customer', () => {
  const relate = (id: string, body: object) => northwind.send('PUT', `/api/v4/leads/${id}/relationship`, body)

  test('is written to Microsoft, told once, and kept by the next sync', async () => {
    // Of the first sync, so that its journal begins here.
    const { data: leads } = (await northwind.get('/api/v4/leads?status=Active&isDirectLead=false&pageSize=12')).body
    const lead = leads.at(-1)
    const { status, body } = await relate(lead.id, { status: 'CustomerContacted', comment: 'Called on Monday' })
    expect([status, body.relationship]).toEqual([
      200,
      { status: 'CustomerContacted', comment: 'Called on Monday', lastModifiedOn: expect.any(String) },
    ])
    await sync()
    const { data } = (await northwind.get(`/api/v4/journal?objectType=lead&objectId=${lead.id}`)).body
    expect(data.filter((entry: Json) => entry.action.startsWith('lead.')).map((entry: Json) => entry.action)).toEqual([
      'lead.relationship-changed',
    ])
    expect(data[0]).toMatchObject({ before: null, after: { status: 'CustomerContacted' } })
  })

  test('wants a reason for its end, and a word Microsoft knows', async () => {
    const [lead] = (await northwind.get('/api/v4/leads?status=Active&pageSize=1')).body.data
    const silent = await relate(lead.id, { status: 'ConsentDeclined' })
    expect([silent.status, silent.body.errors[0].pointer]).toEqual([400, '/body/comment'])
    expect((await relate(lead.id, { status: 'Befriended' })).status).toBe(400)
  })

  test('is not written over what Microsoft holds by now', async () => {
    const { data } = (await northwind.get('/api/v4/leads?status=Active&isDirectLead=false&pageSize=5')).body
    const lead = data.at(-1)
    await control('PATCH', `/consents/${lead.id}`, { relationshipStatus: 'AgreementSigned', relationshipComment: 'A7' })
    const refused = await relate(lead.id, { status: 'CustomerContacted' })
    expect([refused.status, refused.body.code]).toEqual([409, 'relationship-changed'])
    expect(refused.body.detail).toContain('AgreementSigned')
    expect((await northwind.get(`/api/v4/leads/${lead.id}`)).body.relationship.status).toBe('AgreementSigned')
    expect((await relate(lead.id, { status: 'CustomerContacted' })).body.relationship.status).toBe('CustomerContacted')
  })
})

describe('a change of the relationship whose answer is long in coming', () => {
  const told = async (leadId: string) =>
    (
      await leadline.db.asOwner.query(
        `select action, actor_kind, actor_name, after::json->>'status' as status from journal_entry
         where object_id = $1 and action in ('lead.changed', 'lead.relationship-changed') order by entry_id`,
        [leadId],
      )
    ).rows
  const eventsOf = async (leadId: string) =>
    (
      await leadline.db.asOwner.query('select name from outbox_event where key = $1 order by position', [
        `lead/${leadId}`,
      ])
    ).rows.map(({ name }) => name)
  const byClient = (status: string, actor = 'northwind-api') => ({
    ...{
      action: 'lead.relationship-changed',
      actor_kind: 'client',
      actor_name: expect.stringContaining(actor),
      status,
    },
  })
  /** A lead of the first sync that no test has touched. */
  const untouched = async () => {
    const { body } = await northwind.get('/api/v4/leads?status=Active&isDirectLead=false&pageSize=40')
    const { rows } = await leadline.db.asOwner.query('select distinct object_id from journal_entry')
    const known = new Set(rows.map((row) => row.object_id))
    return body.data.find((lead: Json) => !known.has(lead.id) && !lead.relationship) as Json
  }
  /** Microsoft has taken the change, and its answer is under way. */
  const underWay = async (leadId: string, status: string, signal: AbortSignal | null = null) => {
    const slow = { name: 'slow', operator: 'northwind', endpoint: 'relationship', delayMs: 3_000, times: 1 }
    await control('POST', '/faults', slow)
    const answer = fetch(`${leadline.baseUrl}/api/v4/leads/${leadId}/relationship`, {
      ...{ method: 'PUT', body: JSON.stringify({ status }), signal },
      headers: { authorization: `Bearer ${northwind.token}`, 'content-type': 'application/json' },
    }).then((response) => response.status)
    answer.catch(() => {})
    await eventually(
      async () => (await control('GET', '/faults')).faults,
      (faults) => faults.length === 0,
    )
    return { answer }
  }
  const cutOff = async (leadId: string, status: string) => {
    const caller = new AbortController()
    const { answer } = await underWay(leadId, status, caller.signal)
    caller.abort()
    await expect(answer).rejects.toThrow()
  }

  test('is told once, by who made it, when a sync is faster', async () => {
    const { id } = await untouched()
    const { answer } = await underWay(id, 'CustomerContacted')
    await sync()
    expect(await told(id)).toEqual([byClient('CustomerContacted')])
    expect(await answer).toBe(200)
    expect(await told(id)).toEqual([byClient('CustomerContacted')])
    expect(await eventsOf(id)).toEqual(['lead.relationship-changed'])
    const { rows } = await leadline.db.asOwner.query('select from relationship_intent')
    expect(rows).toEqual([])
  })

  test('is told by who made it when nobody has heard the answer', async () => {
    const { id } = await untouched()
    await cutOff(id, 'AgreementSigned')
    await sync()
    expect(await told(id)).toEqual([byClient('AgreementSigned')])
    // What Microsoft changes later is its own.
    await control('PATCH', `/consents/${id}`, { relationshipStatus: 'CustomerContacted', relationshipComment: 'M' })
    await sync()
    expect((await told(id)).map((entry) => entry.action)).toEqual(['lead.relationship-changed', 'lead.changed'])
  })

  test('tells others who is at it, and who has made it', async () => {
    const { id } = await untouched()
    const made = await northwind.send('POST', '/api/v4/clients', {
      ...{ name: 'Second Desk', permissions: ['leads.read', 'leads.write'] },
    })
    const second = await leadline.as(made.body.clientId, made.body.clientSecret)
    const relate = (status: string) => second.send('PUT', `/api/v4/leads/${id}/relationship`, { status })
    await cutOff(id, 'AgreementSigned')
    const busy = await relate('CustomerContacted')
    expect([busy.status, busy.body.code, busy.body.detail]).toEqual([
      409,
      'relationship-changed',
      expect.stringMatching(/^northwind-api is changing it here at this moment, to AgreementSigned\./),
    ])
    expect(Number(busy.headers.get('retry-after'))).toBeGreaterThan(0)
    await leadline.db.asOwner.query(`update relationship_intent set asked_at = now() - interval '1 minute'`)
    const late = await relate('CustomerContacted')
    expect([late.status, late.body.detail]).toEqual([
      409,
      expect.stringMatching(/^northwind-api has changed it here: it is AgreementSigned there now\./),
    ])
    expect((await relate('CustomerContacted')).status).toBe(200)
    expect(await told(id)).toEqual([byClient('AgreementSigned'), byClient('CustomerContacted', 'Second Desk')])
  })

  test('is done when it is asked for again', async () => {
    const { id } = await untouched()
    await cutOff(id, 'AgreementSigned')
    await leadline.db.asOwner.query(`update relationship_intent set asked_at = now() - interval '1 minute'`)
    const again = await northwind.send('PUT', `/api/v4/leads/${id}/relationship`, { status: 'AgreementSigned' })
    expect([again.status, again.body.relationship?.status]).toEqual([200, 'AgreementSigned'])
    expect(await told(id)).toEqual([byClient('AgreementSigned')])
  })
})

test('whoever asks first owns the lead, however many ask at once', async () => {
  const tenantId = randomUUID()
  await control('POST', '/faults', { name: 'slow', operator: 'northwind', endpoint: 'one', delayMs: 1_500, times: 1 })
  const first = make({ tenantId, companyName: 'Asked First' }, riverside)
  await eventually(
    async () => (await leadline.db.asOwner.query('select 1 from lead_intent where tenant_id = $1', [tenantId])).rows,
    (rows) => rows.length === 1,
  )
  const [twice, carrier] = await Promise.all([
    make({ tenantId, companyName: 'Asked Twice' }, riverside),
    make({ tenantId, companyName: 'Asked Later' }),
  ])
  expect([carrier.status, Object.keys(carrier.body.errors)]).toEqual([400, ['TenantId']])
  expect([twice.status, Object.keys(twice.body.errors)]).toEqual([400, ['TenantId']])
  const made = await first
  expect([made.status, made.body.ovocChannelId]).toEqual([200, 907])
  expect((await ofTenant(tenantId)).map((lead) => lead.ovocChannelId)).toEqual([907])
})

describe('asked again with the same Idempotency-Key, a creation that was cut off', () => {
  const keyed = (key: string, body: object, signal: AbortSignal | null = null) =>
    fetch(`${leadline.baseUrl}${LEAD}`, {
      ...{ method: 'POST', body: JSON.stringify(body), signal },
      headers: {
        authorization: `Bearer ${riverside.token}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
    }).then(async (response) => ({ status: response.status, body: (await response.json()) as Json }))
  /** Microsoft has made the lead, and nobody here has heard its answer. */
  const cutOff = async (key: string, body: { tenantId: string; companyName: string }) => {
    await control('POST', '/faults', { name: 'slow', operator: 'northwind', endpoint: 'one', delayMs: 3_000, times: 1 })
    const caller = new AbortController()
    const cut = keyed(key, body, caller.signal)
    await eventually(
      async () => (await control('GET', '/faults')).faults,
      (faults) => faults.length === 0,
    )
    caller.abort()
    await expect(cut).rejects.toThrow()
  }
  const retried = (key: string, body: object) =>
    eventually(
      () => keyed(key, body),
      (reply) => reply.body.code !== 'idempotency-key-busy',
    )

  test('answers its lead, which a sync has brought', async () => {
    const [key, body] = [randomUUID(), { tenantId: randomUUID(), companyName: 'Cut and synced' }]
    await cutOff(key, body)
    await sync()
    const reply = await retried(key, body)
    expect([reply.status, reply.body.tenantId, reply.body.ovocChannelId]).toEqual([200, body.tenantId, 907])
    // With a key of its own it is another request.
    expect((await keyed(randomUUID(), body)).status).toBe(400)
    // Deleted, it is not made a second time.
    const other = { ...body, tenantId: randomUUID(), companyName: 'Cut and deleted' }
    const otherKey = randomUUID()
    await cutOff(otherKey, other)
    await sync()
    await riverside.send('DELETE', `${LEAD}?msTenantID=${other.tenantId}`)
    expect((await retried(otherKey, other)).status).toBe(404)
    expect(await ofTenant(other.tenantId)).toEqual([])
  })

  test('answers its lead, which only Microsoft has', async () => {
    const [key, body] = [randomUUID(), { tenantId: randomUUID(), companyName: 'Cut and alone' }]
    await cutOff(key, body)
    const reply = await retried(key, body)
    expect([reply.status, reply.body.tenantId, reply.body.ovocChannelId]).toEqual([200, body.tenantId, 907])
  })

  test('answers its lead, whose answer was not kept', async () => {
    const [key, body] = [randomUUID(), { tenantId: randomUUID(), companyName: 'Cut at the end' }]
    await leadline.db.asOwner.query(`
      create function fail_once() returns trigger language plpgsql as $$
      begin raise exception 'cut off' using errcode = '57P01'; end $$;
      create trigger fail_once before update on kept_answer for each row execute function fail_once()`)
    expect((await keyed(key, body)).status).toBe(503)
    await leadline.db.asOwner.query('drop trigger fail_once on kept_answer; drop function fail_once()')
    const reply = await keyed(key, body)
    expect([reply.status, reply.body.tenantId]).toEqual([200, body.tenantId])
    expect(await ofTenant(body.tenantId)).toHaveLength(1)
  })
})

test('what a crash leaves is settled by asking Microsoft', async () => {
  const asked = async (tenantId: string, kind: string, channelId: number | null) =>
    leadline.db.asOwner.query(
      `insert into lead_intent (operator_id, tenant_id, kind, company_name, channel_id, asked_by, asked_at)
       values (868, $1, $2, 'Cut Off', $3, 'Dana', now() - interval '1 hour')`,
      [tenantId, kind, channelId],
    )
  const [lost, made, gone, orphan] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
  const doomed = await make({ tenantId: gone, companyName: 'Doomed' })
  await asked(lost, 'create', null)
  await asked(made, 'create', 907)
  await asked(gone, 'delete', null)
  // Its answer was lost, and the first listing brought it.
  const known = await make({ tenantId: randomUUID(), companyName: 'Known By Listing' })
  await asked(known.body.tenantId, 'create', 907)
  // Of a channel that is there no more.
  await asked(orphan, 'create', 99_999)
  await control('POST', '/direct-leads', { operator: 'northwind', company: 'Orphan', tenantId: orphan })
  await control('POST', '/direct-leads', { operator: 'northwind', company: 'Cut Off', tenantId: made })
  await control('POST', `/consents/${doomed.body.id}/purge`, {})
  await sync()
  expect((await ofTenant(made, riverside)).map((lead) => lead.ovocChannelId)).toEqual([907])
  expect(await ofTenant(gone)).toEqual([])
  expect((await ofTenant(known.body.tenantId)).map((lead) => lead.ovocChannelId)).toEqual([907])
  expect((await ofTenant(orphan)).map((lead) => lead.ovocChannelId)).toEqual([null])
  const { rows } = await leadline.db.asOwner.query('select tenant_id from lead_intent')
  expect(rows).toEqual([])
})

test('a first listing that was read before a deletion does not bring the lead back either', async () => {
  await leadline.db.asOwner.query('update sync_state set baseline_at = null where operator_id = 868')
  await leadline.db.asOwner.query('delete from listing_page where operator_id = 868')
  await leadline.db.asOwner.query('delete from lead where operator_id = 868')
  const tenantId = await deleteMeanwhile('Older Mill', async () => {})
  expect(await ofTenant(tenantId)).toEqual([])
})
