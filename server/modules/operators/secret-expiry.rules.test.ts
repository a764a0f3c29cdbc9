import { describe, expect, it } from 'vitest'
import { expiryWarning, secretExpiry } from './secret-expiry.rules.ts'

const NOW = new Date('2026-11-22T23:30:00Z')

describe('the secret of a connection', () => {
  it.each([
    [null, null, 'unknown'],
    ['2027-11-22', 365, 'fine'],
    ['2026-12-23', 31, 'fine'],
    ['2026-12-22', 30, 'soon'],
    ['2026-11-30', 8, 'soon'],
    ['2026-11-29', 7, 'urgent'],
    ['2026-11-23', 1, 'urgent'],
    ['2026-11-22', 0, 'urgent'],
    ['2026-11-21', -1, 'expired'],
    ['2020-02-29', -2458, 'expired'],
  ] as const)('that ends on %s has %s days left and is %s', (on, daysLeft, state) => {
    expect(secretExpiry(on, NOW)).toEqual({ on, daysLeft, state })
  })

  it('warns in words from 30 days on, and says that a date in the past may be wrong', () => {
    const words = (on: string | null) => expiryWarning(secretExpiry(on, NOW))?.detail ?? null
    expect([words(null), words('2026-12-23')]).toEqual([null, null])
    expect(words('2026-12-22')).toBe('The secret expires on 2026-12-22, in 30 days.')
    expect(words('2026-11-23')).toBe('The secret expires on 2026-11-23, tomorrow.')
    expect(words('2026-11-22')).toBe('The secret expires on 2026-11-22, today.')
    expect(words('2026-11-21')).toContain('Microsoft still takes it')
  })
})
