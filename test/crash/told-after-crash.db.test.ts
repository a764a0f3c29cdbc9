import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, eventually } from '../harness/client.ts'
import { type Leadline, startLeadline } from '../harness/leadline.ts'
import { settled, startNow } from '../harness/runs.ts'

// Found by npm run crash: an attempt that ends after its pages are stored and before its end must not keep it to itself
// that leads have changed. Source: design/quality.md R1.

let leadline: Leadline
let northwind: Client
beforeAll(async () => {
  leadline = await startLeadline({ leads: 1_300 })
  northwind = await leadline.as('northwind-api')
  await eventually(
    () => northwind.get('/health/ready'),
    ({ status }) => status === 200,
    60,
  )
})
afterAll(() => leadline?.close())

/** Until `repair`, no listing comes to its end. */
async function breakEndOfListing(): Promise<{ repair(): Promise<void> }> {
  await leadline.db.asOwner.query(
    `create function no_end() returns trigger language plpgsql as $$ begin raise exception 'no end yet'; end $$;
     create trigger no_end before update on sync_state for each row execute function no_end()`,
  )
  return {
    repair: async () => {
      await leadline.db.asOwner.query('drop trigger no_end on sync_state; drop function no_end()')
    },
  }
}

test('what was stored before a crash is told after it', async () => {
  const { touched } = await leadline.outside.control('POST', '/touch', { operator: 'northwind', percent: 10, seed: 3 })
  const { repair } = await breakEndOfListing()
  const body = { id: await startNow(northwind) }
  await eventually(
    async () => (await northwind.get(`/api/v4/runs/${body.id}`)).body,
    (run) => run.error !== null,
  )
  await repair()
  const run = await settled(northwind, body.id, 60)
  expect([run.state, run.counts.changed]).toEqual(['succeeded', touched])
  const { rows } = await leadline.db.asOwner.query(
    `select payload from outbox_event where name = 'leads.synced' and payload->>'runId' = $1`,
    [body.id],
  )
  expect(rows.map(({ payload }) => payload.changed)).toEqual([touched])
})
