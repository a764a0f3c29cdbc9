import type { Route } from '../../../platform/http/index.ts'
import type { ChannelRouteOptions } from './channel-route-options.ts'
import { createChannelRoute } from './create-channel.ts'
import { createLcCustomerRoute } from './create-lc-customer.ts'
import { deleteChannelRoute } from './delete-channel.ts'
import { deleteLcCustomerRoute } from './delete-lc-customer.ts'
import { getChannelRoute } from './get-channel.ts'
import { getLcCustomerRoute } from './get-lc-customer.ts'
import { listChannelsRoute } from './list-channels.ts'
import { listLcCustomersRoute } from './list-lc-customers.ts'
import { topologyChannelRoutes } from './topology-channel-routes.ts'
import { topologyCustomerRoutes } from './topology-customer-routes.ts'
import { updateChannelRoute } from './update-channel.ts'
import { updateLcCustomerRoute } from './update-lc-customer.ts'

export function channelRoutes(options: ChannelRouteOptions): Route[] {
  return [
    listChannelsRoute(options),
    createChannelRoute(options),
    getChannelRoute(options),
    updateChannelRoute(options),
    deleteChannelRoute(options),
    listLcCustomersRoute(options),
    createLcCustomerRoute(options),
    getLcCustomerRoute(options),
    updateLcCustomerRoute(options),
    deleteLcCustomerRoute(options),
    ...topologyChannelRoutes(options),
    ...topologyCustomerRoutes(options),
  ]
}
