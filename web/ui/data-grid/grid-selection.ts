/** Which rows are chosen: some by name, or all of the list, loaded or not, but for some. */
export type GridSelection = { kind: 'some'; ids: ReadonlySet<string> } | { kind: 'all'; except: ReadonlySet<string> }

export const NOTHING_SELECTED: GridSelection = { kind: 'some', ids: new Set() }
export const ALL_SELECTED: GridSelection = { kind: 'all', except: new Set() }

export function isRowSelected(selection: GridSelection, id: string): boolean {
  return selection.kind === 'some' ? selection.ids.has(id) : !selection.except.has(id)
}

/** `total`: rows of the whole list. */
export function countSelected(selection: GridSelection, total: number): number {
  return selection.kind === 'some' ? selection.ids.size : Math.max(0, total - selection.except.size)
}

/** With these rows chosen, or no longer. */
export function withRows(selection: GridSelection, ids: readonly string[], chosen: boolean): GridSelection {
  const isSome = selection.kind === 'some'
  const listed = new Set(isSome ? selection.ids : selection.except)
  for (const id of ids) {
    if (chosen === isSome) listed.add(id)
    else listed.delete(id)
  }
  return isSome ? { kind: 'some', ids: listed } : { kind: 'all', except: listed }
}

/** Ids of the rows from one to another, both included, whichever comes first; null when one of them is not there. */
export function idsBetween(rows: readonly { id: string }[], from: string, to: string): string[] | null {
  const [a, b] = [rows.findIndex(({ id }) => id === from), rows.findIndex(({ id }) => id === to)]
  if (a < 0 || b < 0) return null
  return rows.slice(Math.min(a, b), Math.max(a, b) + 1).map(({ id }) => id)
}
