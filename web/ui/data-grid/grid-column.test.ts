import { expect, test } from 'vitest'
import { gridTemplate } from './grid-column.ts'

const edges = { before: 32, after: 36 }

test('columns that grow share what is left over', () => {
  const columns = [{ width: 100, grow: 1 }, { width: 80 }, { width: 120, grow: 0.5 }]
  expect(gridTemplate(columns, edges)).toBe('32px minmax(100px, 1fr) 80px minmax(120px, 0.5fr) 36px')
})

test('where none grows the last one does, so that the menu stays at the edge', () => {
  expect(gridTemplate([{ width: 100 }, { width: 80 }], { before: 0, after: 36 })).toBe('100px minmax(80px, 1fr) 36px')
})
