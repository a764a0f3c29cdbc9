import { describe, expect, it } from 'vitest'
import { readTypedTenantId } from './typed-tenant-id.ts'

const ID = 'f94238e5-4f2c-4e1b-8125-2d27122ca75f'

describe('a tenant id that is being typed', () => {
  it('is whole in braces, with blanks, in capitals and without hyphens', () => {
    for (const text of [ID, ` ${ID} `, `{${ID}}`, ` { ${ID} } `, ID.toUpperCase(), ID.replaceAll('-', ''), `${ID}\t`])
      expect([text, readTypedTenantId(text)]).toEqual([text, { state: 'whole', id: ID }])
  })

  it('is begun at every letter of the way, never called wrong', () => {
    for (let end = 1; end < ID.length; end += 1) expect(readTypedTenantId(ID.slice(0, end)).state).toBe('begun')
    expect(readTypedTenantId('{f9')).toEqual({ state: 'begun', digits: 2 })
    expect(readTypedTenantId('f94238e5')).toEqual({ state: 'begun', digits: 8 })
  })

  it('is wrong as soon as it cannot become one', () => {
    for (const text of ['contoso.com', 'g', 'f942-38e5', 'f94238e5--4', '-', `${ID}0`, `${ID}-`, `${ID} ${ID}`])
      expect([text, readTypedTenantId(text).state]).toEqual([text, 'wrong'])
  })

  it('is empty or nobody’s', () => {
    for (const text of ['', '  ', '{}', '{']) expect([text, readTypedTenantId(text).state]).toEqual([text, 'empty'])
    expect(readTypedTenantId('00000000-0000-0000-0000-000000000000')).toEqual({ state: 'nobody' })
  })
})
