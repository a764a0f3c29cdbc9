import { listChannels } from '../../../../contract/channels.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewChannel } from '../channel.view.ts'
import type { ChannelRouteOptions } from './channel-route-options.ts'

export function listChannelsRoute({ channels }: ChannelRouteOptions): Route {
  return route(listChannels, async (_input, { principal }) => {
    const seen = await channels.list(principal)
    return { json: { data: seen.map((one) => viewChannel(one, principal)) } }
  })
}
