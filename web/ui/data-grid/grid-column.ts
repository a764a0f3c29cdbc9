import type { ReactNode } from 'react'

/** One column. Cells are plain text and small elements: forty rows of them are drawn at a time. */
export type GridColumn<Row> = {
  id: string
  header: string
  /** Pixels at least. */
  width: number
  /** Share of the room that is left over; 0 unless given. */
  grow?: number
  /** Shown only to who has chosen it. */
  isOptional?: true
  align?: 'end'
  /** What `onSort` gets; a column without it cannot be sorted. */
  sort?: string
  cell: (row: Row, context: CellContext) => ReactNode
}

/** A row and what it is known by. */
export type GridItem<Row> = { id: string; row: Row }

/** What a column can be drawn to by hand. */
export const WIDTH_MIN = 48
export const WIDTH_MAX = 800

/** The column as wide as that, whatever room is left over. */
export function withWidth<Row>({ grow: _grow, ...column }: GridColumn<Row>, width: number): GridColumn<Row> {
  return { ...column, width }
}

/**
 * The columns of the grid for CSS. Some column takes the room that is left over, so that menus stay at the edge: where all
 * have been drawn to a width, the last one.
 */
export function gridTemplate(columns: readonly Pick<GridColumn<never>, 'width' | 'grow'>[], edges: Edges): string {
  const isGrowing = columns.some(({ grow }) => grow)
  const tracks = columns.map(({ width, grow }, at) => {
    const share = isGrowing ? grow : Number(at === columns.length - 1)
    return share ? `minmax(${width}px, ${share}fr)` : `${width}px`
  })
  return [...(edges.before ? [`${edges.before}px`] : []), ...tracks, ...(edges.after ? [`${edges.after}px`] : [])].join(
    ' ',
  )
}

/** Pixels of what stands before and after the columns; 0: nothing does. */
export type Edges = { before: number; after: number }

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
