import { describe, expect, test } from 'vitest'
import { allMailKinds, isMailOpenTo } from '../../../contract/mail-choices.ts'
import { permissionsOf } from '../../../contract/roles.ts'
import { htmlText, plainText } from './mail-text.rules.ts'
import { draftNotices, keptPayload, type Notice, noticesFor } from './notice.rules.ts'
import { isDigestDue } from './notice-writer.ts'
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
  expect(open('operator')).toEqual([
    ...['new-lead', 'lead-owned', 'lead-overdue', 'lead-unowned', 'webhook-paused', 'webhook-failing', 'webhook-dead'],
    ...['sync-failing', 'secret-expiring'],
  ])
  expect(open('channel')).toEqual([
    ...['lead-assigned', 'lead-owned', 'lead-overdue', 'lead-unowned'],
    ...['webhook-paused', 'webhook-failing', 'webhook-dead'],
  ])
  expect([...open('platform'), ...open('customer')]).toEqual([])
  expect(isMailOpenTo('new-lead', 'operator', ['jobs.read'])).toBe(false)
})

test('the daily mail is due once a day from 06:00 UTC on', () => {
  const due = (last: string | null, now: string) => isDigestDue(last === null ? null : new Date(last), new Date(now))
  expect(due('2026-11-21T06:03:00Z', '2026-11-22T05:59:00Z')).toBe(false)
  expect(due('2026-11-21T06:03:00Z', '2026-11-22T06:00:00Z')).toBe(true)
  expect(due('2026-11-22T06:00:00Z', '2026-11-22T23:00:00Z')).toBe(false)
  expect(due(null, '2026-11-22T06:00:00Z')).toBe(true)
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

test('what is wrong with a webhook is said, with the page where it is seen', () => {
  const where = { operatorName: 'Northwind', pages: 'https://l.example/o/868', account: 'https://l.example/account' }
  const mailOf = (name: string, payload: object) => {
    const kept = { eventId: 'e', name, channelId: null, at: new Date(0) }
    const told = { ...kept, payload: keptPayload(name, { webhookId: 'w1', name: 'CRM', ...payload }) }
    const { subject, draft } = draftNotices([told], { ...where, isDigest: false })
    return [subject, draft.sections[0]?.lines[0]?.url, draft.sections[0]?.lines[0]?.detail]
  }
  const page = 'https://l.example/o/868/settings/webhooks/w1'
  expect(mailOf('webhook.failing', { lastError: 'No answer.' })).toEqual([
    ...['Northwind: A webhook fails: CRM', page],
    'nothing could be delivered for half an hour; it is tried again. No answer.',
  ])
  expect(mailOf('webhook.event-dead', { count: 3, lastError: 'It answered 400.' })).toEqual([
    ...['Northwind: Events were given up: CRM', `${page}?state=dead`],
    '3 events were tried for three days and given up; replay what is still wanted. It answered 400.',
  ])
})

test('an owner is told of his leads, and of those that nobody has whoever has to find somebody', () => {
  const reader = (personId: string, channelId: number | null, level: 'operator' | 'administrator' = 'operator') => ({
    ...{ personId, name: personId, email: `${personId}@example.com`, level, channelId, choices: {} },
    tier: channelId === null ? ('operator' as const) : ('channel' as const),
  })
  const [dana, omar, rita] = [
    reader('dana', null),
    reader('omar', null, 'administrator'),
    reader('rita', 907, 'administrator'),
  ]
  const notice = (name: string, channelId: number | null, payload: object) => ({
    ...{ eventId: 'e', name, channelId, at: new Date(0) },
    payload: { leadId: 'lead', ...payload },
  })
  const toldOf = (told: ReturnType<typeof notice>) =>
    [dana, omar, rita]
      .filter((one) => noticesFor(one, [told], 'at-once', new Map([['lead', told.channelId]])).length > 0)
      .map(({ name }) => name)
  expect(toldOf(notice('lead.owner-changed', null, { ownerId: 'dana', byPersonId: 'omar' }))).toEqual(['dana'])
  expect(toldOf(notice('lead.owner-changed', null, { ownerId: 'dana', byPersonId: 'dana' }))).toEqual([])
  expect(toldOf(notice('lead.owner-changed', null, { ownerId: null, byPersonId: 'omar' }))).toEqual([])
  const left = { ownerId: null, byPersonId: null, reason: 'left' }
  expect(toldOf(notice('lead.owner-changed', null, left))).toEqual(['omar'])
  expect(toldOf(notice('lead.owner-changed', 907, left))).toEqual(['rita'])
  expect(toldOf(notice('lead.owner-changed', 907, { ...left, reason: 'moved' }))).toEqual([])
  expect(toldOf(notice('lead.owner-changed', 907, { ownerId: 'rita', byPersonId: null }))).toEqual(['rita'])
  expect(toldOf(notice('lead.overdue', 907, { ownerId: 'dana' }))).toEqual(['dana'])
  expect(toldOf(notice('lead.overdue', null, { ownerId: null }))).toEqual(['dana', 'omar'])
  expect(toldOf(notice('lead.overdue', 907, { ownerId: null }))).toEqual(['rita'])
})

test('of an overdue lead is kept and said what the mail shows', () => {
  const lead = { companyName: 'Contoso', companySize: 'L250_U999', consentedCountries: ['DE'], contact: { email: 'x' } }
  const dueAt = '2026-11-23T12:00:00.000Z'
  const kept = keptPayload('lead.overdue', { leadId: 'lead', tenantId: 't', lead, ownerId: 'dana', dueAt })
  expect(kept).toEqual({
    ...{ leadId: 'lead', companyName: 'Contoso', companySize: 'L250_U999', countries: ['DE'] },
    ...{ ownerId: 'dana', byPersonId: null, dueAt, reason: null },
  })
  const notice = { eventId: 'e', name: 'lead.overdue', channelId: null, payload: kept, at: new Date(0) }
  const { subject, draft } = draftNotices([notice], {
    ...{ operatorName: 'Northwind', pages: 'https://leads.example.com', account: 'https://leads.example.com/account' },
    isDigest: false,
  })
  expect(subject).toBe('Northwind: Overdue: Contoso')
  expect(draft.sections[0]?.lines[0]?.detail).toBe('was due 2026-11-23 12:00 UTC · DE · 250 to 999 people')
})
