import type { ViewList, WireView } from '../../contract/views.ts'
import { call, callWithTag, type Tagged } from './call.ts'

export type { ViewList, WireView } from '../../contract/views.ts'

/** What of a view can be changed; what is left out stays. */
export type ViewChange = { name?: string; query?: string; columns?: string[] | null; shared?: boolean }
export type NewView = ViewChange & { name: string; list: ViewList }

const views = '/api/v4/views'
const pathOf = (viewId: string) => `${views}/${encodeURIComponent(viewId)}`

export async function listViews(operatorId: number, signal: AbortSignal): Promise<WireView[]> {
  return (await call<{ data: WireView[] }>('GET', views, { operatorId, signal })).data
}

/** With the tag that the next change names, so that nobody's change is lost. */
export function getTaggedView(operatorId: number, viewId: string): Promise<Tagged<WireView>> {
  return callWithTag('GET', pathOf(viewId), { operatorId })
}

export function createView(operatorId: number, view: NewView): Promise<WireView> {
  return call('POST', views, { operatorId, body: view })
}

export function updateView(
  operatorId: number,
  viewId: string,
  change: ViewChange,
  ifMatch: string | null,
): Promise<WireView> {
  return call('PATCH', pathOf(viewId), { operatorId, body: change, ifMatch })
}

export function deleteView(operatorId: number, viewId: string, ifMatch: string | null): Promise<void> {
  return call('DELETE', pathOf(viewId), { operatorId, ifMatch })
}
