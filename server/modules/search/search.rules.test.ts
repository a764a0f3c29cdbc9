import { expect, test } from 'vitest'
import { bestOf, rankOf } from './search.rules.ts'

test.each([
  ['berg', 'berg', 0],
  ['berg & tal gmbh', 'berg', 1],
  ['hotel zum berg', 'berg', 2],
  ['hotel zum berg', 'zum berg', 2],
  ['o’berg', 'berg', 2],
  ['heidelberg ag', 'berg', 3],
  ['contoso', 'berg', 4],
  ['', 'berg', 4],
])('%s answers %s in rank %i', (name, typed, rank) => {
  expect(rankOf(name, typed)).toBe(rank)
})

test('the best come first, equals stay in their order, and only so many are told', () => {
  const names = ['heidelberg ag', 'contoso', 'berg two', 'hotel berg', 'berg one', 'berg']
  expect(bestOf(names, (name) => [name], 'berg', 4)).toEqual(['berg', 'berg two', 'berg one', 'hotel berg'])
  expect(bestOf(names, (name) => [name], 'berg', 10)).toHaveLength(names.length)
})

test('the best of several names counts', () => {
  const found = [['berg'], ['contoso', 'berg'], ['heidelberg', 'x']]
  expect(bestOf(found, (names) => names, 'berg', 2)).toEqual([['berg'], ['contoso', 'berg']])
})
