import { expect, it } from 'vitest'
import { type ChangeWindow, isOpen, opensAt } from './change-window.rules.ts'

const night: ChangeWindow = { days: [1, 4], from: '22:00', to: '04:00', timeZone: 'Europe/Berlin' }
const noon: ChangeWindow = { days: [7], from: '12:00', to: '13:00', timeZone: 'UTC' }

it.each([
  // 2026-11-23 is a Monday; Berlin is an hour ahead.
  ['2026-11-23T20:59:00Z', false],
  ['2026-11-23T21:00:00Z', true],
  ['2026-11-24T02:59:00Z', true],
  ['2026-11-24T03:00:00Z', false],
  ['2026-11-24T21:30:00Z', false],
  ['2026-11-26T21:00:00Z', true],
])('a window over midnight is open at %s: %s', (instant, open) => {
  expect(isOpen(night, new Date(instant))).toBe(open)
})

it('is always open where there is none', () => {
  expect(isOpen(null, new Date())).toBe(true)
  expect(opensAt(null, new Date())).toBeNull()
})

it.each([
  [night, '2026-11-23T12:34:56Z', '2026-11-23T21:00:00.000Z'],
  [night, '2026-11-24T05:00:00Z', '2026-11-26T21:00:00.000Z'],
  [night, '2026-11-23T22:00:00Z', null],
  [noon, '2026-11-22T13:00:00Z', '2026-11-29T12:00:00.000Z'],
  // Clocks in Berlin go back on 2026-10-25, and forward on 2027-03-28.
  [{ ...night, days: [7] }, '2026-10-24T12:00:00Z', '2026-10-25T21:00:00.000Z'],
  [{ ...night, days: [7] }, '2027-03-27T12:00:00Z', '2027-03-28T20:00:00.000Z'],
])('opens next (%#)', (window, now, opens) => {
  expect(opensAt(window, new Date(now))?.toISOString() ?? null).toBe(opens)
})
