import { createView, deleteView, getView, listViews, updateView } from '../../../../contract/views.ts'
import type { OperatorPrincipal } from '../../../kernel/principal.ts'
import { type Answer, type Route, route } from '../../../platform/http/index.ts'
import type { View } from '../view.rules.ts'
import { type ViewService, viewTag } from '../view.service.ts'
import { wireView } from '../view.view.ts'

/** Saved views of lists. */
export function viewRoutes(views: ViewService): Route[] {
  return [
    route(listViews, async (_input, { principal }) => ({
      json: { data: (await views.list(principal)).map((view) => wireView(view, principal)) },
    })),
    route(createView, async ({ body }, { principal }) => ({
      status: 201,
      ...shownView(await views.create(principal, body), principal),
    })),
    route(getView, async ({ params }, { principal }) =>
      shownView(await views.get(principal, params.viewId), principal),
    ),
    route(updateView, async ({ params, body }, { principal, headers }) =>
      shownView(await views.update(principal, params.viewId, body, headers['if-match']), principal),
    ),
    route(deleteView, async ({ params }, { principal, headers }) => {
      await views.remove(principal, params.viewId, headers['if-match'])
      return {}
    }),
  ]
}

function shownView(view: View, principal: OperatorPrincipal): Answer {
  return { etag: viewTag(view), json: wireView(view, principal) }
}
