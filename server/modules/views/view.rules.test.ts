import { describe, expect, test } from 'vitest'
import type { Permission } from '../../../contract/permissions.ts'
import { jobPrincipal } from '../../kernel/principal.ts'
import { foldViewName, mayChange, mayShare, ownerOf, type View, viewName, viewQuery } from './view.rules.ts'

const who = (id: string, ...permissions: Permission[]) => ({
  ...jobPrincipal(id, 868, 'test'),
  permissions: new Set(permissions),
})
const dana = who('dana')
const sharer = who('sam', 'views.share')
const viewOf = (shared: boolean): View => ({
  ...{
    viewId: 'v',
    channelId: null,
    owner: ownerOf(dana),
    shared,
    list: 'leads',
    name: 'New',
    query: '',
    columns: null,
  },
  ...{ version: 1, createdAt: new Date(0), createdBy: 'Dana', changedAt: new Date(0) },
})

describe('who may change a view', () => {
  test('its owner, while it is nobody else’s; a shared one whoever may share', () => {
    expect(mayChange(viewOf(false), dana).ok).toBe(true)
    expect(mayChange(viewOf(true), sharer).ok).toBe(true)
    expect(mayChange(viewOf(true), dana)).toMatchObject({ ok: false, code: 'view-not-yours' })
  })

  test('to share takes the permission, to take it back the owner', () => {
    expect(mayShare(null, false, dana).ok).toBe(true)
    expect(mayShare(null, true, dana)).toMatchObject({ ok: false, code: 'permission-missing' })
    expect(mayShare(viewOf(false), true, dana)).toMatchObject({ ok: false, code: 'permission-missing' })
    expect(mayShare(viewOf(false), true, sharer).ok).toBe(true)
    expect(mayShare(viewOf(true), true, dana).ok).toBe(true)
    expect(mayShare(viewOf(true), false, sharer)).toMatchObject({ ok: false, code: 'view-not-yours' })
    expect(mayShare(viewOf(true), false, dana).ok).toBe(true)
  })
})

test('a name is one line, and the same whatever its letters', () => {
  expect(viewName('  New\r\n in\tGermany\u0000 ')).toBe('New in Germany')
  expect(viewName('\u0001 \n')).toBe('')
  expect(foldViewName('MÜNCHEN')).toBe(foldViewName('mu\u0308nchen'))
})

test('a query is what stands after the question mark', () => {
  expect(viewQuery('?status=Active&q=a%20b')).toBe('status=Active&q=a%20b')
  expect(viewQuery('colour=red\r\n')).toBe('colour=red')
})
