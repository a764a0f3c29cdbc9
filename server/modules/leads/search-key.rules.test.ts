import { expect, test } from 'vitest'
import { fc } from '../../../test/harness/fast-check.ts'
import { joinSearchKeys, searchKey } from './search-key.rules.ts'

// Few characters of every length of word, so that one text often holds the other.
const character = fc.constantFrom(...'ab01 .@-_%éñİłж製作أ한😀𠮷'.split(/(?:)/u), '\u{10ffff}')
const text = fc.string({ unit: character, maxLength: 6 })

test('a spelling holds another exactly when the text holds the other text', () => {
  fc.assert(
    fc.property(text, text, (whole, part) => {
      expect(searchKey(whole).includes(searchKey(part))).toBe(whole.includes(part))
    }),
    { numRuns: 3_000 },
  )
})

test('a part is found wherever it stands', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (before, part) => {
      expect(searchKey(`${before}${part}x`)).toContain(searchKey(part))
    }),
  )
})

test('spellings are ASCII letters and digits, no two characters share one, and plain ones are themselves', () => {
  const seen = new Set<string>()
  for (let codePoint = 0; codePoint < 0x3_0000; codePoint++) {
    const word = searchKey(String.fromCodePoint(codePoint))
    if (!/^[A-HJ-Za-z0-9]+$/.test(word)) throw new Error(`${codePoint} is ${word}`)
    seen.add(word)
  }
  expect(seen.size).toBe(0x3_0000)
  expect(searchKey('sofia.whitaker@redstone-freight.example')).toBe('sofiaDwhitakerAredstoneHfreightDexample')
})

test('nothing is found from the end of one text into the next', () => {
  const keys = joinSearchKeys(['ab', 'cd|e'])
  expect(keys).toContain(searchKey('d|e'))
  for (const across of ['abcd', 'ab|cd', 'b|c', '|c']) expect(keys).not.toContain(searchKey(across))
})
