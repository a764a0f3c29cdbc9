import { lazy, useEffect } from 'react'

const panel = () => import('./lead-panel.tsx')
const newLead = () => import('./new-lead-dialog.tsx')
const dialogs = () => import('./lead-dialogs.tsx')
const webhook = () => import('./lead-webhook-dialog.tsx')
const views = () => import('./lead-view-menu.tsx')
const columns = () => import('./lead-column-button.tsx')
const bulkBar = () => import('./lead-bulk-bar.tsx')

/** What nobody can ask for before the first rows are there is fetched after them. */
export const LateLeadPanel = lazy(async () => ({ default: (await panel()).LeadPanel }))
export const LateNewLeadDialog = lazy(async () => ({ default: (await newLead()).NewLeadDialog }))
export const LateLeadDialogs = lazy(async () => ({ default: (await dialogs()).LeadDialogs }))
export const LateWebhookDialog = lazy(async () => ({ default: (await webhook()).LeadWebhookDialog }))
export const LateLeadBulkBar = lazy(async () => ({ default: (await bulkBar()).LeadBulkBar }))

export const LateLeadViewMenu = lazy(async () => ({ default: (await views()).LeadViewMenu }))
export const LateLeadColumnButton = lazy(async () => ({ default: (await columns()).LeadColumnButton }))

/** Fetches the late parts once the rows are there, so that they open without a wait. */
export function useLateParts(areRowsThere: boolean): void {
  useEffect(() => {
    if (!areRowsThere) return
    const timer = setTimeout(() => {
      // What cannot be fetched now is fetched when it is asked for, and says so then.
      for (const part of [panel, newLead, dialogs, bulkBar]) part().catch(() => undefined)
    }, 0)
    return () => clearTimeout(timer)
  }, [areRowsThere])
}
