import type { WireView } from '../../../contract/views.ts'
import type { Principal } from '../../kernel/principal.ts'
import { mayChange, ownerOf, type Permitted, type View } from './view.rules.ts'

/** A view as somebody sees it, with what he may do with it. */
export function wireView(view: View, principal: Principal): WireView {
  const change = permitted(mayChange(view, principal))
  return {
    id: view.viewId,
    name: view.name,
    list: view.list,
    query: view.query,
    columns: view.columns,
    shared: view.shared,
    isOwn: view.owner === ownerOf(principal),
    createdBy: view.createdBy,
    createdAt: view.createdAt.toISOString(),
    changedAt: view.changedAt.toISOString(),
    actions: { updateView: change, deleteView: change },
  }
}

function permitted(verdict: Permitted): { allowed: boolean; reason?: string } {
  return verdict.ok ? { allowed: true } : { allowed: false, reason: verdict.reason }
}
