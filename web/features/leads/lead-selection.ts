import { useCallback, useMemo, useRef, useState } from 'react'
import type { LeadFilter } from '../../api/leads.ts'
import { type GridSelection, NOTHING_SELECTED } from '../../ui/data-grid/grid-selection.ts'

/** What is chosen of the list. Another question gives another list, of which nothing is chosen yet; another order does not. */
export function useLeadSelection(filter: LeadFilter): [GridSelection, (selection: GridSelection) => void] {
  const question = useMemo(() => {
    const { sort: _sort, ...narrowing } = filter
    return JSON.stringify(narrowing)
  }, [filter])
  const [kept, setKept] = useState({ question, selection: NOTHING_SELECTED })
  const latest = useRef(question)
  latest.current = question
  const select = useCallback((selection: GridSelection) => setKept({ question: latest.current, selection }), [])
  return [kept.question === question ? kept.selection : NOTHING_SELECTED, select]
}
