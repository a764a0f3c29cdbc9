import { createLcCustomer } from '../../../../contract/lc-customers.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { ChannelRouteOptions } from './channel-route-options.ts'
import { shownCustomer } from './shown-channel.ts'

export function createLcCustomerRoute({ customers }: ChannelRouteOptions): Route {
  return route(createLcCustomer, async ({ body }, { principal }) => ({
    status: 201,
    ...shownCustomer(await customers.create(principal, body), principal),
  }))
}
