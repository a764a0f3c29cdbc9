import { expect } from 'vitest'
import { ask, type Client, eventually, type Json } from '../harness/client.ts'
import { contentsOf, differences } from '../harness/database-contents.ts'
import { type Leadline, startLeadline } from '../harness/leadline.ts'
import { type Outside, startOutside } from '../harness/outside.ts'
import { runNow, SYNC_LEADS } from '../harness/runs.ts'

/**
 * Seeds by which each fault is met, each with other records and pages: as many as npm run faults was told, else 5; on a
 * second PostgreSQL 1, for what Microsoft does wrong does not depend on it.
 */
const COUNT = Number(process.env.LEADLINE_TEST_FAULT_SEEDS ?? (process.env.LEADLINE_TEST_POSTGRES ? 1 : 5))
const FIRST = Number(process.env.LEADLINE_TEST_FAULT_SEED ?? 1)
export const SEEDS = Array.from({ length: COUNT }, (_, index) => FIRST + index)
/** For one fault with all its seeds, on a machine that has other things to do. */
export const FAULT_TIMEOUT_MS = 60_000 + COUNT * 30_000

export type Fault = {
  name: string
  endpoint?: 'token' | 'list' | 'addresses'
  match?: string
  [setting: string]: unknown
}

/** What the two must have in common in the end; what was told on the way is compared by the tests. */
const STATE = ['lead', 'missing leads', 'lead_scope', 'search', 'listing_page']

/** Two installations with one Microsoft: one meets faults, the other looks when all is over. */
export type Pair = {
  outside: Outside
  faulty: Leadline
  throughFaults: Client
  reference: Client
  clean: Leadline
  /** Microsoft changes a twentieth of all consents; returns how many. */
  change(seed: number): Promise<number>
  /** The fault strikes once. */
  strike(seed: number, fault: Fault): Promise<void>
  /** Takes back what has not struck; returns the names. */
  withdraw(): Promise<string[]>
  /** Row for row, once the reference has looked at Microsoft too. */
  expectSame(): Promise<void>
  close(): Promise<void>
}

export async function startPair(leads: number): Promise<Pair> {
  const outside = await startOutside({ leads })
  const ordered = new Set<number>()
  // Addresses have tests of their own; here thousands of calls for them would only take time.
  await outside.control('POST', '/faults', { name: 'forbidden', endpoint: 'addresses' })
  const [faulty, clean] = await Promise.all([startLeadline({ outside }), startLeadline({ outside })])
  const [throughFaults, reference] = await Promise.all([faulty.as('northwind-api'), clean.as('northwind-api')])
  await throughFaults.send('PUT', '/api/v4/connections/868', { requestTimeoutMs: 1_000 })
  for (const { baseUrl } of [faulty, clean]) {
    await eventually(
      () => ask(`${baseUrl}/health/ready`),
      (reply) => reply.status === 200,
      60,
    )
  }
  // A run of the start that is just ending would be taken for one that a test starts.
  await Promise.all([runNow(throughFaults, SYNC_LEADS, 60), runNow(reference, SYNC_LEADS, 60)])

  async function order(fault: Json): Promise<void> {
    const { id } = await outside.control('POST', '/faults', { operator: 'northwind', times: 1, ...fault })
    ordered.add(id)
  }

  return {
    ...{ outside, faulty, clean, throughFaults, reference },
    async change(seed) {
      const { touched } = await outside.control('POST', '/touch', { operator: 'northwind', percent: 5, seed })
      return touched
    },
    async strike(seed, { endpoint, ...fault }) {
      // A token is asked for when Microsoft does not take the one in use any more.
      if (endpoint === 'token') await order({ name: 'unauthorized', endpoint: 'list' })
      await order({ seed, endpoint: endpoint ?? 'list', ...fault })
    },
    async withdraw() {
      const { faults } = await outside.control('GET', '/faults')
      const left = (faults as { id: number; name: string }[]).filter(({ id }) => ordered.has(id))
      for (const { id } of left) await outside.control('DELETE', `/faults/${id}`)
      ordered.clear()
      return left.map(({ name }) => name)
    },
    async expectSame() {
      expect((await runNow(reference, SYNC_LEADS, 60)).state).toBe('succeeded')
      const [found, expected] = await Promise.all([
        contentsOf(faulty.db.asOwner, STATE),
        contentsOf(clean.db.asOwner, STATE),
      ])
      expect(expected.lead?.length).toBeGreaterThanOrEqual(leads)
      expect(differences(found, expected).slice(0, 5)).toEqual([])
    },
    async close() {
      await Promise.all([faulty.close(), clean.close()])
      await outside.close()
    },
  }
}

/** What was told of leads so far: journal entries and events; not what a change means (other countries) told beside it. */
export async function told({ db }: Leadline): Promise<{ entries: number; events: number }> {
  const { rows } = await db.asOwner.query(
    `select (select count(*)::int from journal_entry where operator_id = 868 and action like 'lead.%') as entries,
            (select count(*)::int from outbox_event where operator_id = 868 and name in ('lead.created', 'lead.changed', 'lead.removed')) as events`,
  )
  return rows[0]
}
