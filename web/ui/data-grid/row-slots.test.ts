import { describe, expect, it } from 'vitest'
import { rowSlots } from './row-slots.ts'

const slots = (before: Record<string, number>, ids: string[]) =>
  Object.fromEntries(rowSlots(new Map(Object.entries(before)), ids))

describe('rowSlots', () => {
  it('numbers rows where there were none', () => expect(slots({}, ['a', 'b'])).toEqual({ a: 0, b: 1 }))

  it('gives the rows of another list the places of those that were there, in their order', () =>
    expect(slots({ a: 0, b: 1, c: 2 }, ['x', 'y'])).toEqual({ x: 0, y: 1 }))

  it('leaves a row where it is, and gives the place of one that was scrolled away to the one that came', () =>
    expect(slots({ a: 0, b: 1, c: 2 }, ['b', 'c', 'd'])).toEqual({ b: 1, c: 2, d: 0 }))

  it('never gives a place twice', () => {
    let before: ReadonlyMap<string, number> = new Map()
    for (const ids of ['abc', 'bcdef', 'f', 'fghij', 'abj']) {
      before = rowSlots(before, [...ids])
      expect(new Set(before.values()).size).toBe(ids.length)
    }
  })
})
