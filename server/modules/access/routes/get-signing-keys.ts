import { getSigningKeys } from '../../../../contract/service.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { AccessRouteOptions } from './access-route-options.ts'

export function getSigningKeysRoute({ signingKeys }: AccessRouteOptions): Route {
  return route(getSigningKeys, async () => ({
    json: { keys: await signingKeys.published() },
    headers: { 'cache-control': 'public, max-age=300' },
  }))
}
