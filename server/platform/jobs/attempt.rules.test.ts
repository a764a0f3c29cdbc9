import { describe, expect, it } from 'vitest'
import { fc } from '../../../test/harness/fast-check.ts'
import { AppError } from '../../kernel/errors.ts'
import { JobTimedOutError, judgeFailure } from './attempt.rules.ts'

const now = new Date('2026-11-22T12:00:00Z')
const judge = (thrown: unknown, failures = 0, progressed = false, job = {}) =>
  judgeFailure(thrown, { failures, progressed }, job, now, 0.5)

describe('a failed attempt', () => {
  it('is tried again ever later, spread, and given up after five in a row', () => {
    const delays = [0, 1, 2, 3].map((failures) => judge(new Error('no'), failures).delayMs)
    expect(delays).toEqual([1_500, 3_000, 6_000, 12_000])
    expect(judge(new Error('no'), 4)).toMatchObject({
      kind: 'fail',
      failures: 5,
      error: { code: 'unexpected-error', message: 'no', retryAt: null },
    })
  })

  it('counts from the start again when it got further', () => {
    expect(judge(new Error('no'), 4, true)).toMatchObject({ kind: 'retry', failures: 1 })
  })

  it('waits as it was asked to, as often as needed, and does not count that', () => {
    const asked = Object.assign(new Error('slow down'), { code: 'microsoft-throttled', retryAfterMs: 315_000 })
    expect(judge(asked, 4)).toMatchObject({
      kind: 'retry',
      held: true,
      delayMs: 315_000,
      failures: 4,
      error: { code: 'microsoft-throttled', retryAt: '2026-11-22T12:05:15.000Z' },
    })
    const down = new AppError({ code: 'database-unavailable', status: 503, detail: 'away', retryAfterSeconds: 5 })
    expect(judge(down)).toMatchObject({ kind: 'retry', delayMs: 5_000, error: { code: 'database-unavailable' } })
  })

  it('is given up at once when trying again cannot help', () => {
    const hopeless = Object.assign(new Error('wrong secret'), { retryable: false, remedy: 'Enter the secret again.' })
    expect(judge(hopeless)).toMatchObject({ kind: 'fail', error: { remedy: 'Enter the secret again.', retryAt: null } })
  })

  it('says what to do', () => {
    expect(judge(new Error('no'), 4, false, { remedy: 'Test the connection.' }).error.remedy).toBe(
      'Test the connection.',
    )
    expect(judge(new JobTimedOutError(30)).error).toMatchObject({ code: 'job-timed-out' })
    expect(judge(null).error.message).toBe('null')
  })

  it('always ends in a retry in bounds or in a failure, whatever is thrown', () => {
    const hint = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.constant(undefined), fc.boolean())
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.record({ code: hint, retryAfterMs: hint, retryAfterSeconds: hint, retryable: hint }),
        ),
        fc.nat(10),
        (thrown, failures) => {
          const verdict = judge(thrown, failures)
          expect(verdict.delayMs).toBeGreaterThanOrEqual(0)
          expect(verdict.kind === 'fail').toBe(verdict.error.retryAt === null)
          expect(verdict.delayMs).toBeLessThanOrEqual(verdict.held ? 3_600_000 : 300_000)
        },
      ),
    )
  })
})
