import { deleteLcCustomer } from '../../../../contract/lc-customers.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { ChannelRouteOptions } from './channel-route-options.ts'

export function deleteLcCustomerRoute({ customers }: ChannelRouteOptions): Route {
  return route(deleteLcCustomer, async ({ params }, { principal, headers }) => {
    await customers.delete(principal, params.customerId, headers['if-match'])
    return {}
  })
}
