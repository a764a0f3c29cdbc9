import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

// A short run of npm run crash: 20 kills, or as many as go into its time; and pauses longer than the lease.
// Source: design/quality.md R1, R2. LEADLINE_TEST_CRASH_SEED repeats one.

const program = join(import.meta.dirname, 'main.ts')
const seed = process.env.LEADLINE_TEST_CRASH_SEED ?? String(Date.now() % 1_000_000)

/** What it printed, with all it found when it failed. */
async function crash(...args: string[]): Promise<string> {
  const run = promisify(execFile)(process.execPath, [program, '--seed', seed, ...args], { timeout: 600_000 })
  const { stdout } = await run.catch((error: { stdout?: string }) => {
    throw new Error(`seed ${seed}:\n${error.stdout}`, { cause: error })
  })
  return stdout
}

test('kill -9 of worker, web server, database or all loses and doubles nothing', { timeout: 620_000 }, async () => {
  const told = await crash('--rounds', '20', '--lanes', '3', '--budget', '60', '--leads', '1100')
  const [, rounds, failed] = /^(\d+) rounds in \d+ s, (\d+) failed/m.exec(told) ?? []
  expect(Number(rounds), told).toBeGreaterThan(0)
  expect(failed, told).toBe('0')
})

test('pauses longer than the lease, and kills, leave each effect once', { timeout: 620_000 }, async () => {
  const told = await crash('--r2', '--jobs', '400')
  expect(told).toMatch(/^R2: 400 jobs .* [1-9]\d* pauses .* each effect once$/m)
})
