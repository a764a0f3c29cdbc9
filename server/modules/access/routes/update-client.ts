import { updateClient } from '../../../../contract/clients.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewClient } from '../client.view.ts'
import type { AccessRouteOptions } from './access-route-options.ts'

export function updateClientRoute({ clients, clock }: AccessRouteOptions): Route {
  return route(updateClient, async ({ params, body }, { principal }) => {
    const client = await clients.update(principal, params.clientId, body)
    return { json: viewClient(client, principal, clock.now()) }
  })
}
