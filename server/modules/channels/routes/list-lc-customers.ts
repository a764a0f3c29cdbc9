import { listLcCustomers } from '../../../../contract/lc-customers.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewCustomer } from '../channel.view.ts'
import type { ChannelRouteOptions } from './channel-route-options.ts'

export function listLcCustomersRoute({ customers }: ChannelRouteOptions): Route {
  return route(listLcCustomers, async ({ query }, { principal }) => {
    const found = await customers.list(principal, query.channelId)
    return { json: { data: found.map((customer) => viewCustomer(customer, principal)) } }
  })
}
