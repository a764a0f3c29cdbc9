import { listClients } from '../../../../contract/clients.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewClient } from '../client.view.ts'
import type { AccessRouteOptions } from './access-route-options.ts'

export function listClientsRoute({ clients, clock }: AccessRouteOptions): Route {
  return route(listClients, async (_input, { principal }) => {
    const found = await clients.list(principal)
    return { json: { data: found.map((client) => viewClient(client, principal, clock.now())) } }
  })
}
