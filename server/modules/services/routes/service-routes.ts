import {
  checkShortName,
  exportLicenseUsage,
  getLicenseUsage,
  licenseUsageCsvColumns,
  listLicensePools,
  setLicensePool,
} from '../../../../contract/licenses.ts'
import { getService, listServices, tickTestCall, updateService } from '../../../../contract/services.ts'
import { getSipConnection } from '../../../../contract/sip-connections.ts'
import { notFound } from '../../../kernel/errors.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { LicensePoolService } from '../license-pool.service.ts'
import type { LicenseUsageService } from '../license-usage.service.ts'
import type { ServiceService } from '../service.service.ts'
import { connectionView, listedService, serviceDetailView, serviceView } from '../service.view.ts'
import { decodeCursor, encodeCursor } from '../service-cursor.ts'
import { readServiceQuery } from '../service-query.rules.ts'

export type ServiceRouteServices = {
  services: ServiceService
  licensePools: LicensePoolService
  licenseUsage: LicenseUsageService
}

/** Services as the portal reads them, and licenses as they are counted. */
export function serviceRoutes({ services, licensePools, licenseUsage }: ServiceRouteServices): Route[] {
  return [
    listServicesRoute(services),
    route(getService, async ({ params }, { principal }) => ({
      json: serviceDetailView(await services.get(principal, params.serviceId), principal),
    })),
    route(updateService, async ({ params, body }, { principal }) => ({
      json: serviceDetailView(await services.update(principal, params.serviceId, body), principal),
    })),
    route(tickTestCall, async ({ params, body }, { principal }) => ({
      json: serviceDetailView(await services.tick(principal, params.serviceId, params.code, body.done), principal),
    })),
    route(getSipConnection, async ({ params }, { principal }) => {
      const found = await services.connection(principal, params.connectionId)
      if (!found) throw notFound('The SIP connection')
      return { json: connectionView(found.seen, found.connection) }
    }),
    route(checkShortName, async ({ query }, { principal }) => {
      const { flaws, proposal } = await services.shortName(principal, query)
      return { json: { ok: flaws.length === 0, flaws, proposal } }
    }),
    route(listLicensePools, async (_input, { principal }) => ({ json: { data: await licensePools.list(principal) } })),
    route(setLicensePool, async ({ params, body }, { principal }) => ({
      json: await licensePools.set(principal, params.kind, params.channelId, body),
    })),
    route(getLicenseUsage, async ({ query }, { principal }) => ({
      json: { data: await licenseUsage.days(principal, query) },
    })),
    route(exportLicenseUsage, async ({ query }, { principal }) => {
      const days = await licenseUsage.days(principal, query)
      const lines = days.map(({ day, license, services: count, licensedUsers }) =>
        [day, license, count, licensedUsers].map((cell) => `"${cell}"`).join(','),
      )
      const head = licenseUsageCsvColumns.map((column) => `"${column}"`).join(',')
      return {
        contentType: 'text/csv; charset=utf-8',
        headers: { 'Content-Disposition': 'attachment; filename="license-usage.csv"' },
        text: `\ufeff${[head, ...lines].join('\r\n')}\r\n`,
      }
    }),
  ]
}

function listServicesRoute(services: ServiceService): Route {
  return route(listServices, async ({ query: input }, { principal }) => {
    const query = readServiceQuery(input)
    if (input.cursor !== undefined) query.after = decodeCursor(query, input.cursor)
    const listing = await services.list(principal, query)
    const produce = async () => {
      const [{ rows, last, total }, facets] = await Promise.all([
        listing.page(),
        input.facets ? listing.facets() : undefined,
      ])
      const nextCursor = last && rows.length === query.limit ? encodeCursor(query, last) : null
      const data = rows.map((row) => serviceView(listedService(row), principal))
      return { json: { data, total, nextCursor, ...(facets && { facets }) } }
    }
    if (listing.etag === null) return produce()
    return { etag: `${listing.etag}.${input.facets ? 'facets' : 'list'}`, produce }
  })
}
