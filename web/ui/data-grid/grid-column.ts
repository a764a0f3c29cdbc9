import type { ReactNode } from 'react'

/** One column. Cells are plain text and small elements: forty rows of them are drawn at a time. */
export type GridColumn<Row> = {
  id: string
  header: string
  /** Pixels at least. */
  width: number
  /** Share of the room that is left over; 0 unless given. */
  grow?: number
  align?: 'end'
  /** What `onSort` gets; a column without it cannot be sorted. */
  sort?: string
  cell: (row: Row, context: CellContext) => ReactNode
}

export type CellContext = {
  /** For buttons and links inside: only those of the current row are tab stops. */
  tabIndex: 0 | -1
}

/** What opens below a row: every kind of it has a known height, so that nothing has to be measured. */
export type GridDetail<Row> = {
  /** 0: this row has none. */
  height: (row: Row) => number
  render: (row: Row) => ReactNode
  label: (row: Row) => string
}

/** `consentedOn` or, descending, `-consentedOn`. */
export function directionOf(sort: string | undefined, key: string | undefined): 'ascending' | 'descending' | undefined {
  if (key === undefined || sort === undefined) return undefined
  if (sort === key) return 'ascending'
  return sort === `-${key}` ? 'descending' : undefined
}
