import { getClient } from '../../../../contract/clients.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewClient } from '../client.view.ts'
import type { AccessRouteOptions } from './access-route-options.ts'

export function getClientRoute({ clients, clock }: AccessRouteOptions): Route {
  return route(getClient, async ({ params }, { principal }) => {
    const client = await clients.get(principal, params.clientId)
    return { json: viewClient(client, principal, clock.now()) }
  })
}
