import { expect, it } from 'vitest'
import { secretEnd } from './secret-days.ts'

const at = (day: number, hour = 12) => new Date(2026, 10, day, hour).getTime()

it('counts the days to the end of a secret, and knows when it is over', () => {
  expect(secretEnd('2026-11-25', at(22))?.days).toBe(3)
  expect(secretEnd('2026-11-22', at(22))?.days).toBeLessThanOrEqual(0)
  expect(secretEnd('2026-11-01', at(22))?.days).toBeLessThan(0)
  expect(secretEnd(null, at(22))).toBeNull()
  expect(secretEnd('soon', at(22))).toBeNull()
})
