import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { eventually, type Json } from '../harness/client.ts'
import { runNow, SYNC_LEADS, settled, startNow } from '../harness/runs.ts'
import { FAULT_TIMEOUT_MS, type Fault, type Pair, SEEDS, startPair } from './pair.ts'
import { expectPassed } from './passing.ts'

// Lists that lie, tokens that are refused, records that are none: the database ends as that of a clean run.
// Source: design/quality.md R4.

const PASSING: Fault[] = [
  { name: 'repeated-page', match: 'skip=1000' },
  { name: 'endless-next-link', match: 'skip=2000' },
  { name: 'next-link-to-itself' },
  { name: 'no-next-link' },
  { name: 'total-count-lies' },
  { name: 'token-unavailable', endpoint: 'token' },
  { name: 'token-expired-already', endpoint: 'token' },
]
/** The run may fail, or store what it was told; the next one puts it right. */
const MENDED: Fault[] = [
  { name: 'forbidden' },
  { name: 'foreign-next-link' },
  { name: 'token-refused', endpoint: 'token' },
  { name: 'token-secret-expired', endpoint: 'token' },
  { name: 'shrunk-listing' },
  { name: 'empty-listing' },
  ...[
    ...['unknown-status', 'unknown-company-size', 'null-contacts', 'null-contact-details', 'null-record'],
    ...['malformed-record', 'country-uk', 'unknown-field', 'fractional-digits', 'offset-dates'],
  ].map((name) => ({ name, records: 7 })),
]

let pair: Pair
beforeAll(async () => {
  pair = await startPair(2_200)
})
afterEach(async () => {
  await pair.withdraw()
})
afterAll(() => pair?.close())

test.each(PASSING)('$name is passed', { timeout: FAULT_TIMEOUT_MS }, (fault) => expectPassed(pair, fault))

test.each(MENDED)('$name leaves no trace after the next run', { timeout: FAULT_TIMEOUT_MS }, async (fault) => {
  for (const seed of SEEDS) {
    await pair.change(seed)
    await pair.strike(seed, fault)
    const body = { id: await startNow(pair.throughFaults) }
    await eventually(
      async () => (await pair.throughFaults.get(`/api/v4/runs/${body.id}`)).body,
      (run) => run.state === 'succeeded' || run.error !== null,
      60,
    )
    await pair.withdraw()
    const run = await runNow(pair.throughFaults, SYNC_LEADS, 90)
    expect(run.state, `seed ${seed}`).toBe('succeeded')
  }
  await pair.expectSame()
  const { data } = (await pair.throughFaults.get('/api/v4/sync-findings')).body
  // Also the record that was null and has no id by which it could come back: the list does not hold it any more.
  expect(data.filter((finding: Json) => finding.kind === 'malformed')).toEqual([])
})

test('a worker that stops in the middle of a run is followed by one that goes on where it was', async () => {
  await pair.change(777)
  await pair.faulty.stopWorkers()
  const first = await pair.faulty.startWorker()
  await pair.outside.forgetCalls()
  await pair.strike(777, { name: 'slow', delayMs: 5_000, match: 'skip=2000' })
  const body = { id: await startNow(pair.throughFaults) }
  // Progress is told before it is stored: what was not stored by the time a worker stops is rightly read again.
  await eventually(
    async () =>
      (await pair.faulty.db.asOwner.query(`select from job_cursor where (cursor->>'skip')::int >= 2000`)).rowCount,
    (stored) => stored === 1,
  )
  await first.stop()
  await pair.withdraw()
  await pair.faulty.startWorker()
  const run = await settled(pair.throughFaults, body.id)
  expect(run.state).toBe('succeeded')
  expect(await pair.outside.calls('list', 'skip=0')).toBe(1)
  expect(await pair.outside.calls('list', 'skip=1000')).toBe(1)
  await pair.expectSame()
})
