import { randomUUID } from 'node:crypto'
import { type ConsentRecord, companyNameOf } from './consent-record.ts'
import { writeJson } from './dialect.ts'
import type { Endpoint } from './fault-catalogue.ts'
import { FAULT_CATALOGUE, sentinelOf } from './fault-catalogue.ts'
import type { StrikingFault } from './faults.ts'
import type { Exchange, Reply } from './http-exchange.ts'
import type { ApiCall } from './operator-api-call.ts'
import { apiError } from './operator-api-errors.ts'
import { answerListing, answerNumbers } from './operator-api-listing.ts'
import { answerWrite, WRITE_ROLE } from './operator-api-writes.ts'
import { applySentinel, falsifyAddresses, falsifyConsent } from './record-faults.ts'
import { parseGuid } from './seed/guid.ts'
import { PROJECT_SYNERGY_APP_ID } from './seed/operators.ts'
import { hashText, Random } from './seed/random.ts'
import type { TokenSigner } from './token-signer.ts'
import type { Operator, World } from './world.ts'

/** Roles without which consents and addresses cannot be read (microsoft.md A.2). */
const READ_ROLES = [
  ['PartnerSettings.Read'],
  ['TrunkManagement.Read', 'TrunkManagement.Write'],
  ['NumberManagement.Read', 'NumberManagement.Write'],
] as const

export interface ApiContext {
  world: World
  signer: TokenSigner
  /** Path before `/operator-consents`, '/api' unless configured. */
  basePath: string
}

/**
 * The operator that the token speaks for, or the refusal: 401 for a bad or expired token, 403 when a role is
 * missing or the application id is not on the allow-list of the operator portal (microsoft.md A.2).
 */
export async function authorize(context: ApiContext, exchange: Exchange): Promise<Operator | Reply> {
  const token = /^Bearer\s+(\S+)$/i.exec(exchange.request.headers.authorization ?? '')?.[1]
  const claims = token === undefined ? undefined : await context.signer.verify(token)
  if (claims === undefined || claims.aud !== PROJECT_SYNERGY_APP_ID) {
    const reply = apiError(401, 'InvalidAuthenticationToken', 'Access token is missing, invalid or has expired.')
    reply.headers['www-authenticate'] = `Bearer authorization_uri="${exchange.baseUrl}/common", error="invalid_token"`
    return reply
  }
  const operator = context.world.operatorByDirectory(String(claims.tid))
  const app = claims.azp ?? claims.appid
  if (operator === undefined || app !== operator.seed.clientId || !operator.settings.appIsAllowListed) {
    return apiError(
      403,
      'Forbidden',
      `Application ${String(app)} is not in the list of application ids of an operator.`,
    )
  }
  exchange.operator = operator.seed.key
  const roles = Array.isArray(claims.roles) ? claims.roles : []
  const needed = exchange.method === 'GET' ? READ_ROLES : [...READ_ROLES, [WRITE_ROLE]]
  const missing = needed.find((choices) => !choices.some((role) => roles.includes(role)))
  if (missing !== undefined) {
    return apiError(403, 'InsufficientPermissions', `The token has none of the roles ${missing.join(', ')}.`)
  }
  return operator
}

/** The right answer to a call, falsified where a listing or record fault strikes. */
export async function answerApiCall(
  world: World,
  operator: Operator,
  call: ApiCall,
  exchange: Exchange,
  faults: StrikingFault[],
): Promise<Reply> {
  const isRead = exchange.method === 'GET' && call.endpoint !== 'relationship'
  const reply = isRead
    ? answerRead(world, operator, call, exchange, faults)
    : await answerWrite(world, operator, call, exchange)
  const requestId = randomUUID()
  reply.headers = { 'request-id': requestId, 'x-ms-request-id': requestId, ...reply.headers }
  return reply
}

function answerRead(
  world: World,
  operator: Operator,
  call: ApiCall,
  exchange: Exchange,
  faults: StrikingFault[],
): Reply {
  if (call.endpoint === 'list') return answerListing(operator, exchange, faults)
  if (call.endpoint === 'trunks') {
    return ok(writeJson({ CallingProfiles: operator.callingProfiles }, operator.settings.casing))
  }
  if (call.endpoint === 'numbers') {
    const tenantId = parseGuid(call.subject)
    if (tenantId === undefined) return malformedId(call)
    if (findConsent(operator, call) === undefined) return unknownConsent(call)
    return answerNumbers(operator, tenantId, exchange)
  }
  if (call.endpoint === 'one') return answerOne(operator, call, faults)
  return answerAddresses(world, operator, call, faults)
}

/**
 * The fault that the tenant's own company asks for by its name, for calls about that one tenant.
 * Record sentinels are not among them: they are part of the consent's text.
 */
export function sentinelFault(operator: Operator, call: ApiCall): StrikingFault | undefined {
  const consent = call.endpoint === 'list' || call.endpoint === 'trunks' ? undefined : findConsent(operator, call)
  const name = consent && sentinelOf(companyNameOf(consent))
  if (consent === undefined || name === undefined) return undefined
  const { kind, endpoints } = FAULT_CATALOGUE[name]
  if (kind === 'listing' || kind === 'token') return undefined
  if (kind === 'record' && !(endpoints as readonly Endpoint[]).includes('addresses')) return undefined
  return { name, kind, random: new Random(hashText(consent.Id)) }
}

function answerOne(operator: Operator, call: ApiCall, faults: StrikingFault[]): Reply {
  if (parseGuid(call.subject) === undefined) return malformedId(call)
  const consent = findConsent(operator, call)
  if (consent === undefined) return unknownConsent(call)
  let sent = applySentinel(consent)
  for (const fault of faults) {
    if (fault.kind === 'record') sent = falsifyConsent(consent, fault.name, fault.digits ?? fault.random.below(8))
  }
  return ok(writeJson(sent, operator.settings.casing))
}

function answerAddresses(world: World, operator: Operator, call: ApiCall, faults: StrikingFault[]): Reply {
  const { settings } = operator
  if (parseGuid(call.subject) === undefined) return malformedId(call)
  const consent = findConsent(operator, call)
  if (consent === undefined) return unknownConsent(call)
  // A customer who has removed the operator no longer shows it addresses.
  const held = consent.Status === 'Removed' ? [] : world.addressesOf(consent.TenantId)
  let sent: unknown = held
  for (const fault of faults) if (fault.kind === 'record') sent = falsifyAddresses(held, fault.name)
  return ok(writeJson({ CivicAddresses: sent }, settings.casing))
}

function findConsent(operator: Operator, call: ApiCall): ConsentRecord | undefined {
  const id = parseGuid(call.subject)
  if (id === undefined) return undefined
  const { store } = operator
  const ordinal = call.byConsentId ? store.ordinalOfId(id) : store.ordinalsOfTenant(id)[0]
  return ordinal === undefined ? undefined : store.at(ordinal)
}

function malformedId(call: ApiCall): Reply {
  return apiError(400, 'BadRequest', `The value '${call.subject.slice(0, 80)}' is not a valid GUID.`)
}

function unknownConsent(call: ApiCall): Reply {
  const subject = call.byConsentId ? 'id' : 'tenant'
  return apiError(404, 'ResourceNotFound', `No consent was found for ${subject} '${call.subject}'.`)
}

function ok(body: string): Reply {
  return { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body }
}
