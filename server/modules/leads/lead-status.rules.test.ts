import { expect, test } from 'vitest'
import type { LeadStatusItem } from '../../../contract/lead-status.ts'
import { bySetting, durationText, medianOf, statusItem, summaryOf } from './lead-status.rules.ts'

const item = (state: LeadStatusItem['state'], code: string, system = 'leadline') =>
  statusItem({ code, system, state, title: `Title of ${code}`, source: 'Leadline' })

test('the summary speaks of what failed or needs somebody first, then of what is waited for, worked on, and ready', () => {
  const all = [item('done', 'a'), item('waiting', 'b'), item('running', 'c'), item('failed', 'd'), item('open', 'e')]
  const codes: (string | null)[] = []
  for (const gone of ['', 'd', 'b', 'c', 'e']) {
    all.splice(0, all.length, ...all.filter(({ code }) => code !== gone))
    codes.push(summaryOf(all).code)
  }
  expect(codes).toEqual(['d', 'b', 'c', 'e', null])
  // What is open elsewhere keeps nobody from going on.
  expect(summaryOf([item('open', 'made-direct', 'customer')])).toMatchObject({ state: 'done', code: null })
})

test('the next step belongs to the summary', () => {
  const waiting = { ...item('waiting', 'b'), next: { by: 'customer' as const, text: 'Ask.' } }
  expect(summaryOf([waiting]).text).toBe('Title of b. Ask.')
})

test.each([
  [0.2, 'less than a second'],
  [1, '1 second'],
  [90, '90 seconds'],
  [120, '2 minutes'],
  [3_600, '1 hour'],
  [5_400, '90 minutes'],
  [86_400, '1 day'],
  [200_000, '2 days'],
])('%d seconds are %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text)
})

test('a setting of one unit is said without the number', () => {
  expect(bySetting(3_600, 'Leads are synced').text).toBe('Leads are synced every hour')
})

test('the median of durations', () => {
  expect([medianOf([5]), medianOf([9, 1, 2]), medianOf([4, 1, 3, 2])]).toEqual([5, 2, 2.5])
})
