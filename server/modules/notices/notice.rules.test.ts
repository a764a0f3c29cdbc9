import { expect, test } from 'vitest'
import { eventCatalogue } from '../../../contract/events.ts'
import { noticeEvents } from '../../../contract/notices.ts'
import { noticesOf, type ToldEvent } from './notice.rules.ts'
import { isRead, NOTHING_READ, READ_AHEAD_MAX, readingAfter } from './reading.rules.ts'

const AT = new Date('2026-11-22T08:15:30.000Z')
let made = 0
const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

function told(name: string, more: Partial<ToldEvent> = {}): ToldEvent {
  const payload: unknown = eventCatalogue[name as 'lead.created']?.example
  return {
    ...{ eventId: idOf(++made), name, operatorId: 868, channelId: null, actor: null, payload, at: AT },
    ...more,
  }
}
const newLead = (n: number, more: Partial<ToldEvent> = {}) =>
  told('lead.created', { payload: { ...eventCatalogue['lead.created'].example, leadId: idOf(n) }, ...more })

test('ten thousand new leads are one notice that names the last of them', () => {
  const events = Array.from({ length: 10_000 }, (_, n) => newLead(n))
  const [only, ...others] = noticesOf(events)
  expect(others).toEqual([])
  expect(only).toMatchObject({ name: 'lead.created', count: 10_000, details: {} })
  expect(only?.leadIds).toEqual([9_999, 9_998, 9_997, 9_996, 9_995].map(idOf))
})

test('what is of another operator, channel, kind or hour is told by itself', () => {
  const others: Partial<ToldEvent>[] = [
    {},
    { operatorId: 869 },
    { channelId: 907 },
    { channelId: 908 },
    { at: new Date('2026-11-22T09:00:00.000Z') },
  ]
  const notices = noticesOf([...others.map((more, n) => newLead(n, more)), told('lead.suspended')])
  expect(notices.map(({ count }) => count)).toEqual([1, 1, 1, 1, 1, 1])
})

test('a lead that changes twice is named once, and what both did is counted', () => {
  const [only] = noticesOf([told('lead.countries-changed'), told('lead.countries-changed')])
  expect(only).toMatchObject({ count: 2, leadIds: [eventCatalogue['lead.countries-changed'].example.leadId] })
})

test('what one person did is his own doing until somebody else joins in', () => {
  const [own] = noticesOf([newLead(1, { actor: 'person/a' }), newLead(2, { actor: 'person/a' })])
  expect(own?.actor).toBe('person/a')
  const [mixed] = noticesOf([newLead(1, { actor: 'person/a' }), newLead(2, { actor: null })])
  expect(mixed?.actor).toBeNull()
})

test('the end of a task is told to who started it, and is news to him', () => {
  const [only] = noticesOf([told('task.finished', { actor: 'person/a' })])
  expect(only).toMatchObject({
    reader: 'person/a',
    actor: null,
    details: { state: 'succeeded', kind: 'leads.archive' },
  })
  expect(noticesOf([told('task.finished', { actor: 'client/c' }), told('task.finished')])).toEqual([])
})

test('a lead that became his is told to its owner, an overdue one to him or, where there is none, to all; as is one whose owner has left', () => {
  const owned = noticesOf([told('lead.owner-changed', { actor: 'person/b' }), told('lead.owner-changed')])
  const { ownerId } = eventCatalogue['lead.owner-changed'].example
  expect(owned).toMatchObject([{ reader: `person/${ownerId}`, count: 2, details: { reason: 'rule' } }])
  const nobodys = { ...eventCatalogue['lead.owner-changed'].example, ownerId: null }
  expect(noticesOf([told('lead.owner-changed', { payload: nobodys })])).toEqual([])
  const left = { ...nobodys, formerOwnerId: ownerId, reason: 'left' }
  expect(noticesOf([1, 2].map(() => told('lead.owner-changed', { payload: left })))).toMatchObject([
    { reader: null, count: 2, details: { reason: 'left' } },
  ])
  const overdue = eventCatalogue['lead.overdue'].example
  expect(
    noticesOf([told('lead.overdue'), told('lead.overdue', { payload: { ...overdue, ownerId: null } })]),
  ).toMatchObject([{ reader: `person/${overdue.ownerId}` }, { reader: null }])
})

test('troubles are told one by one', () => {
  expect(noticesOf([told('sync.failed'), told('sync.failed')])).toHaveLength(2)
})

test('no notice keeps a contact, nor the lead itself', () => {
  const all = noticesOf(noticeEvents.map((name) => told(name, { actor: 'person/a' })))
  expect(all).toHaveLength(noticeEvents.length)
  for (const { details } of all) {
    expect(JSON.stringify(details)).not.toMatch(/megan|contact|7946/i)
    expect(Object.keys(details)).not.toContain('lead')
  }
})

test('nobody is told of events that are not for the bell, and none can hold up the others', () => {
  expect(noticesOf([told('lead.changed'), told('leads.synced'), told('unheard.of')])).toEqual([])
  expect(
    noticesOf([told('lead.created', { payload: null }), told('lead.created', { payload: { leadId: 7 } })]),
  ).toMatchObject([{ count: 2, leadIds: [] }])
})

test('reading goes up to a position, and singly beyond it', () => {
  const single = readingAfter(NOTHING_READ, { positions: [30], newest: 40 })
  expect([10, 30, 40].map((one) => isRead(single, one))).toEqual([false, true, false])
  const both = readingAfter(single, { upTo: 20, newest: 40 })
  expect(both).toEqual({ readUpTo: 20, readAhead: [30] })
  expect(readingAfter(both, { upTo: 30, newest: 40 })).toEqual({ readUpTo: 30, readAhead: [] })
})

test('nothing that is still to come can be read, and reading never goes back', () => {
  const all = readingAfter(NOTHING_READ, { upTo: Number.MAX_SAFE_INTEGER, newest: 40 })
  expect(all).toEqual({ readUpTo: 40, readAhead: [] })
  expect(readingAfter(all, { upTo: 5, newest: 50 })).toEqual(all)
})

test('what is remembered of single ones has an end', () => {
  const positions = Array.from({ length: READ_AHEAD_MAX + 10 }, (_, n) => 100 + n)
  const reading = readingAfter(NOTHING_READ, { positions, newest: 10_000 })
  expect(reading.readAhead).toHaveLength(READ_AHEAD_MAX)
  expect(positions.every((one) => isRead(reading, one))).toBe(true)
  expect(isRead(reading, 1_000)).toBe(false)
})
