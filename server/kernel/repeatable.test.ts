import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { fc } from '../../test/harness/fast-check.ts'
import { quoted, repeatedPath } from './repeatable.ts'

it.each([
  'Active',
  '2024-02-30T00:00:00Z',
  'peering.sync-leads-job',
  '691AA0BB-5396-4df6-97ad-83f82e4a64e2',
  'application/x-www-form-urlencoded',
])('repeats %s', (text) => {
  expect(quoted(text)).toBe(JSON.stringify(text))
})

it('repeats no random secret of 128 bits or more, in any usual form', () => {
  const forms = ['hex', 'base64', 'base64url'] as const
  fc.assert(
    fc.property(fc.integer({ min: 16, max: 64 }), fc.constantFrom(...forms), (length, form) => {
      const secret = randomBytes(length).toString(form)
      expect(quoted(secret)).toBe(`a text of ${secret.length} characters`)
      expect(quoted(`lli_${secret}`)).not.toContain(secret)
      expect(repeatedPath(`/api/v4/leads/${encodeURIComponent(secret)}/comments`)).not.toContain(secret.slice(0, 22))
    }),
  )
})

it('keeps the shape of a path', () => {
  const id = '691aa0bb-5396-4df6-97ad-83f82e4a64e2'
  expect(repeatedPath(`/tenantui/api/v2/oc/lead/${id}`)).toBe(`/tenantui/api/v2/oc/lead/${id}`)
  expect(repeatedPath(`/accept-invitation/lli_${'aB3_'.repeat(11)}`)).toBe('/accept-invitation/…')
})
