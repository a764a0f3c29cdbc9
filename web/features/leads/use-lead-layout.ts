import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import type { DeskLead } from '../../api/leads.ts'
import type { ColumnChoice } from '../../api/preferences.ts'
import { viewsQuery } from '../../api/queries.ts'
import type { ViewList, WireView } from '../../api/views.ts'
import { useColumnChoice } from '../../shell/column-choice.ts'
import { useOperator } from '../../shell/operator.ts'
import { shownColumns, withChosenWidth } from '../../ui/data-grid/column-choice.ts'
import type { GridColumn } from '../../ui/data-grid/grid-column.ts'
import { useWatched, Watched } from '../../ui/watched.ts'
import type { LeadSearch } from './lead-search.ts'
import { viewIdOf } from './lead-view.ts'

/** Columns that were chosen while a view with columns of its own is looked at: until it is saved, or left. */
const drawnInView = new Watched<{ viewId: string; columns: string[] } | null>(null)

/** How the list is laid out now, and by whom. */
export type LeadLayout = {
  list: ViewList
  /** All there are, and those that are shown. */
  all: readonly GridColumn<DeskLead>[]
  shown: readonly GridColumn<DeskLead>[]
  /** The view of the address; undefined: none, or it is not known yet. */
  view: WireView | undefined
  /** Ids that the view shows now, saved or not; null: the person's own choice holds. */
  ofView: readonly string[] | null
  chosen: ColumnChoice[] | null
  choose: (chosen: ColumnChoice[] | null) => void
  showInView: (columns: string[] | null) => void
}

/** The columns of the list: those of the view that was chosen, else the person's own; widths are always his own. */
export function useLeadLayout(
  list: ViewList,
  all: readonly GridColumn<DeskLead>[],
  search: LeadSearch,
): { layout: LeadLayout; onResize: (columnId: string, width: number | null) => void } {
  const { operatorId } = useOperator()
  const viewId = viewIdOf(search)
  const views = useQuery({ ...viewsQuery(operatorId), enabled: viewId !== undefined }).data
  const view = views?.find((one) => one.id === viewId && one.list === list)
  const drawn = useWatched(drawnInView)
  const [chosen, choose] = useColumnChoice(list)
  const ofView = view?.columns ? (drawn?.viewId === view.id ? drawn.columns : view.columns) : null
  const shown = useMemo(() => shownColumns(all, chosen, ofView), [all, chosen, ofView])
  const onResize = useCallback(
    (columnId: string, width: number | null) => choose(withChosenWidth(all, chosen, columnId, width)),
    [all, chosen, choose],
  )
  const id = view?.id
  const showInView = useCallback(
    (columns: string[] | null) => drawnInView.set(columns && id ? { viewId: id, columns } : null),
    [id],
  )
  const layout = useMemo(
    () => ({ list, all, shown, view, ofView, chosen, choose, showInView }),
    [list, all, shown, view, ofView, chosen, choose, showInView],
  )
  return { layout, onResize }
}

/** Whether other columns are shown than the view has. */
export function hasOtherColumns({ view, ofView }: LeadLayout): boolean {
  return view?.columns != null && view.columns.join(' ') !== ofView?.join(' ')
}
