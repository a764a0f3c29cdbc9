export { type Channel, mayTakeLeads } from './channel.rules.ts'
export {
  type ChannelAsked,
  type ChannelService,
  createChannelService,
  type SeenChannel,
} from './channel.service.ts'
export { channelStore } from './channel.store.ts'
export type { ChannelLeads } from './channel-leads.ts'
export { createLcCustomerService, type LcCustomerService, moveLcCustomer, roomFor } from './lc-customer.service.ts'
export { lcCustomerStore } from './lc-customer.store.ts'
export { channelRoutes } from './routes/index.ts'
export { ensureSampleChannel } from './sample-channel.ts'
