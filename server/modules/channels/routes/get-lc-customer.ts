import { getLcCustomer } from '../../../../contract/lc-customers.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { ChannelRouteOptions } from './channel-route-options.ts'
import { shownCustomer } from './shown-channel.ts'

export function getLcCustomerRoute({ customers }: ChannelRouteOptions): Route {
  return route(getLcCustomer, async ({ params }, { principal }) =>
    shownCustomer(await customers.get(principal, params.customerId), principal),
  )
}
