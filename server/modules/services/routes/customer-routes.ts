import {
  getCustomer,
  getCustomerBrief,
  getLicenseInfo,
  listCustomers,
  listCustomersBrief,
  listLicensedUsers,
  listLicensedUsersV2,
  listOnlinePstnGateways,
} from '../../../../contract/customers.ts'
import { getSiteLocation } from '../../../../contract/sip-connections.ts'
import { notFound } from '../../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../../kernel/principal.ts'
import { type Answer, type ConditionalAnswer, type Route, route } from '../../../platform/http/index.ts'
import { asJsonArray, customerProblem, customerV2View, customerV3View } from '../customer.view.ts'
import type { LicenseUsageService } from '../license-usage.service.ts'
import type { Service, SipConnection } from '../service.rules.ts'
import { licenseOf } from '../service.rules.ts'
import type { DocumentedForm, ServiceService } from '../service.service.ts'
import { siteLocationView } from '../service.view.ts'
import { readCustomerQuery, type ServiceQuery } from '../service-query.rules.ts'

/** Customers as the documented API reads them. Source: rest-api.md C3 to C6, Q3, Q4, S1. */
export function customerRoutes(options: { services: ServiceService; licenseUsage: LicenseUsageService }): Route[] {
  const { services, licenseUsage } = options

  async function list(principal: OperatorPrincipal, query: ServiceQuery, form: DocumentedForm) {
    const listing = await services.list(principal, query)
    const produce = async (): Promise<Answer> => {
      const { total, rows } = await listing.documented(form)
      return {
        headers: { 'X-Total-Count': String(total) },
        contentType: 'application/json; charset=utf-8',
        stream: asJsonArray(rows),
      }
    }
    const answer: Answer | ConditionalAnswer =
      listing.etag === null ? await produce() : { etag: `${listing.etag}.${form}`, produce }
    return answer
  }

  /** The answer of what `show` makes of the customer. */
  async function ofCustomer(
    principal: OperatorPrincipal,
    customerGuid: string,
    show: (customer: { service: Service; connections: SipConnection[] }) => unknown,
  ): Promise<Answer> {
    const found = await services.customer(principal, customerGuid)
    if (!found) throw notFound('The customer')
    return { json: await show(found) }
  }

  const documented = { presentError: customerProblem }
  return [
    route(listCustomers, ({ query }, { principal }) =>
      list(principal, readCustomerQuery(query, licenseOf), query.allDetails ? 'v3-details' : 'v3'),
    ),
    route(listCustomersBrief, ({ query }, { principal }) => list(principal, readCustomerQuery(query, licenseOf), 'v2')),
    route(
      getCustomer,
      ({ params, query }, { principal }) =>
        ofCustomer(principal, params.customerGuid, ({ service, connections }) =>
          customerV3View(service, query.allDetails ? connections : null),
        ),
      documented,
    ),
    route(
      getCustomerBrief,
      ({ params }, { principal }) =>
        ofCustomer(principal, params.customerGuid, ({ service, connections }) => customerV2View(service, connections)),
      documented,
    ),
    route(
      getLicenseInfo,
      ({ params, query }, { principal }) =>
        ofCustomer(principal, params.customerGuid, ({ service }) =>
          licenseUsage.infoOf(principal, service.serviceId, query.nrOfMonths ?? 1),
        ),
      documented,
    ),
    route(
      listLicensedUsers,
      ({ params }, { principal }) => ofCustomer(principal, params.customerGuid, () => []),
      documented,
    ),
    route(
      listOnlinePstnGateways,
      ({ params }, { principal }) => ofCustomer(principal, params.customerGuid, () => []),
      documented,
    ),
    route(
      listLicensedUsersV2,
      ({ params }, { principal }) => ofCustomer(principal, params.customerGuid, () => []),
      documented,
    ),
    route(
      getSiteLocation,
      async ({ params }, { principal }) => {
        const found = await services.connection(principal, params.siteLocationId)
        if (!found) throw notFound('The SIP connection')
        return { json: siteLocationView(found.seen, found.connection) }
      },
      documented,
    ),
  ]
}
