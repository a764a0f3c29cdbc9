import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import { closedSchema } from './closed-schema.ts'
import { allEventNames, eventSpec, hookEvents } from './events.ts'
import { permissions } from './permissions.ts'

describe('the catalogue of events', () => {
  test.each(allEventNames.map((name) => ({ name })))('$name says what it is, and its example fits', ({ name }) => {
    const { version, summary, payload, example, permission } = eventSpec(name)
    expect(name).toMatch(/^[a-z]+\.[a-z]+(-[a-z]+)*$/)
    expect(version).toBeGreaterThan(0)
    expect(summary).toMatch(/\.$/)
    expect(Compile(closedSchema(payload)).Errors(example)).toEqual([])
    if (permission !== null) expect(permissions).toHaveProperty([permission])
  })

  test('payloads that do not fit are found', () => {
    const { payload, example } = eventSpec('lead.created')
    const check = Compile(closedSchema(payload))
    expect(check.Errors({ ...example, tenantId: 7 })).not.toEqual([])
    expect(check.Errors({ ...example, surprise: true })).not.toEqual([])
  })

  test('what stays inside is not for webhooks', () => {
    expect(hookEvents).not.toContain('leads.synced')
    expect(hookEvents).toContain('lead.created')
  })
})
