import { afterEach, describe, expect, it, vi } from 'vitest'
import { choiceOf, daysOfPreset, isDateChoice, ownDays, rangeOf } from './date-choice.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

/** Bounds as UTC instants, for a user in this time zone. */
function boundsIn(timeZone: string, choice: string, now = '2026-11-22T08:00:00Z') {
  vi.stubEnv('TZ', timeZone)
  const { since, before } = rangeOf(choice, Date.parse(now))
  return [since?.toISOString(), before?.toISOString()]
}

describe('a choice of days', () => {
  it('is a preset, a range with one end at least, or a lone first day', () => {
    for (const choice of ['today', '7d', '30d', '2026-03-01', '2026-03-01..', '..2026-03-31', '2026-03-01..2026-03-01'])
      expect([choice, isDateChoice(choice)]).toEqual([choice, true])
    for (const choice of [
      '',
      '..',
      'tomorrow',
      '2026-02-30',
      '2026-03-31..2026-03-01',
      '2026-03-01..x',
      '1..2..3',
      '0002-11-01',
    ])
      expect([choice, isDateChoice(choice)]).toEqual([choice, false])
  })

  it('goes from the first midnight to the one after the last day, where the user is', () => {
    expect(boundsIn('UTC', '2026-03-01..2026-03-31')).toEqual(['2026-03-01T00:00:00.000Z', '2026-04-01T00:00:00.000Z'])
    expect(boundsIn('Pacific/Kiritimati', '2026-03-01..2026-03-01')).toEqual([
      '2026-02-28T10:00:00.000Z',
      '2026-03-01T10:00:00.000Z',
    ])
    expect(boundsIn('America/New_York', '..2026-12-31')).toEqual([undefined, '2027-01-01T05:00:00.000Z'])
  })

  it('takes a day of 23 or 25 hours for a whole one', () => {
    expect(boundsIn('Europe/Berlin', '2026-03-29..2026-03-29')).toEqual([
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ])
    expect(boundsIn('Europe/Berlin', '2026-10-25..2026-10-25')).toEqual([
      '2026-10-24T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
    ])
  })

  it('begins today where the user is, not in Greenwich', () => {
    expect(boundsIn('Pacific/Kiritimati', 'today', '2026-11-22T11:00:00Z')).toEqual([
      '2026-11-22T10:00:00.000Z',
      undefined,
    ])
    expect(boundsIn('Pacific/Honolulu', 'today', '2026-11-22T09:00:00Z')).toEqual([
      '2026-11-21T10:00:00.000Z',
      undefined,
    ])
    expect(boundsIn('UTC', '7d')).toEqual(['2026-11-16T00:00:00.000Z', undefined])
  })

  it('goes from a preset to the same days of one’s own, and there and back', () => {
    vi.stubEnv('TZ', 'UTC')
    const days = daysOfPreset('7d', Date.parse('2026-11-22T08:00:00Z'))
    expect(days).toEqual({ first: '2026-11-16', last: '2026-11-22' })
    expect(ownDays(choiceOf(days))).toEqual(days)
    expect(choiceOf({ first: '', last: '' })).toBeUndefined()
  })
})
