import { expect, test } from 'vitest'
import { isWorse, mayTakeLicenses, poolState } from './license-pool.rules.ts'

const pool = (size: number | null, used: number, gracePercent = 0) => ({
  ...{ channelId: 0, kind: 'customers' as const, size, used, warningPercent: 80, gracePercent },
})

test.each([
  [null, 1_000, 0, 'ok'],
  [10, 7, 0, 'ok'],
  [10, 8, 0, 'warning'],
  [10, 10, 0, 'exhausted'],
  [10, 10, 20, 'warning'],
  [10, 11, 20, 'grace'],
  [10, 12, 20, 'exhausted'],
  [10, 40, 20, 'exhausted'],
  [0, 0, 0, 'exhausted'],
] as const)('a pool of %j with %i used and a grace of %i %% is %s', (size, used, grace, state) => {
  expect(poolState(pool(size, used, grace))).toBe(state)
})

test('as many are let through as fit, the grace included', () => {
  expect(mayTakeLicenses(pool(null, 99), 1)).toEqual({ ok: true })
  expect(mayTakeLicenses(pool(10, 11, 20), 1)).toEqual({ ok: true })
  expect(mayTakeLicenses(pool(10, 12, 20), 1)).toMatchObject({ ok: false, code: 'license-pool-exhausted' })
  expect(mayTakeLicenses(pool(0, 0), 1)).toMatchObject({ reason: expect.stringContaining('0 of 0 customers') })
})

test('a threshold is told when it is passed upwards, and not again on the way down', () => {
  expect([isWorse('warning', 'ok'), isWorse('exhausted', 'grace')]).toEqual([true, true])
  expect([isWorse('ok', 'warning'), isWorse('warning', 'warning')]).toEqual([false, false])
})
