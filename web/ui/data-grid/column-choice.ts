import { type GridColumn, withWidth } from './grid-column.ts'

/** What somebody has made of one column. */
export type ChosenColumn = { id: string; shown: boolean; width?: number }

/** A column with whether it is shown. */
export type PlacedColumn<Row> = { column: GridColumn<Row>; shown: boolean }

/**
 * Every column that there is, in the chosen order. One that was not there when the choice was made stands after the one that
 * it stands after at first; one that is no longer there is left out.
 */
export function placedColumns<Row>(
  columns: readonly GridColumn<Row>[],
  chosen: readonly ChosenColumn[] | null,
): PlacedColumn<Row>[] {
  const known = new Map(columns.map((column) => [column.id, column]))
  const placed: PlacedColumn<Row>[] = []
  for (const { id, shown, width } of chosen ?? []) {
    const column = known.get(id)
    if (column) placed.push({ column: width === undefined ? column : withWidth(column, width), shown })
  }
  columns.forEach((column, at) => {
    if (placed.some((one) => one.column.id === column.id)) return
    const before = columns[at - 1]?.id
    const place = placed.findIndex((one) => one.column.id === before) + 1
    placed.splice(place, 0, { column, shown: !column.isOptional })
  })
  return placed
}

/** The columns to show: those that were chosen, or those of a view in its order, as wide as they were chosen. */
export function shownColumns<Row>(
  columns: readonly GridColumn<Row>[],
  chosen: readonly ChosenColumn[] | null,
  ofView: readonly string[] | null,
): readonly GridColumn<Row>[] {
  if (chosen === null && ofView === null && !columns.some(({ isOptional }) => isOptional)) return columns
  const placed = placedColumns(columns, chosen)
  const found = ofView?.flatMap((id) => placed.find(({ column }) => column.id === id)?.column ?? [])
  // A view of columns that are all gone would show nothing.
  if (found && found.length > 0) return found
  return placed.filter(({ shown }) => shown).map(({ column }) => column)
}

/** The choice with one column drawn to a width; null: as wide as it was at first. */
export function withChosenWidth<Row>(
  columns: readonly GridColumn<Row>[],
  chosen: readonly ChosenColumn[] | null,
  columnId: string,
  width: number | null,
): ChosenColumn[] {
  const before = new Map(chosen?.map((one) => [one.id, one]))
  return placedColumns(columns, chosen).map(({ column: { id }, shown }) => {
    const kept = id === columnId ? (width ?? undefined) : before.get(id)?.width
    return { id, shown, ...(kept !== undefined && { width: kept }) }
  })
}
