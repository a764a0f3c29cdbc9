import { getChannel } from '../../../../contract/channels.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { ChannelRouteOptions } from './channel-route-options.ts'
import { shownChannel } from './shown-channel.ts'

export function getChannelRoute({ channels }: ChannelRouteOptions): Route {
  return route(getChannel, async ({ params }, { principal }) =>
    shownChannel(await channels.get(principal, params.channelId), principal),
  )
}
