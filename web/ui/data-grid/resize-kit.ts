import type { KeyboardEvent, ReactElement } from 'react'
import { Watched } from '../watched.ts'
import type { GridColumn } from './grid-column.ts'

export type Resizing<Row> = {
  /** The columns as they would be, while one draws. */
  onDraw: (columns: readonly GridColumn<Row>[]) => void
  onResize: (columnId: string, width: number | null) => void
}

export type ResizeEdgeProps<Row> = {
  columns: readonly GridColumn<Row>[]
  column: GridColumn<Row>
  resizing: Resizing<Row>
}

type ResizeKit = {
  Edge: <Row>(props: ResizeEdgeProps<Row>) => ReactElement
  byKey: <Row>(
    event: KeyboardEvent<HTMLElement>,
    columns: readonly GridColumn<Row>[],
    column: GridColumn<Row>,
    resizing: Resizing<Row>,
  ) => void
}

/**
 * What columns are drawn wider with. It comes after the first rows, with whatever imports resize-edge.tsx; until then heads have
 * no edges.
 */
export const resizeKit = new Watched<ResizeKit | null>(null)
