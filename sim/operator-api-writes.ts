import { type ConsentRecord, isDirect } from './consent-record.ts'
import { writeJson } from './dialect.ts'
import { directConsent } from './direct-consent.ts'
import { BadRequest, type Exchange, type Reply, readBody } from './http-exchange.ts'
import type { ApiCall } from './operator-api-call.ts'
import { apiError } from './operator-api-errors.ts'
import { parseGuid } from './seed/guid.ts'
import { formatTimestamp } from './seed/timestamp.ts'
import type { Operator, World } from './world.ts'

/** Role for changing consents (microsoft.md A.2). */
export const WRITE_ROLE = 'NumberManagement.Write'

/** Tenants that Microsoft knows nothing of, for the operator's own leads; every other GUID is somebody's. */
const NOBODYS_TENANT = /^(deadbeef-|00000000-0000-0000-0000-000000000000$)/

/** Words for the operator's side of the relation; those that end it need a reason (microsoft.md A.4). */
const RELATIONSHIP_STATUSES = [
  'ConsentAcknowledged',
  'CustomerContacted',
  'AgreementSigned',
  'ConsentDeclined',
  'ContractTerminated',
]
const NEEDS_COMMENT = ['ConsentDeclined', 'ContractTerminated']

type Writing = { world: World; operator: Operator; tenantId: string; body: Map<string, unknown> }

/** What the operator may change: a direct lead of its own, and its side of the relation with a customer. */
export async function answerWrite(world: World, operator: Operator, call: ApiCall, exchange: Exchange): Promise<Reply> {
  const tenantId = parseGuid(call.subject)
  if (tenantId === undefined || call.byConsentId) {
    return apiError(400, 'BadRequest', `The value '${call.subject.slice(0, 80)}' is not a tenant id.`)
  }
  const change = CHANGES[`${exchange.method} ${call.endpoint}`]
  if (change === undefined) {
    return apiError(405, 'MethodNotAllowed', `The method ${exchange.method} is not supported here.`)
  }
  try {
    const body = exchange.method === 'DELETE' ? new Map<string, unknown>() : await membersOf(exchange)
    return change({ world, operator, tenantId, body })
  } catch (error) {
    if (error instanceof BadRequest) return apiError(error.status, 'BadRequest', error.message)
    throw error
  }
}

const CHANGES: Record<string, (writing: Writing) => Reply> = {
  'PATCH one': createDirect,
  'DELETE one': deleteDirect,
  'PUT relationship': setRelationship,
}

/** Refused when the tenant has any consent already, and by Microsoft when the tenant is nobody's. */
function createDirect({ world, operator, tenantId, body }: Writing): Reply {
  const company = textIn(body, 'companyname').trim()
  if (company === '') throw new BadRequest('CompanyName is missing.')
  if (NOBODYS_TENANT.test(tenantId)) {
    return apiError(404, 'TenantNotFound', `Tenant '${tenantId}' was not found.`)
  }
  if (operator.store.ordinalsOfTenant(tenantId).length > 0) {
    return apiError(409, 'ConsentAlreadyExists', `A consent of tenant '${tenantId}' exists already.`)
  }
  const consent = directConsent({ id: world.newId(), tenantId, company, at: now() })
  world.commit({ kind: 'consent-put', operator: operator.seed.key, consent })
  return told(operator, consent, 201)
}

function deleteDirect({ world, operator, tenantId }: Writing): Reply {
  const consents = operator.store.ordinalsOfTenant(tenantId).map((ordinal) => operator.store.at(ordinal))
  const direct = consents.find(isDirect)
  if (direct === undefined && consents.length > 0) {
    return apiError(409, 'ConsentOfCustomer', `Only the customer can withdraw the consent of tenant '${tenantId}'.`)
  }
  if (direct === undefined) {
    return apiError(404, 'ResourceNotFound', `No consent was found for tenant '${tenantId}'.`)
  }
  world.commit({ kind: 'consent-hidden', operator: operator.seed.key, id: direct.Id, hiding: 'everywhere' })
  return { status: 204, headers: {}, body: '' }
}

function setRelationship({ world, operator, tenantId, body }: Writing): Reply {
  const ordinal = operator.store.ordinalsOfTenant(tenantId)[0]
  if (ordinal === undefined) {
    return apiError(404, 'ResourceNotFound', `No consent was found for tenant '${tenantId}'.`)
  }
  const status = RELATIONSHIP_STATUSES.find((one) => one.toLowerCase() === textIn(body, 'status').toLowerCase())
  if (status === undefined) throw new BadRequest(`Status must be one of ${RELATIONSHIP_STATUSES.join(', ')}.`)
  const comment = textIn(body, 'comment').trim()
  if (comment === '' && NEEDS_COMMENT.includes(status)) throw new BadRequest(`${status} needs a Comment.`)
  const at = now()
  const activeAtMs = operator.store.activeAtMs(ordinal)
  const consent: ConsentRecord = {
    ...operator.store.at(ordinal),
    LastModifiedOn: at,
    CustomerRelationship: { Status: status, Comment: comment, LastModifiedOn: at },
  }
  const held = activeAtMs === undefined ? {} : { activeAtMs }
  world.commit({ kind: 'consent-put', operator: operator.seed.key, consent, ...held })
  return told(operator, consent, 200)
}

function told(operator: Operator, consent: ConsentRecord, status: number): Reply {
  const body = writeJson(consent, operator.settings.casing)
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body }
}

/** Members by name in lower case: both casings are understood. */
async function membersOf(exchange: Exchange): Promise<Map<string, unknown>> {
  const text = await readBody(exchange.request)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new BadRequest('The body is not JSON.')
  }
  if (typeof value !== 'object' || value === null) throw new BadRequest('The body must be a JSON object.')
  return new Map(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member]))
}

function textIn(body: Map<string, unknown>, name: string): string {
  const value = body.get(name) ?? ''
  if (typeof value !== 'string') throw new BadRequest(`${name} must be a text.`)
  return value
}

function now(): string {
  return formatTimestamp(Date.now(), Number((process.hrtime.bigint() / 100n) % 10_000n))
}
