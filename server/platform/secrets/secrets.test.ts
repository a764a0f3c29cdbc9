import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { fc } from '../../../test/harness/fast-check.ts'
import { createSealer, createSigner, parseMasterKeys, SealedValueError } from './index.ts'

const oldKey = randomBytes(32).toString('base64')
const newKey = randomBytes(32).toString('hex')
const place = { table: 'connection', row: '868', column: 'client_secret' }
const problemOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    if (error instanceof SealedValueError) return error.problem
    throw error
  }
  return 'opened'
}

describe('sealer', () => {
  const sealer = createSealer(parseMasterKeys(newKey))

  it('opens what it sealed, whatever the text and the place, and nothing in any other place', () => {
    const text = fc.string({ unit: 'grapheme' })
    const somewhere = fc.record({ table: text, row: text, column: text })
    fc.assert(
      fc.property(text, somewhere, somewhere, (secret, here, there) => {
        const sealed = sealer.seal(secret, here)
        expect(sealer.open(sealed, here)).toBe(secret)
        fc.pre(JSON.stringify(here) !== JSON.stringify(there))
        expect(problemOf(() => sealer.open(sealed, there))).toBe('altered-or-moved')
      }),
    )
  })

  it('does not take one split of a place for another', () => {
    const sealed = sealer.seal('x', { table: 'a/b', row: 'c', column: 'd' })
    expect(problemOf(() => sealer.open(sealed, { table: 'a', row: 'b/c', column: 'd' }))).toBe('altered-or-moved')
  })

  it('notices any changed character', () => {
    const sealed = sealer.seal('a secret of some length', place)
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.constantFrom(...'AZaz09-_.'), (at, other) => {
        fc.pre(sealed[at] !== other)
        const changed = sealed.slice(0, at) + other + sealed.slice(at + 1)
        let opened: string | null = null
        try {
          opened = sealer.open(changed, place)
        } catch (error) {
          expect(error).toBeInstanceOf(SealedValueError)
        }
        // The last character of a base64url part has bits that mean nothing.
        expect(opened === null || opened === 'a secret of some length').toBe(true)
      }),
    )
  })

  it('never seals the same text to the same value, and hides it', () => {
    const [one, two] = [sealer.seal('northwind', place), sealer.seal('northwind', place)]
    expect(one).not.toBe(two)
    expect(one).not.toContain(Buffer.from('northwind').toString('base64url'))
  })

  it('opens with an older key after rotation and asks for resealing', () => {
    const sealed = createSealer(parseMasterKeys(oldKey)).seal('secret', place)
    const rotated = createSealer(parseMasterKeys(`${newKey},${oldKey}`))
    expect(rotated.open(sealed, place)).toBe('secret')
    expect(rotated.needsResealing(sealed)).toBe(true)
    expect(rotated.needsResealing(rotated.seal('secret', place))).toBe(false)
    expect(problemOf(() => sealer.open(sealed, place))).toBe('unknown-key')
  })

  it('tells where a value does not open, never what it holds', () => {
    const sealed = sealer.seal('hunter2', place)
    const error = (() => {
      try {
        sealer.open(sealed, { ...place, row: '901' })
      } catch (thrown) {
        return thrown as SealedValueError
      }
    })()
    expect(error?.code).toBe('secret-unreadable')
    expect(error?.message).toContain('client_secret of connection 901')
    expect(error?.message).not.toContain('hunter2')
    expect(problemOf(() => sealer.open('plain text', place))).toBe('malformed')
  })
})

describe('master keys', () => {
  it.each([
    ['', 'no master key'],
    ['c2hvcnQ=', 'has 5 bytes instead of 32'],
    [`${newKey} ${newKey}`, 'listed twice'],
  ])('refuses %j and says how to mend it', (text, message) => {
    expect(() => parseMasterKeys(text)).toThrow(message)
  })
})

describe('signer', () => {
  it('verifies its own purpose and text, also after rotation, and nothing else', () => {
    const signature = createSigner(parseMasterKeys(oldKey), 'journal-head').sign('868 1 ab')
    const rotated = parseMasterKeys(`${newKey}\n${oldKey}\n`)
    expect(createSigner(rotated, 'journal-head').verify('868 1 ab', signature)).toBe(true)
    expect(createSigner(rotated, 'journal-head').verify('868 2 ab', signature)).toBe(false)
    expect(createSigner(rotated, 'other').verify('868 1 ab', signature)).toBe(false)
    expect(createSigner(parseMasterKeys(newKey), 'journal-head').verify('868 1 ab', signature)).toBe(false)
    expect(createSigner(rotated, 'journal-head').verify('868 1 ab', 'nonsense')).toBe(false)
  })
})
