import type { CheckResult } from './check-result.ts'
import { type ProgramResult, runNode } from './run-program.ts'

const PROGRAM = 'test/crash/main.ts'
/** R1 asks for 20 here; no round begins after the budget once there are `LEAST`. Source: design/quality.md R1, R2. */
const ROUNDS = 20
const BUDGET_SECONDS = 120
const LEAST = 5
const LEADS = 300
const JOBS = 400
const TIMEOUT_SECONDS = 480

/**
 * The short form of npm run crash: kills at random moments, then pauses longer than the lease. LEADLINE_TEST_CRASH_SEED
 * repeats one.
 */
export async function runCrashes(): Promise<CheckResult> {
  const seed = process.env.LEADLINE_TEST_CRASH_SEED ?? String(Date.now() % 1_000_000)
  const run = (...args: string[]) => runNode(PROGRAM, ['--seed', seed, ...args], { timeoutSeconds: TIMEOUT_SECONDS })
  const kills = await run(
    ...['--rounds', `${ROUNDS}`, '--budget', `${BUDGET_SECONDS}`, '--least', `${LEAST}`],
    ...['--lanes', '2', '--leads', `${LEADS}`],
  )
  const pauses = await run('--r2', '--jobs', `${JOBS}`)
  return judge(seed, kills, pauses)
}

/** What was done is read from what the programs print, so that nothing is claimed that was not. */
function judge(seed: string, kills: ProgramResult, pauses: ProgramResult): CheckResult {
  const [, rounds, failed] = /^(\d+) rounds in \d+ s, (\d+) failed/m.exec(kills.output) ?? []
  const done = Number(rounds ?? 0)
  const killsFailed = kills.code === 0 && done >= LEAST ? 0 : Math.max(1, Number(failed ?? 0))
  const [, effects] = /^R2: (\d+ jobs .* [1-9]\d* pauses .* each effect once)$/m.exec(pauses.output) ?? []
  const pausesFailed = pauses.code === 0 && effects !== undefined ? 0 : 1
  return {
    passed: done - Math.min(done, killsFailed) + (1 - pausesFailed),
    failed: killsFailed + pausesFailed,
    summary: `seed ${seed}, ${done} of ${ROUNDS} rounds of kills in ${BUDGET_SECONDS} s, ${JOBS} jobs under pauses`,
    output: `${kills.output}\n${pauses.output}`,
  }
}
