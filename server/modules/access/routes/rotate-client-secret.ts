import { OVERLAP_HOURS_DEFAULT, rotateClientSecret } from '../../../../contract/clients.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewClient } from '../client.view.ts'
import type { AccessRouteOptions } from './access-route-options.ts'

export function rotateClientSecretRoute({ clients, clock }: AccessRouteOptions): Route {
  return route(rotateClientSecret, async ({ params, body }, { principal }) => {
    const overlapHours = body.overlapHours ?? OVERLAP_HOURS_DEFAULT
    const { client, clientSecret } = await clients.rotateSecret(principal, params.clientId, overlapHours)
    return { json: { ...viewClient(client, principal, clock.now()), clientSecret } }
  })
}
