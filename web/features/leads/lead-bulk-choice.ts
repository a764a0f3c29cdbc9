import type { LeadChoice } from '../../api/lead-bulk.ts'
import type { DeskLead, LeadFilter } from '../../api/leads.ts'
import { countSelected, type GridSelection, isRowSelected } from '../../ui/data-grid/grid-selection.ts'

/** What is chosen, and the list it was chosen from. `rows`: those that are loaded. */
export type ChosenLeads = {
  selection: GridSelection
  rows: readonly DeskLead[]
  filter: LeadFilter
  total: number
}

export function countChosen({ selection, total }: ChosenLeads): number {
  return countSelected(selection, total)
}

/** As the API takes it: whoever chose all chose by the filter, and what he has not seen is chosen too. */
export function choiceOf(chosen: ChosenLeads): LeadChoice {
  const { selection, filter } = chosen
  if (selection.kind === 'some') return { leadIds: [...selection.ids] }
  const { sort: _sort, ...narrowing } = filter
  return { filter: narrowing, exceptLeadIds: [...selection.except], expectedCount: countChosen(chosen) }
}

/** Loaded leads that are chosen, and, where all are, those that were taken out. */
export function loadedOf({ selection, rows }: ChosenLeads): { chosen: DeskLead[]; takenOut: DeskLead[] } {
  const chosen = rows.filter(({ id }) => isRowSelected(selection, id))
  const takenOut = selection.kind === 'all' ? rows.filter(({ id }) => selection.except.has(id)) : []
  return { chosen, takenOut }
}
