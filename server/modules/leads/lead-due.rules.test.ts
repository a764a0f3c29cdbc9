import { expect, test } from 'vitest'
import type { RemoteLead } from './lead.rules.ts'
import { DEFAULT_WEEK, dueAfter, isJudgement, minuteOf, timeText } from './lead-due.rules.ts'

const london = { ...DEFAULT_WEEK, timeZone: 'Europe/London' }
const hours = (amount: number, week = DEFAULT_WEEK) => ({ amount, unit: 'hours' as const, week })
const days = (amount: number, week = DEFAULT_WEEK) => ({ amount, unit: 'days' as const, week })
const due = (start: string, rule: ReturnType<typeof hours> | ReturnType<typeof days>) =>
  dueAfter(new Date(start), rule).toISOString()

// 2026-11-20 is a Friday.
test.each([
  ['within the day', '2026-11-20T09:00:00Z', hours(4), '2026-11-20T13:00:00.000Z'],
  ['to the minute of closing', '2026-11-20T09:00:00Z', hours(8), '2026-11-20T17:00:00.000Z'],
  ['over the weekend', '2026-11-20T16:00:00Z', hours(2), '2026-11-23T09:00:00.000Z'],
  ['from before opening', '2026-11-20T03:00:00Z', hours(1), '2026-11-20T09:00:00.000Z'],
  ['from the weekend', '2026-11-21T12:00:00Z', hours(1), '2026-11-23T09:00:00.000Z'],
  ['a day is as long as the working day', '2026-11-19T14:00:00Z', days(2), '2026-11-23T14:00:00.000Z'],
  ['days from the weekend end with a day', '2026-11-21T12:00:00Z', days(1), '2026-11-23T17:00:00.000Z'],
  [
    'around the clock',
    '2026-11-21T12:00:00Z',
    hours(24, { ...DEFAULT_WEEK, days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, toMinute: 1440 }),
    '2026-11-22T12:00:00.000Z',
  ],
] as const)('working time %s', (_name, start, rule, expected) => {
  expect(due(start, rule)).toBe(expected)
})

test('clocks that change are followed', () => {
  // British summer time ends on 2026-10-25: 16:00 there is 15:00 UTC before, and 16:00 UTC after.
  expect(due('2026-10-23T14:00:00Z', hours(2, london))).toBe('2026-10-23T16:00:00.000Z')
  expect(due('2026-10-23T15:00:00Z', hours(2, london))).toBe('2026-10-26T09:00:00.000Z')
  // And begins on 2026-03-29.
  expect(due('2026-03-27T16:00:00Z', hours(2, london))).toBe('2026-03-30T08:00:00.000Z')
})

test('a week on the other side of the date line begins with its own Monday', () => {
  const auckland = { ...DEFAULT_WEEK, timeZone: 'Pacific/Auckland' }
  // Sunday evening in UTC is Monday morning there, 13 hours ahead.
  expect(due('2026-11-22T20:00:00Z', hours(1, auckland))).toBe('2026-11-22T21:00:00.000Z')
})

test('times are read as they are written', () => {
  expect([minuteOf('08:30'), minuteOf('24:00'), timeText(510), timeText(1_440)]).toEqual([510, 1_440, '08:30', '24:00'])
})

const remote = (status: string, relation?: string): RemoteLead => ({
  ...{ id: 'a', tenantId: 'b', tenantOrigin: null, operatorId: null, status, isDirectLead: false },
  ...{ consentedOn: '', lastModifiedOn: '', consentedCountries: [], contacts: null },
  contactDetails: { fullName: null, email: null, phoneNumber: null, companyName: null, companySize: null },
  extras: relation === undefined ? {} : { customerRelationship: { status: relation, comment: null } },
})

test.each([
  [remote('Active'), remote('Active', 'ConsentAcknowledged'), false],
  [remote('Active'), remote('Active', 'CustomerContacted'), true],
  [remote('Active', 'CustomerContacted'), remote('Active', 'CustomerContacted'), false],
  [remote('Active', 'CustomerContacted'), remote('Active', 'AgreementSigned'), true],
  [remote('Active', 'CustomerContacted'), remote('Active', 'ConsentAcknowledged'), false],
  [remote('Active'), remote('Active', 'SomethingNew'), true],
  [remote('Active'), remote('Removed'), true],
  [remote('Removed'), remote('Removed'), false],
  [remote('Active'), remote('Suspended'), false],
])('what counts as a judgement', (before, after, expected) => {
  expect(isJudgement(before, after)).toBe(expected)
})
