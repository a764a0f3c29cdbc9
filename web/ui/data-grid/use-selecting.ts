import { useCallback, useMemo, useRef } from 'react'
import {
  ALL_SELECTED,
  type GridSelection,
  idsBetween,
  isRowSelected,
  NOTHING_SELECTED,
  withRows,
} from './grid-selection.ts'

/** What a grid whose rows can be chosen is given; the choice is kept by whoever shows the grid. */
export type Selecting<Row> = {
  value: GridSelection
  onChange: (selection: GridSelection) => void
  /** Of the box of a row (one function while the words stay, or every row is drawn again), and of the one over all. */
  rowLabel: (row: Row) => string
  allLabel: string
}

/** Ways to choose rows, each of one identity for as long as the grid lives. */
export type SelectActions = {
  toggle: (id: string) => void
  /** All from the row that was chosen last to this one, instead of what the last range had. */
  extendTo: (id: string, from?: string) => void
  toggleAll: () => void
  all: () => void
  clear: () => void
}

/** Where a range begins, and what was chosen beside it: a range that is drawn shorter gives rows back. */
type Anchor = { id: string; base: GridSelection }

export function useSelecting<Row>(
  rows: readonly { id: string }[],
  selecting: Selecting<Row> | undefined,
): SelectActions | undefined {
  const latest = useRef({ rows, selecting })
  latest.current = { rows, selecting }
  const anchor = useRef<Anchor | null>(null)
  const change = useCallback((next: (value: GridSelection) => GridSelection) => {
    const { selecting } = latest.current
    if (selecting) selecting.onChange(next(selecting.value))
  }, [])
  const actions = useMemo<SelectActions>(() => {
    const toggle = (id: string) =>
      change((value) => {
        const base = withRows(value, [id], !isRowSelected(value, id))
        anchor.current = { id, base }
        return base
      })
    const set = (value: GridSelection) => {
      anchor.current = null
      change(() => value)
    }
    return {
      toggle,
      extendTo: (id, from) => {
        const { rows, selecting } = latest.current
        if (!selecting) return
        // Given up elsewhere: nothing of it comes back.
        if (!isAnyChosen(selecting.value)) anchor.current = null
        if (!anchor.current && from !== undefined) anchor.current = { id: from, base: selecting.value }
        const ids = anchor.current && idsBetween(rows, anchor.current.id, id)
        if (!anchor.current || !ids) return toggle(id)
        const { base } = anchor.current
        change(() => withRows(base, ids, true))
      },
      toggleAll: () =>
        change((value) => {
          anchor.current = null
          return isAnyChosen(value) ? NOTHING_SELECTED : ALL_SELECTED
        }),
      all: () => set(ALL_SELECTED),
      clear: () => set(NOTHING_SELECTED),
    }
  }, [change])
  return selecting && actions
}

export function isAnyChosen(selection: GridSelection): boolean {
  return selection.kind === 'all' || selection.ids.size > 0
}
