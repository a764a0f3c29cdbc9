import { expect } from 'vitest'
import { runNow, SYNC_LEADS } from '../harness/runs.ts'
import { type Fault, type Pair, SEEDS, told } from './pair.ts'

/** A fault met in passing: the run succeeds at once, and has stored and told what changed, once. */
export async function expectPassed(pair: Pair, fault: Fault): Promise<void> {
  for (const seed of SEEDS) {
    const before = await told(pair.faulty)
    const touched = await pair.change(seed)
    expect(touched).toBeGreaterThan(50)
    await pair.strike(seed, fault)
    const run = await runNow(pair.throughFaults, SYNC_LEADS, 90)
    expect(await pair.withdraw(), `seed ${seed}: faults that have not struck`).toEqual([])
    expect([run.state, run.attempts], `seed ${seed}: ${JSON.stringify(run.error)}`).toEqual(['succeeded', 1])
    expect(run.counts.changed, `seed ${seed}`).toBe(touched)
    const after = await told(pair.faulty)
    const news = [after.entries - before.entries, after.events - before.events]
    expect(news, `seed ${seed}: journal entries and events`).toEqual([touched, touched])
  }
  await pair.expectSame()
}
