import { createChannel } from '../../../../contract/channels.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { ChannelRouteOptions } from './channel-route-options.ts'
import { shownChannel } from './shown-channel.ts'

export function createChannelRoute({ channels }: ChannelRouteOptions): Route {
  return route(createChannel, async ({ body }, { principal }) => ({
    status: 201,
    ...shownChannel(await channels.create(principal, body), principal),
  }))
}
