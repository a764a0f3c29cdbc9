import { describe, expect, it } from 'vitest'
import { findTraces } from './traces.ts'

const secret = 'pl+nted/secret "one" äß~42'
const planted = [{ name: 'it', value: secret }]
const found = (text: string) => findTraces(planted, [{ name: 'log', text: Buffer.from(text).toString('latin1') }])

describe('findTraces', () => {
  it.each([
    ['plain', `a line with ${secret} in it`],
    ['JSON', JSON.stringify({ secret })],
    ['URL', `/path?x=${encodeURIComponent(secret)}`],
    ['form', new URLSearchParams({ grant: 'x', secret }).toString()],
    ['hex', Buffer.from(secret).toString('hex')],
    ['HEX', `\\x${Buffer.from(secret).toString('hex').toUpperCase()}`],
    ['every byte', [...Buffer.from(secret)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')],
    ...[0, 1, 2, 3, 4, 5].flatMap((before) =>
      (['base64', 'base64url'] as const).map((form) => [
        `${form}, ${before} before`,
        Buffer.from(`${'x'.repeat(before)}${secret}${'y'.repeat(before)}`).toString(form),
      ]),
    ),
  ])('finds it as %s', (_form, text) => {
    expect(found(text ?? '')).not.toEqual([])
  })

  it('finds nothing where it is not, and raw bytes where they are', () => {
    expect(found('another secret')).toEqual([])
    const key = Buffer.from('000180ff7f3c22aa', 'hex')
    const text = Buffer.concat([Buffer.from('abc'), key]).toString('latin1')
    expect(findTraces([{ name: 'key', value: key }], [{ name: 'file', text }])).toHaveLength(1)
  })

  it('refuses a secret that chance would find', () => {
    expect(() => findTraces([{ name: 'x', value: 'short' }], [])).toThrow('by chance')
  })
})
