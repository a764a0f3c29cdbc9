import {
  addTopologyCustomer,
  assignTopologyCustomer,
  deleteTopologyCustomer,
  getTopologyCustomer,
  listTopologyCustomers,
  verifyTopologyCustomer,
} from '../../../../contract/topology.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { CustomerAsked } from '../lc-customer.service.ts'
import { customerUrl, topologyCustomerView } from '../topology.view.ts'
import { channelIdOf, findingEntity, type NumberText, requireOwnTenant } from '../topology-request.ts'
import type { ChannelRouteOptions } from './channel-route-options.ts'
import { topologyErrors } from './topology-channel-routes.ts'

/** LC customers in the documented form. Source: rest-api.md H7, H8. */
export function topologyCustomerRoutes({ customers }: ChannelRouteOptions): Route[] {
  return [
    route(
      addTopologyCustomer,
      async ({ body }, { principal }) => {
        requireOwnTenant(body.tenantId, principal.operatorId)
        const wanted = { ...asked(body), name: body.name }
        const made = customers.create(principal, wanted)
        const { customer } = await findingEntity({ body: wanted.channelId ?? null }, made)
        return { status: 201, json: { id: customer.customerId, url: customerUrl(customer.customerId) } }
      },
      topologyErrors,
    ),
    route(
      listTopologyCustomers,
      async (_input, { principal }) => ({ json: (await customers.list(principal)).map(topologyCustomerView) }),
      topologyErrors,
    ),
    route(
      getTopologyCustomer,
      async ({ params: { customerId } }, { principal }) => {
        const { customer } = await findingEntity({ path: customerId }, customers.get(principal, customerId))
        return { json: topologyCustomerView(customer) }
      },
      topologyErrors,
    ),
    route(
      assignTopologyCustomer,
      async ({ params: { customerId }, body }, { principal, headers }) => {
        const channelId = channelIdOf(body.channelId) ?? null
        const move = customers.update(principal, customerId, { channelId }, headers['if-match'])
        const { customer } = await findingEntity({ path: customerId, body: channelId }, move)
        return { json: topologyCustomerView(customer) }
      },
      topologyErrors,
    ),
    route(
      verifyTopologyCustomer,
      async ({ params: { customerId }, body }, { principal, headers }) => {
        requireOwnTenant(body?.tenantId, principal.operatorId)
        const wanted = asked(body ?? {})
        const work = customers.verify(principal, customerId, wanted, headers['if-match'])
        const { customer } = await findingEntity({ path: customerId, body: wanted.channelId ?? null }, work)
        return { json: topologyCustomerView(customer) }
      },
      topologyErrors,
    ),
    route(
      deleteTopologyCustomer,
      async ({ params: { customerId } }, { principal, headers }) => {
        const deletion = customers.delete(principal, customerId, headers['if-match'])
        await findingEntity({ path: customerId }, deletion)
        return {}
      },
      topologyErrors,
    ),
  ]
}

type CustomerBody = Omit<CustomerAsked, 'channelId'> & { channelId?: NumberText | null; tenantId?: NumberText }

function asked({ tenantId: _operator, channelId, ...rest }: CustomerBody): CustomerAsked {
  const channel = channelIdOf(channelId)
  return { ...rest, ...(channel !== undefined && { channelId: channel }) }
}
