import { describe, expect, test } from 'vitest'
import { allMailKinds, isMailOpenTo } from '../../../contract/mail-choices.ts'
import { permissionsOf } from '../../../contract/roles.ts'
import { htmlText, plainText } from './mail-text.rules.ts'
import { draftNotices, type Notice } from './notice.rules.ts'
import { digestDue } from './notice-writer.ts'
import { isServerTrouble, judgeFailure } from './retry.rules.ts'

describe('a failed attempt', () => {
  test.each([
    [{ stage: 'recipient', code: 550 }, 'bounced'],
    [{ stage: 'data', code: 552 }, 'bounced'],
    [{ stage: 'recipient', code: 451 }, 'again'],
    [{ stage: 'data', code: null }, 'again'],
    // Our own settings are wrong, or the server is: the mail itself may still be good.
    [{ stage: 'sign-in', code: 535 }, 'again'],
    [{ stage: 'sender', code: 553 }, 'again'],
    [{ stage: 'connect', code: 554 }, 'again'],
  ] as const)('%j is %s', (failure, kind) => {
    expect(judgeFailure(failure, 1).kind).toBe(kind)
  })

  test('is waited for two days in all, longer each time', () => {
    const delays: number[] = []
    for (let attempts = 1; ; attempts++) {
      const verdict = judgeFailure({ stage: 'connect', code: null }, attempts)
      if (verdict.kind !== 'again') {
        expect(verdict.kind).toBe('given-up')
        break
      }
      delays.push(verdict.delayMs)
    }
    expect(delays).toEqual([...delays].sort((a, b) => a - b))
    const hours = delays.reduce((sum, delay) => sum + delay, 0) / 3_600_000
    expect(hours).toBeGreaterThanOrEqual(48)
    expect(hours).toBeLessThan(49)
  })

  test('tells of the server or of the mail', () => {
    expect(isServerTrouble({ stage: 'recipient', code: 550 })).toBe(false)
    expect(isServerTrouble({ stage: 'recipient', code: null })).toBe(true)
  })
})

test('who is told of what: by tier and permission, and nobody of what he may not see', () => {
  const open = (tier: 'platform' | 'operator' | 'channel' | 'customer') =>
    allMailKinds.filter((kind) => isMailOpenTo(kind, tier, permissionsOf(tier, 'administrator')))
  expect(open('operator')).toEqual(['new-lead', 'webhook-paused', 'sync-failing', 'secret-expiring'])
  expect(open('channel')).toEqual(['lead-assigned', 'webhook-paused'])
  expect([...open('platform'), ...open('customer')]).toEqual([])
  expect(isMailOpenTo('new-lead', 'operator', ['jobs.read'])).toBe(false)
})

test('the daily mail is due once a day from 06:00 UTC on, and tells of a week at most', () => {
  const due = (last: string | null, now: string) => digestDue(last === null ? null : new Date(last), new Date(now))
  expect(due('2026-11-21T06:03:00Z', '2026-11-22T05:59:00Z')).toBeNull()
  expect(due('2026-11-21T06:03:00Z', '2026-11-22T06:00:00Z')?.toISOString()).toBe('2026-11-21T06:03:00.000Z')
  expect(due('2026-11-22T06:00:00Z', '2026-11-22T23:00:00Z')).toBeNull()
  expect(due('2026-01-01T06:00:00Z', '2026-11-22T06:00:00Z')?.toISOString()).toBe('2026-11-15T06:00:00.000Z')
})

test('a mail of several kinds says each in its subject; markup stays text in HTML', () => {
  const lead = (companyName: string): Notice => ({
    ...{ eventId: '1', name: 'lead.created', channelId: null, at: new Date() },
    payload: { leadId: 'b0c1', companyName, companySize: 'L250_U999', countries: ['GB'] },
  })
  const expiring: Notice = {
    ...{ eventId: '2', name: 'connection.secret-expiring', channelId: null, at: new Date() },
    payload: { on: '2026-12-01', daysLeft: 9, state: 'soon' },
  }
  const where = { operatorName: 'Northwind', pages: 'https://l.example/o/868', account: 'https://l.example/account' }
  const one = draftNotices([lead('A & <b>B</b>')], { ...where, isDigest: false })
  expect(one.subject).toBe('Northwind: New lead: A & <b>B</b>')
  expect(htmlText(one.draft)).toContain('A &amp; &lt;b&gt;B&lt;/b&gt;</a>: GB · 250 to 999 people')
  expect(plainText(one.draft)).toContain('- A & <b>B</b>: GB · 250 to 999 people\n  https://l.example/o/868/leads/b0c1')
  const several = draftNotices([lead('A'), lead('B'), expiring], { ...where, isDigest: true })
  expect(several.subject).toBe('Northwind: your day, 2 new leads, The secret of the connection to Microsoft')
  expect(plainText(several.draft)).toContain('ends in 9 days: Its last day is 2026-12-01.')
})
