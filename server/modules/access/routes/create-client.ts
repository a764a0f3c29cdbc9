import { createClient } from '../../../../contract/clients.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewClient } from '../client.view.ts'
import type { AccessRouteOptions } from './access-route-options.ts'

export function createClientRoute({ clients, clock }: AccessRouteOptions): Route {
  return route(createClient, async ({ body }, { principal }) => {
    const { client, clientSecret } = await clients.create(principal, body)
    return {
      status: 201,
      headers: { location: `/api/v4/clients/${encodeURIComponent(client.clientId)}` },
      json: { ...viewClient(client, principal, clock.now()), clientSecret },
    }
  })
}
