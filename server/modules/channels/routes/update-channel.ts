import { updateChannel } from '../../../../contract/channels.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { ChannelRouteOptions } from './channel-route-options.ts'
import { shownChannel } from './shown-channel.ts'

export function updateChannelRoute({ channels }: ChannelRouteOptions): Route {
  return route(updateChannel, async ({ params, body }, { principal, headers }) =>
    shownChannel(await channels.update(principal, params.channelId, body, headers['if-match']), principal),
  )
}
