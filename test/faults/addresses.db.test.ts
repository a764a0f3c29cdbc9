import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, type Client, eventually } from '../harness/client.ts'
import { contentsOf, differences } from '../harness/database-contents.ts'
import { type Leadline, startLeadline } from '../harness/leadline.ts'
import { type Outside, startOutside } from '../harness/outside.ts'
import { runNow, SYNC_ADDRESSES, SYNC_LEADS, startNow } from '../harness/runs.ts'
import { FAULT_TIMEOUT_MS, SEEDS } from './pair.ts'

// Every fault that may meet the call for a tenant's civic addresses: once it is gone, they are those of a clean run.
// Source: design/quality.md R4.

const FAULTS = [
  ...['throttle-1', 'throttle-no-header', 'throttle-date', 'error-500', 'error-503', 'html-page', 'unauthorized'],
  ...['hang', 'reset-connection', 'slow', 'truncated-json', 'cut-connection', 'forbidden'],
  ...['is-default-text', 'is-default-boolean', 'null-addresses', 'null-locations'],
]

let outside: Outside
let faulty: Leadline
let clean: Leadline
let throughFaults: Client
let reference: Client
beforeAll(async () => {
  outside = await startOutside({ leads: 60 })
  ;[faulty, clean] = await Promise.all([startLeadline({ outside }), startLeadline({ outside })])
  ;[throughFaults, reference] = await Promise.all([faulty.as('northwind-api'), clean.as('northwind-api')])
  await throughFaults.send('PUT', '/api/v4/connections/868', { requestTimeoutMs: 1_000 })
  for (const { baseUrl } of [faulty, clean]) {
    await eventually(
      () => ask(`${baseUrl}/health/ready`),
      (reply) => reply.status === 200,
      60,
    )
  }
  await Promise.all([runNow(throughFaults, SYNC_LEADS, 60), runNow(reference, SYNC_LEADS, 60)])
  // What came with the leads is over: a run that still waits to be tried again would be taken for that of a test.
  await Promise.all([runNow(throughFaults, SYNC_ADDRESSES, 60), runNow(reference, SYNC_ADDRESSES, 60)])
})
afterAll(async () => {
  await Promise.all([faulty?.close(), clean?.close()])
  await outside?.close()
})

/** Some tenants are to be asked about again. */
async function forget({ db }: Leadline, seed: number): Promise<void> {
  await db.asOwner.query(
    `update lead set addresses_asked_at = null, addresses_failed_at = null
     where operator_id = 868 and (arrival + $1) % 6 = 0`,
    [seed],
  )
}

test.each(FAULTS)('%s', { timeout: FAULT_TIMEOUT_MS }, async (name) => {
  for (const seed of SEEDS) {
    await forget(faulty, seed)
    const order = { name, seed, endpoint: 'addresses', operator: 'northwind', times: 1, seconds: 1, delayMs: 300 }
    const { id } = await outside.control('POST', '/faults', order)
    const runId = await startNow(throughFaults, SYNC_ADDRESSES, 60)
    await eventually(
      async () => (await throughFaults.get(`/api/v4/runs/${runId}`)).body,
      (run) => run.state === 'succeeded' || run.error !== null,
      60,
    )
    const { faults } = await outside.control('GET', '/faults')
    expect((faults as { id: number }[]).map((fault) => fault.id)).not.toContain(id)
    await forget(faulty, seed)
    expect((await runNow(throughFaults, SYNC_ADDRESSES, 60)).state, `seed ${seed}`).toBe('succeeded')
  }
  await forget(clean, SEEDS[0] ?? 1)
  expect((await runNow(reference, SYNC_ADDRESSES, 60)).state).toBe('succeeded')
  const [found, expected] = await Promise.all([
    contentsOf(faulty.db.asOwner, ['lead']),
    contentsOf(clean.db.asOwner, ['lead']),
  ])
  expect(differences(found, expected).slice(0, 5)).toEqual([])
})
