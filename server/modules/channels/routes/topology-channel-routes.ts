import {
  addTopologyChannel,
  deleteTopologyChannel,
  getTopologyChannel,
  listTopologyChannels,
  updateTopologyChannel,
} from '../../../../contract/topology.ts'
import type { OperatorPrincipal } from '../../../kernel/principal.ts'
import { type Answer, type Problem, type Route, type RouteOptions, route } from '../../../platform/http/index.ts'
import type { ChannelAsked, SeenChannelDetail } from '../channel.service.ts'
import { channelUrl, topologyChannelView } from '../topology.view.ts'
import { findingEntity, type NumberText, requireOwnTenant } from '../topology-request.ts'
import type { ChannelRouteOptions } from './channel-route-options.ts'

/** Their documented errors have a `description`; all that other errors have stands beside it. Source: rest-api.md 1.6. */
export const topologyErrors: RouteOptions = {
  presentError: (problem: Problem): Answer => ({
    json: { description: problem.detail, ...problem },
    contentType: 'application/problem+json',
  }),
}

/** Channels in the documented form. Source: rest-api.md H3 to H6. */
export function topologyChannelRoutes({ channels }: ChannelRouteOptions): Route[] {
  const view = async (principal: OperatorPrincipal, { channel }: SeenChannelDetail) =>
    topologyChannelView(channel, (await channels.serviceCounts(principal)).get(channel.channelId) ?? 0)
  return [
    route(
      addTopologyChannel,
      async ({ body }, { principal }) => {
        requireOwnTenant(body.tenantId, principal.operatorId)
        const { channel } = await channels.create(principal, { ...asked(body), name: body.name })
        return { status: 201, json: { id: channel.channelId, url: channelUrl(channel.channelId) } }
      },
      topologyErrors,
    ),
    route(
      listTopologyChannels,
      async (_input, { principal }) => {
        const services = await channels.serviceCounts(principal)
        const seen = await channels.list(principal)
        return {
          json: seen.map(({ channel }) => topologyChannelView(channel, services.get(channel.channelId) ?? 0)),
        }
      },
      topologyErrors,
    ),
    route(
      getTopologyChannel,
      async ({ params: { channelId } }, { principal }) => ({
        json: await view(principal, await findingEntity({ path: channelId }, channels.get(principal, channelId))),
      }),
      topologyErrors,
    ),
    route(
      updateTopologyChannel,
      async ({ params: { channelId }, body }, { principal, headers }) => {
        requireOwnTenant(body.tenantId, principal.operatorId)
        const change = channels.update(principal, channelId, asked(body), headers['if-match'])
        return { json: await view(principal, await findingEntity({ path: channelId }, change)) }
      },
      topologyErrors,
    ),
    route(
      deleteTopologyChannel,
      async ({ params: { channelId } }, { principal, headers }) => {
        const deletion = channels.delete(principal, channelId, headers['if-match'])
        await findingEntity({ path: channelId }, deletion)
        return {}
      },
      topologyErrors,
    ),
  ]
}

function asked({ tenantId: _operator, ...rest }: ChannelAsked & { tenantId?: NumberText }): ChannelAsked {
  return rest
}
