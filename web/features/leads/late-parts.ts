import { lazy, startTransition, useEffect, useState } from 'react'

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

/** What could not be fetched, because the network was away, is tried again after so long. */
const RETRY_MS = 5_000

/**
 * Whether the rows have been on the screen for a frame, and what waits for that is there: nobody needs it to see them. Parts
 * that something may soon be asked for are fetched too, so that they open without a wait.
 */
export function useLateParts(areRowsThere: boolean): boolean {
  const [areThere, setAreThere] = useState(false)
  useEffect(() => {
    if (!areRowsThere) return
    let isOver = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const fetchShown = () =>
      Promise.all([views(), columns()]).then(
        () => !isOver && startTransition(() => setAreThere(true)),
        () => {
          // A part that is drawn and cannot be fetched would take the rows with it.
          if (!isOver) timer = setTimeout(fetchShown, RETRY_MS)
        },
      )
    const cancel = afterNextPaint(() => {
      void fetchShown()
      // What cannot be fetched now is fetched when it is asked for, and says so then.
      for (const part of [panel, newLead, dialogs, bulkBar]) part().catch(() => undefined)
    })
    return () => {
      isOver = true
      cancel()
      clearTimeout(timer)
    }
  }, [areRowsThere])
  return areThere
}

/** A frame callback comes before its frame is painted, and the next one after it. */
function afterNextPaint(act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(() => {
      timer = setTimeout(act, 0)
    })
  })
  return () => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
  }
}
