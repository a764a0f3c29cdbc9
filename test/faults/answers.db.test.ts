import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { eventually } from '../harness/client.ts'
import { SYNC_LEADS, settled } from '../harness/runs.ts'
import { FAULT_TIMEOUT_MS, type Fault, type Pair, SEEDS, startPair } from './pair.ts'
import { expectPassed } from './passing.ts'

// Answers that are none, and answers that say "later": the database ends as that of a clean run. Source: quality.md R4.

const PASSING: Fault[] = [
  { name: 'throttle-1' },
  { name: 'throttle-no-header' },
  { name: 'throttle-date', seconds: 1 },
  { name: 'error-500' },
  { name: 'error-503', match: 'skip=1000' },
  { name: 'html-page' },
  { name: 'unauthorized', match: 'skip=2000' },
  { name: 'hang' },
  { name: 'reset-connection' },
  { name: 'slow', delayMs: 300 },
  { name: 'truncated-json', match: 'skip=1000' },
  { name: 'cut-connection' },
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

/** A minute is waited for within the run, five minutes by the queue; for both time is moved on by another worker. */
const LATER = [
  { name: 'throttle-60', asked: 60 },
  { name: 'throttle-315', asked: 315 },
]

test.each(LATER)(
  '$name is waited for, and nobody knocks before',
  { timeout: FAULT_TIMEOUT_MS },
  async ({ name, asked }) => {
    for (const seed of SEEDS.slice(0, Math.max(1, SEEDS.length / 5))) {
      const touched = await pair.change(seed)
      await pair.outside.forgetCalls()
      await pair.strike(seed, { name })
      const { body } = await pair.throughFaults.send('POST', `/api/v4/jobs/${SYNC_LEADS}/runs`)
      await eventually(
        () => pair.outside.calls('list'),
        (calls) => calls > 0,
      )
      await sleep(1_500)
      expect(await pair.outside.calls('list')).toBe(1)
      const waiting = (await pair.throughFaults.get(`/api/v4/runs/${body.id}`)).body
      expect(['queued', 'running']).toContain(waiting.state)
      if (asked > 120) {
        const inSeconds = (Date.parse(waiting.error.retryAt) - Date.now()) / 1_000
        expect(inSeconds).toBeGreaterThan(asked - 30)
        expect(inSeconds).toBeLessThanOrEqual(asked)
        // Asking once more does not bring it forward.
        await pair.throughFaults.send('POST', `/api/v4/jobs/${SYNC_LEADS}/runs`)
        await sleep(800)
        expect(await pair.outside.calls('list')).toBe(1)
      }
      await pair.faulty.stopWorkers()
      await pair.faulty.db.asOwner.query(`update job_run set due_at = now() where state = 'queued'`)
      await pair.faulty.startWorker()
      const run = await settled(pair.throughFaults, body.id, 60)
      expect([run.state, run.counts.changed]).toEqual(['succeeded', touched])
    }
    await pair.expectSame()
  },
)
