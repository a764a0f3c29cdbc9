import { describe, expect, test } from 'vitest'
import type { WireWebhook } from '../../api/webhooks.ts'
import { changeOf, headerOf, targetFlaw, valuesOf } from './webhook-values.ts'

const webhook: WireWebhook = {
  ...{ id: '019a9f60-2b7c-7d10-8f31-6a0c1d2e3f99', kind: 'complete', name: 'CRM' },
  ...{ url: 'https://crm.example.com/hook?key=***', events: ['lead.created', 'lead.removed'], channelId: null },
  ...{ headerName: 'X-Key', state: 'active', pausedBecause: null, pausedAt: null, previousSecretExpiresAt: null },
  ...{ createdAt: '2026-11-22T08:15:30.000Z', createdBy: 'Dana Wills', changedAt: '2026-11-22T08:15:30.000Z' },
  actions: {
    ...{ updateWebhook: { allowed: true }, rotateWebhookSecret: { allowed: true } },
    ...{ pauseWebhook: { allowed: true }, resumeWebhook: { allowed: false } },
  },
}
const same = valuesOf(webhook, null)

describe('what is sent of a form', () => {
  test('is nothing where nothing was changed: neither a masked address nor an unseen header', () => {
    expect(changeOf(same, webhook)).toEqual({})
    expect(changeOf({ ...same, events: [...same.events].reverse() }, webhook)).toEqual({})
  })

  test('is what differs', () => {
    const values = { ...same, name: ' CRM 2 ', url: ' https://crm.example.com/new ', events: ['lead.created'] }
    expect(changeOf(values, webhook)).toEqual({
      ...{ name: 'CRM 2', url: 'https://crm.example.com/new', events: ['lead.created'] },
    })
    expect(changeOf({ ...same, events: [] }, { ...webhook, kind: 'simple' })).toEqual({})
  })

  test('takes the header away, keeps it, or gives it a value', () => {
    expect(headerOf({ ...same, headerName: '' }, webhook)).toBeNull()
    expect(headerOf(same, webhook)).toBeUndefined()
    expect(headerOf({ ...same, headerValue: 'other' }, webhook)).toEqual({ name: 'X-Key', value: 'other' })
    expect(headerOf({ ...same, headerName: '' })).toBeUndefined()
    expect(headerOf({ ...same, headerName: 'X-Key', headerValue: '' })).toEqual({ name: 'X-Key', value: '' })
  })
})

test('what would be sent wrong is named at its field', () => {
  expect(targetFlaw(same, webhook)).toBeNull()
  const other = { ...same, url: 'https://crm.example.com/other?key=***' }
  expect(targetFlaw(other, webhook)).toEqual({ field: 'url', word: 'urlHidden' })
  const half = { ...same, url: 'https://crm.example.com/hooks/…line' }
  expect(targetFlaw(half, webhook)).toMatchObject({ word: 'urlHidden' })
  const elsewhere = { ...same, url: 'https://other.example.com/hook' }
  expect(targetFlaw(elsewhere, webhook)).toEqual({ field: 'headerValue', word: 'headerElsewhere' })
  expect(targetFlaw({ ...elsewhere, headerValue: 'again' }, webhook)).toBeNull()
  expect(targetFlaw({ ...elsewhere, headerName: '' }, webhook)).toBeNull()
  expect(targetFlaw({ ...elsewhere, url: 'https://crm.example.com/other' }, webhook)).toBeNull()
  expect(targetFlaw({ ...same, headerName: 'X-Other' }, webhook)).toEqual({
    ...{ field: 'headerValue', word: 'headerNeedsValue' },
  })
  expect(targetFlaw({ url: '', headerName: '', headerValue: 'x' })).toEqual({
    ...{ field: 'headerName', word: 'headerNeedsName' },
  })
})
