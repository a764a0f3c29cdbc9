import { expect, test } from 'vitest'
import { addDays, daysBetween, isDay, licenseInfoDays, monthsBefore, type ServiceFact } from './license-usage.rules.ts'

const fact = (day: string, licensedUsers: number, present = true): ServiceFact => ({
  ...{ day, licensedUsers, usedNumbers: 0, present, recordedAt: new Date(`${day}T02:00:00.123Z`) },
})
const shown = (facts: ServiceFact[], from: string, to: string) =>
  licenseInfoDays('a', facts, from, to).map(({ lastUpdate, acquiredLicenses }) => [
    lastUpdate.slice(0, 10),
    acquiredLicenses,
  ])

test('a fact holds until the next one, from its own day on', () => {
  const facts = [fact('2026-01-30', 5), fact('2026-02-02', 7)]
  expect(shown(facts, '2026-01-28', '2026-02-03')).toEqual([
    ['2026-01-30', 5],
    ['2026-01-31', 5],
    ['2026-02-01', 5],
    ['2026-02-02', 7],
    ['2026-02-03', 7],
  ])
  expect(shown(facts, '2026-02-01', '2026-02-01')).toEqual([['2026-02-01', 5]])
})

test('days on which the service was gone are left out, and of no facts nothing is told', () => {
  expect(shown([fact('2026-01-01', 1), fact('2026-01-02', 0, false)], '2026-01-01', '2026-01-05')).toEqual([
    ['2026-01-01', 1],
  ])
  expect(shown([], '2026-01-01', '2026-01-05')).toEqual([])
})

test('the documented instant has seven decimals and an offset', () => {
  const [record] = licenseInfoDays('a', [fact('2026-01-01', 1)], '2026-01-01', '2026-01-01')
  expect(record?.lastUpdate).toBe('2026-01-01T02:00:00.1230000+00:00')
})

test('days of the calendar', () => {
  expect([isDay('2026-02-28'), isDay('2026-02-30'), isDay('2024-02-29'), isDay('26-1-1')]).toEqual([
    true,
    false,
    true,
    false,
  ])
  expect([addDays('2026-02-28', 1), daysBetween('2026-02-27', '2026-03-01')]).toEqual(['2026-03-01', 2])
  expect([monthsBefore('2026-03-31', 1), monthsBefore('2026-01-15', 13)]).toEqual(['2026-02-28', '2024-12-15'])
})
