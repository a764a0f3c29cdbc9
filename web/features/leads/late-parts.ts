import { lazy, useEffect } from 'react'

const panel = () => import('./lead-panel.tsx')
const newLead = () => import('./new-lead-dialog.tsx')

/** What nobody can ask for before the first rows are there is fetched after them. */
export const LateLeadPanel = lazy(async () => ({ default: (await panel()).LeadPanel }))
export const LateNewLeadDialog = lazy(async () => ({ default: (await newLead()).NewLeadDialog }))

/** Fetches the late parts once the rows are there, so that they open without a wait. */
export function useLateParts(areRowsThere: boolean): void {
  useEffect(() => {
    if (!areRowsThere) return
    const timer = setTimeout(() => {
      // What cannot be fetched now is fetched when it is asked for, and says so then.
      for (const part of [panel, newLead]) part().catch(() => undefined)
    }, 0)
    return () => clearTimeout(timer)
  }, [areRowsThere])
}
