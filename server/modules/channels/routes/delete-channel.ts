import { deleteChannel } from '../../../../contract/channels.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { ChannelRouteOptions } from './channel-route-options.ts'

export function deleteChannelRoute({ channels }: ChannelRouteOptions): Route {
  return route(deleteChannel, async ({ params }, { principal, headers }) => {
    await channels.delete(principal, params.channelId, headers['if-match'])
    return {}
  })
}
