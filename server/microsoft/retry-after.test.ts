import { describe, expect, test } from 'vitest'
import { retryAfterMs } from './retry-after.ts'

const NOW = Date.UTC(2030, 0, 1, 12, 0, 0)

describe('retryAfterMs', () => {
  test.each([
    [undefined, undefined],
    ['', undefined],
    ['1', 1000],
    [' 60 ', 60_000],
    ['315', 315_000],
    ['0', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['Tue, 01 Jan 2030 12:00:30 GMT', 30_000],
    ['Tue, 01 Jan 2030 11:59:59 GMT', undefined],
  ])('%j is %s ms', (text, expected) => {
    expect(retryAfterMs(text === undefined ? {} : { 'retry-after': text }, NOW)).toBe(expected)
  })

  test("a date counts from the answer's own Date, so that a wrong clock here does not shorten the wait", () => {
    const headers = { 'retry-after': 'Tue, 01 Jan 2030 12:00:30 GMT', date: 'Tue, 01 Jan 2030 12:00:00 GMT' }
    expect(retryAfterMs(headers, NOW + 25_000)).toBe(30_000)
    expect(retryAfterMs({ ...headers, date: 'nonsense' }, NOW + 25_000)).toBe(5000)
  })
})
