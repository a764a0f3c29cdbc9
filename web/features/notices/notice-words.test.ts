import i18next from 'i18next'
import { beforeAll, describe, expect, test } from 'vitest'
import { eventCatalogue } from '../../../contract/events.ts'
import { noticeEvents, type WireNotice } from '../../../contract/notices.ts'
import { permissionsOf } from '../../../contract/roles.ts'
import type { Operator } from '../../shell/operator.ts'
import { loadWords } from '../../words/words.ts'
import { noticePlace } from './notice-place.ts'
import { noticeWords } from './notice-words.ts'

beforeAll(async () => {
  await loadWords()
  await import('../../words/en-notices.ts')
})

const LEAD = { id: 'b0c1f4c2-6a4f-4a52-8a3b-54d1a0a1c9d2', companyName: 'Contoso Ltd' }

function noticeOf(event: WireNotice['event'], more: Partial<WireNotice> = {}): WireNotice {
  return {
    ...{ id: '019a9f60-2b7c-7d10-8f31-6a0c1d2e3f55', position: 1, event, count: 1, leads: [LEAD], channel: null },
    details: eventCatalogue[event].example as Record<string, unknown>,
    ...{ since: '2026-11-22T08:00:00.000Z', at: '2026-11-22T08:00:00.000Z', read: false },
    ...more,
  }
}
const words = (notice: WireNotice, isWholeOperator = true) => noticeWords(i18next.t, notice, isWholeOperator)

const held = new Set<string>(permissionsOf('operator', 'administrator'))
const administrator = {
  ...{ operatorId: 868, name: 'Northwind Voice', channelId: null, channelName: null, tenantId: null },
  ...{ permissions: [], isWholeOperator: true, can: (permission: string) => held.has(permission) },
} as unknown as Operator

describe.each(noticeEvents)('%s', (event) => {
  test('is told in words, one and many', () => {
    for (const count of [1, 1_234]) {
      const { text, detail = '' } = words(noticeOf(event, { count }))
      expect(text).not.toMatch(/^notices\.|\{\{|undefined/)
      expect(detail).not.toMatch(/notices\.|\{\{|undefined/)
      expect(text.length).toBeGreaterThan(8)
    }
  })

  test('leads to its object, or to the list of many', () => {
    const place = noticePlace(noticeOf(event), administrator)
    // A lead that was taken from one's channel is not to be seen any more.
    if (event === 'lead.channel-removed') return
    expect(place?.params).toMatchObject({ operatorId: '868' })
    expect(JSON.stringify(place?.params)).not.toContain('undefined')
    if (event.startsWith('lead.')) expect(place?.params).toMatchObject({ leadId: LEAD.id })
  })
})

test('many leads are counted as people write numbers', () => {
  expect(words(noticeOf('lead.created', { count: 1_234 })).text).toBe(`${(1_234).toLocaleString()} new leads`)
})

test('a lead that is gone has no name and leads nowhere', () => {
  const gone = noticeOf('lead.suspended', { leads: [{ id: LEAD.id, companyName: null }] })
  expect(words(gone).text).toBe('Suspended: a lead that is not here any more')
  expect(noticePlace(gone, administrator)).toBeNull()
})

test('leads whose owner has left are told as such, and lead to their list', () => {
  const notice = noticeOf('lead.owner-changed', { count: 2, details: { reason: 'left' } })
  expect(words(notice).text).toBe('The owner of 2 leads has left, nobody sees to them')
  expect(noticePlace(notice, administrator)?.search).toMatchObject({ owner: 'left' })
  const channel = { ...administrator, isWholeOperator: false }
  expect(noticePlace(notice, channel)?.search).toMatchObject({ owner: 'none' })
  expect(words(noticeOf('lead.owner-changed')).text).toContain('for you to see to')
})

test('who may not change the connection is not sent there', () => {
  const monitor = { ...administrator, can: () => false }
  expect(noticePlace(noticeOf('connection.secret-expiring'), monitor)).toBeNull()
})

test('a channel is not told that its leads are its own', () => {
  const notice = noticeOf('lead.channel-assigned', { channel: { id: 907, name: 'Riverside IT' } })
  expect([words(notice).detail, words(notice, false).detail]).toEqual(['Channel: Riverside IT', undefined])
})
