import type { ChannelService } from '../channel.service.ts'
import type { LcCustomerService } from '../lc-customer.service.ts'

/** What the routes of channels and LC customers need. */
export type ChannelRouteOptions = { channels: ChannelService; customers: LcCustomerService }
