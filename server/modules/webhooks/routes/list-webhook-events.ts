import { listWebhookEvents } from '../../../../contract/webhooks.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewCatalogue } from '../webhook.view.ts'

export function listWebhookEventsRoute(): Route {
  return route(listWebhookEvents, async () => ({ json: { data: viewCatalogue() } }))
}
