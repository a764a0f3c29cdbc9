import { revokeClient } from '../../../../contract/clients.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewClient } from '../client.view.ts'
import type { AccessRouteOptions } from './access-route-options.ts'

export function revokeClientRoute({ clients, clock }: AccessRouteOptions): Route {
  return route(revokeClient, async ({ params }, { principal }) => {
    const client = await clients.revoke(principal, params.clientId)
    return { json: viewClient(client, principal, clock.now()) }
  })
}
