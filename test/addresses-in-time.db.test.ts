import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, type Client, eventually } from './harness/client.ts'
import { type Leadline, startLeadline } from './harness/leadline.ts'
import { runNow, SYNC_ADDRESSES, SYNC_LEADS } from './harness/runs.ts'

// Found by npm run crash: a lead whose civic addresses nobody came to ask for, until the clock did. Source: quality.md R1.

let leadline: Leadline
let northwind: Client
beforeAll(async () => {
  leadline = await startLeadline()
  northwind = await leadline.as('northwind-api')
  await eventually(
    () => ask(`${leadline.baseUrl}/health/ready`),
    ({ status }) => status === 200,
    60,
  )
  await quiet()
})
afterAll(() => leadline?.close())

/** Nothing runs, and every event has been heard. */
async function quiet(): Promise<void> {
  await eventually(
    async () => {
      const { rows } = await leadline.db.asOwner.query(
        `select (select count(*)::int from job_run where state in ('queued', 'running'))
           + (select count(*)::int from outbox_event where routed_at is null)
           + (select count(*)::int from outbox_delivery) as open`,
      )
      return rows[0].open
    },
    (open) => open === 0,
    30,
  )
}

async function newDirectLead(company: string): Promise<string> {
  const { tenantId } = await leadline.outside.control('POST', '/direct-leads', { operator: 'northwind', company })
  await leadline.outside.control('POST', `/tenants/${tenantId}/civic-addresses`, { country: 'GB', locations: [{}] })
  return tenantId
}

async function stored(tenantId: string): Promise<{ asked: boolean; failure: string | null; count: number | null }> {
  const { rows } = await leadline.db.asOwner.query(
    `select addresses_asked_at is not null as asked, addresses_failure as failure,
       json_array_length(civic_addresses::json) as count from lead where tenant_id = $1`,
    [tenantId],
  )
  return rows[0]
}

/** Until it is released, no run of the addresses can end: as if the process had little time just then. */
async function holdEnd(): Promise<{ isWaiting(): Promise<boolean>; release(): Promise<void> }> {
  const gate = await leadline.db.asOwner.connect()
  await gate.query('select pg_advisory_lock(868)')
  await gate.query(
    `create function hold_end() returns trigger language plpgsql as $$ begin
       if new.job = '${SYNC_ADDRESSES}' and new.operator_id = 868 and new.state = 'succeeded' then
         perform pg_advisory_xact_lock(868);
       end if;
       return new;
     end $$;
     create trigger hold_end before update on job_run for each row execute function hold_end()`,
  )
  return {
    isWaiting: async () =>
      (await gate.query(`select from pg_locks where locktype = 'advisory' and objid = 868 and not granted`))
        .rowCount === 1,
    release: async () => {
      await gate.query('select pg_advisory_unlock(868)')
      gate.release()
    },
  }
}

test('a lead that comes while a run of the addresses is ending is asked for all the same', async () => {
  const { isWaiting, release } = await holdEnd()
  await northwind.send('POST', `/api/v4/jobs/${SYNC_ADDRESSES}/runs`)
  await eventually(isWaiting, (waiting) => waiting, 20)
  const tenantId = await newDirectLead('Last Minute')
  await runNow(northwind, SYNC_LEADS)
  // Whoever hears of it asks for a run, and gets the one that is ending.
  await eventually(
    async () => (await leadline.db.asOwner.query('select from outbox_delivery')).rowCount,
    (deliveries) => deliveries === 0,
    20,
  )
  expect(await stored(tenantId)).toMatchObject({ asked: false })
  await release()
  await quiet()
  expect(await stored(tenantId)).toEqual({ asked: true, failure: null, count: 1 })
  await leadline.db.asOwner.query('drop trigger hold_end on job_run; drop function hold_end()')
})

test('an answer that does not come in the time of a page is fetched by a worker at once', async () => {
  await leadline.stopWorkers()
  const tenantId = await newDirectLead('No Hurry')
  // More than the time of a page, which also tries twice.
  const order = { name: 'slow', delayMs: 2_500, endpoint: 'addresses', operator: 'northwind', times: 2 }
  const { id } = await leadline.outside.control('POST', '/faults', order)
  const page = await northwind.get(`/api/v2/oc/lead?msTenantId=${tenantId}&checkOnline=true`)
  expect(page.body[0]).toMatchObject({ isDirectLead: true, civicAddresses: null })
  expect(await stored(tenantId)).toMatchObject({ asked: false, failure: 'Microsoft did not answer within 2 seconds.' })
  const asked = await leadline.outside.calls('addresses', tenantId)
  await northwind.get(`/api/v2/oc/lead?msTenantId=${tenantId}`)
  expect(await leadline.outside.calls('addresses', tenantId)).toBe(asked)
  const { faults } = await leadline.outside.control('GET', '/faults')
  if ((faults as { id: number }[]).some((fault) => fault.id === id))
    await leadline.outside.control('DELETE', `/faults/${id}`)
  await leadline.startWorker()
  await quiet()
  expect(await stored(tenantId)).toEqual({ asked: true, failure: null, count: 1 })
})

test('a caller who goes away leaves no mark on the tenant', async () => {
  const tenantId = await newDirectLead('Gone Caller')
  await northwind.get(`/api/v2/oc/lead?msTenantId=${tenantId}&checkOnline=true`)
  await leadline.db.asOwner.query(
    `update lead set addresses_asked_at = null, civic_addresses = null where tenant_id = $1`,
    [tenantId],
  )
  const order = { name: 'slow', delayMs: 1_900, endpoint: 'addresses', operator: 'northwind', times: 2 }
  await leadline.outside.control('POST', '/faults', order)
  await leadline.outside.forgetCalls()
  const leaving = new AbortController()
  const asking = fetch(`${leadline.baseUrl}/api/v2/oc/lead?msTenantId=${tenantId}`, {
    headers: { authorization: `Bearer ${northwind.token}` },
    signal: leaving.signal,
  })
  const gone = expect(asking).rejects.toThrow()
  await sleep(500)
  leaving.abort()
  await gone
  // The server hears of it a moment later.
  await sleep(700)
  await leadline.outside.control('DELETE', '/faults')
  expect(await stored(tenantId)).toMatchObject({ asked: false, failure: null })
})

test('an answer that is there stands when asking again fails', async () => {
  const tenantId = await newDirectLead('Answered Before')
  await northwind.get(`/api/v2/oc/lead?msTenantId=${tenantId}&checkOnline=true`)
  await leadline.db.asOwner.query(
    `update lead set addresses_asked_at = now() - interval '1 hour', civic_addresses = '[]' where tenant_id = $1`,
    [tenantId],
  )
  await leadline.outside.control('POST', '/faults', { name: 'forbidden', endpoint: 'addresses', operator: 'northwind' })
  const { body } = await northwind.get(`/api/v2/oc/lead?msTenantId=${tenantId}`)
  await leadline.outside.control('DELETE', '/faults')
  expect(body).toHaveLength(1)
  expect(await stored(tenantId)).toEqual({ asked: true, failure: null, count: 0 })
})
