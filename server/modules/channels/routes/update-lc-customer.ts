import { updateLcCustomer } from '../../../../contract/lc-customers.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { ChannelRouteOptions } from './channel-route-options.ts'
import { shownCustomer } from './shown-channel.ts'

export function updateLcCustomerRoute({ customers }: ChannelRouteOptions): Route {
  return route(updateLcCustomer, async ({ params, body }, { principal, headers }) =>
    shownCustomer(await customers.update(principal, params.customerId, body, headers['if-match']), principal),
  )
}
