import { describe, expect, it } from 'vitest'
import { ALL_SELECTED, countSelected, idsBetween, isRowSelected, NOTHING_SELECTED, withRows } from './grid-selection.ts'

const rows = ['a', 'b', 'c', 'd'].map((id) => ({ id }))

describe('a choice of rows', () => {
  it('grows and shrinks by name', () => {
    const two = withRows(NOTHING_SELECTED, ['a', 'b'], true)
    const one = withRows(two, ['a'], false)
    expect([countSelected(two, 10), countSelected(one, 10)]).toEqual([2, 1])
    expect([isRowSelected(one, 'a'), isRowSelected(one, 'b'), isRowSelected(one, 'c')]).toEqual([false, true, false])
  })

  it('is of the whole list but for those taken out of it', () => {
    const most = withRows(ALL_SELECTED, ['a', 'b'], false)
    expect([countSelected(most, 10), isRowSelected(most, 'a'), isRowSelected(most, 'not loaded')]).toEqual([
      8,
      false,
      true,
    ])
    expect(countSelected(withRows(most, ['a'], true), 10)).toBe(9)
    expect(countSelected(most, 1)).toBe(0)
  })

  it('spans from one row to another in either direction, or not at all', () => {
    expect(idsBetween(rows, 'b', 'd')).toEqual(['b', 'c', 'd'])
    expect(idsBetween(rows, 'c', 'a')).toEqual(['a', 'b', 'c'])
    expect(idsBetween(rows, 'gone', 'a')).toBeNull()
  })
})
