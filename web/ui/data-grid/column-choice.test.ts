import { expect, test } from 'vitest'
import { placedColumns, shownColumns, withChosenWidth } from './column-choice.ts'
import type { GridColumn } from './grid-column.ts'

const column = (id: string, more: Partial<GridColumn<null>> = {}): GridColumn<null> => ({
  ...{ id, header: id, width: 100, grow: 1, cell: () => null },
  ...more,
})
const columns = ['a', 'b', 'c', 'd'].map((id) => column(id))
const idsOf = (found: readonly GridColumn<null>[]) => found.map(({ id }) => id).join('')

test('without a choice the columns are the very same ones', () => {
  expect(shownColumns(columns, null, null)).toBe(columns)
  const more = [...columns, column('e', { isOptional: true })]
  expect(idsOf(shownColumns(more, null, null))).toBe('abcd')
  expect(idsOf(shownColumns(more, [{ id: 'e', shown: true }], null))).toBe('abcde')
})

test('a choice orders and hides, and a width that was chosen does not grow', () => {
  const chosen = [
    { id: 'c', shown: true, width: 240 },
    { id: 'a', shown: false },
    { id: 'd', shown: true },
    { id: 'b', shown: true },
  ]
  const shown = shownColumns(columns, chosen, null)
  expect(idsOf(shown)).toBe('cdb')
  expect(shown[0]).toMatchObject({ width: 240 })
  expect(shown[0]).not.toHaveProperty('grow')
})

test('a column that came later stands where it stands at first; one that is gone is left out', () => {
  const chosen = [
    { id: 'd', shown: true },
    { id: 'gone', shown: true },
    { id: 'b', shown: true },
  ]
  expect(
    placedColumns(columns, chosen)
      .map((one) => one.column.id)
      .join(''),
  ).toBe('adbc')
})

test('a view has its own columns in its own order, as wide as they were chosen', () => {
  const chosen = [{ id: 'a', shown: false, width: 300 }]
  const shown = shownColumns(columns, chosen, ['d', 'gone', 'a'])
  expect(idsOf(shown)).toBe('da')
  expect(shown[1]).toMatchObject({ width: 300 })
  expect(idsOf(shownColumns(columns, null, ['gone']))).toBe('abcd')
})

test('drawing one column keeps what was chosen of the others', () => {
  const chosen = [
    { id: 'b', shown: false, width: 70 },
    { id: 'a', shown: true },
  ]
  const drawn = withChosenWidth(columns, chosen, 'a', 180)
  expect(drawn.find(({ id }) => id === 'a')).toEqual({ id: 'a', shown: true, width: 180 })
  expect(drawn.find(({ id }) => id === 'b')).toEqual({ id: 'b', shown: false, width: 70 })
  expect(withChosenWidth(columns, drawn, 'a', null).find(({ id }) => id === 'a')).toEqual({ id: 'a', shown: true })
})
