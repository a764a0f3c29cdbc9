import { expect, test } from 'vitest'
import { matching, partsOf } from './palette-item.ts'

const items = ['Users', 'API clients', 'Home', 'Channels', 'Who may do what'].map((label) => ({ label }))
const labels = (typed: string) => matching(items, typed).map(({ label }) => label)

test('words that begin with it come first, and what does not hold it is left out', () => {
  expect(labels('h')).toEqual(['Home', 'Channels', 'Who may do what'])
  expect(labels(' WHAT ')).toEqual(['Who may do what'])
  expect(labels('client')).toEqual(['API clients'])
  expect(labels('nothing')).toEqual([])
  expect(labels('')).toHaveLength(items.length)
})

test('what was typed is marked where it stands first, whatever its letters', () => {
  expect(partsOf('Berg & Tal', 'TAL')).toEqual(['Berg & ', 'Tal', ''])
  expect(partsOf('<b>Berg</b>', 'b')).toEqual(['<', 'b', '>Berg</b>'])
  expect(partsOf('Berg', 'x')).toEqual(['Berg', '', ''])
  expect(partsOf('İstanbul', 'stan')).toEqual(['İstanbul', '', ''])
  expect(partsOf('Berg', ' ')).toEqual(['Berg', '', ''])
})
