import { Readable } from 'node:stream'
import type { WireCustomerV2, WireCustomerV3 } from '../../../contract/customers.ts'
import { licenseNumbers } from '../../../contract/services.ts'
import { type Answer, type Problem, validationProblem } from '../../platform/http/index.ts'
import type { Service, SipConnection } from './service.rules.ts'

/** The documented customer, in the letter case of its examples. Source: rest-api.md 2.6. */
export function customerV2View(service: Service, connections: SipConnection[]): WireCustomerV2 {
  return {
    Id: service.serviceId,
    ShortName: service.shortName,
    FullName: service.fullName,
    LicenseType: licenseNumbers[service.license],
    SiteLocation: connections.map(siteBrief),
  }
}

export function customerV3View(service: Service, connections: SipConnection[] | null): WireCustomerV3 {
  return {
    UmpCustomerGuid: service.serviceId,
    CustomerShortName: service.shortName,
    CustomerFullName: service.fullName,
    LicenseType: licenseNumbers[service.license],
    LicensedUsersCount: service.licensedUsers,
    MsTenantId: service.tenantId,
    ActiveUserCount: 0,
    LiveHubActiveUsersCount: null,
    LiveHubSimpleUsersCount: null,
    ...(connections && {
      SiteLocation: connections.map((one) => ({ ...siteBrief(one), sbcConfigurationType: 'SipTrunk' })),
    }),
  }
}

function siteBrief({ connectionId, name, sbcId, deployment }: SipConnection) {
  return { id: connectionId, name, sbcId: sbcId ?? 0, sbcDeploymentState: deployment }
}

/**
 * The bare string that tells of a customer, or of a SIP connection, who is not there; every other error as it is.
 * Source: rest-api.md C7, 1.6.
 */
export function customerProblem(problem: Problem): Answer {
  return notThere(problem) ?? { json: problem, contentType: 'application/problem+json' }
}

/** The same of a call with a body: what is wrong with that is told by field, as documented. */
export function customerBodyProblem(problem: Problem): Answer {
  return notThere(problem) ?? validationProblem(problem)
}

function notThere(problem: Problem): Answer | null {
  // An operator or channel that is not there is told as everywhere.
  if (problem.code !== 'not-found' || !OURS.test(problem.detail)) return null
  const [, site] = /\/sitelocation\/([^/]+)/i.exec(problem.instance) ?? []
  if (site !== undefined) return { json: `Site location with ${site} not found` }
  const [, customer = ''] = /\/customer\/([^/]+)/i.exec(problem.instance) ?? []
  return { json: `Customer with ${customer} not found` }
}

const OURS = /^(The (customer|service|SIP connection)|It) does not exist/
const OPENING = '['.charCodeAt(0)

/** Texts that each begin with a comma become one JSON array. */
export function asJsonArray(rows: Readable): Readable {
  async function* parts(): AsyncGenerator<Buffer> {
    let isFirst = true
    for await (const row of rows as AsyncIterable<Buffer>) {
      if (isFirst) row[0] = OPENING
      isFirst = false
      yield row
    }
    yield Buffer.from(isFirst ? '[]' : ']')
  }
  const array = Readable.from(parts(), { objectMode: false })
  array.once('close', () => rows.destroy())
  return array
}
