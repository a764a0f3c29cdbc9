import { randomUUID, X509Certificate } from 'node:crypto'
import { jwtVerify } from 'jose'
import { entraError, unknownTenant } from './entra-errors.ts'
import type { FaultBook, StrikingFault } from './faults.ts'
import { decodeText, type Exchange, jsonReply, type Reply, readBody } from './http-exchange.ts'
import { LEADLINE_AUDIENCE, PROJECT_SYNERGY_APP_ID } from './seed/operators.ts'
import type { TokenSigner } from './token-signer.ts'
import type { Operator, World } from './world.ts'

/** Tenant words that stand for "whoever signs in": their issuer is a template. */
const SHARED_TENANTS = new Set(['common', 'organizations', 'consumers'])

export interface EntraContext {
  world: World
  signer: TokenSigner
  /** Host and scheme that issuers carry; the same for every caller. */
  publicUrl: string
}

/** The reply for an Entra path, or undefined when the path is none. */
export async function answerEntra(
  context: EntraContext,
  exchange: Exchange,
  strike: () => StrikingFault[],
): Promise<Reply | undefined> {
  const { pathname } = exchange.url
  if (pathname === '/common/discovery/instance') return instanceDiscovery(context, exchange)
  const match =
    /^\/([^/]+)\/(oauth2\/v2\.0\/token|oauth2\/token|v2\.0\/\.well-known\/openid-configuration|\.well-known\/openid-configuration|discovery\/v2\.0\/keys|discovery\/keys)$/.exec(
      pathname,
    )
  if (match === null) return undefined
  const [, tenant = '', page = ''] = match
  const isTokenPage = page.startsWith('oauth2/')
  if (exchange.method !== (isTokenPage ? 'POST' : 'GET')) {
    return entraError(405, 'invalid_request', 900561, 'The endpoint does not accept this method.')
  }
  if (isTokenPage) return issueToken(context, exchange, decodeText(tenant), page.includes('v2.0'), strike)
  const known = resolveIssuerTenant(context.world, decodeText(tenant))
  if (known === undefined) return unknownTenant(tenant)
  if (page.endsWith('keys')) return jsonReply(200, context.signer.keySet())
  return jsonReply(200, metadata(context.publicUrl, known, page.startsWith('v2.0')))
}

function resolveIssuerTenant(world: World, tenant: string): string | undefined {
  if (SHARED_TENANTS.has(tenant.toLowerCase())) return '{tenantid}'
  return world.resolveTenant(tenant)
}

function metadata(publicUrl: string, tenantId: string, isV2: boolean) {
  const shared = tenantId === '{tenantid}'
  const base = `${publicUrl}/${shared ? 'common' : tenantId}`
  const version = isV2 ? '/v2.0' : ''
  return {
    token_endpoint: `${base}/oauth2${version}/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    jwks_uri: `${base}/discovery${version}/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: issuerOf(publicUrl, tenantId, isV2),
    authorization_endpoint: `${base}/oauth2${version}/authorize`,
    device_authorization_endpoint: `${base}/oauth2${version}/devicecode`,
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'tid', 'oid', 'roles', 'azp', 'ver'],
    tenant_region_scope: shared ? null : 'EU',
    cloud_instance_name: 'microsoftonline.com',
  }
}

function issuerOf(publicUrl: string, tenantId: string, isV2: boolean): string {
  return isV2 ? `${publicUrl}/${tenantId}/v2.0` : `${publicUrl}/${tenantId}/`
}

function instanceDiscovery(context: EntraContext, exchange: Exchange): Reply {
  const tenant = exchange.url.searchParams.get('authorization_endpoint')?.split('/')[3] ?? 'common'
  if (resolveIssuerTenant(context.world, tenant) === undefined) return unknownTenant(tenant)
  return jsonReply(200, {
    tenant_discovery_endpoint: `${context.publicUrl}/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [],
  })
}

/** Client credentials only. Form or Basic; every refusal has the number that Entra gives it. */
async function issueToken(
  context: EntraContext,
  exchange: Exchange,
  tenant: string,
  isV2: boolean,
  strike: () => StrikingFault[],
): Promise<Reply> {
  const form = new URLSearchParams(await readBody(exchange.request))
  const tenantId = context.world.resolveTenant(tenant)
  if (tenantId === undefined) return unknownTenant(tenant)
  const grantType = form.get('grant_type')
  if (!grantType) return missing('grant_type')
  if (grantType !== 'client_credentials') {
    return entraError(
      400,
      'unsupported_grant_type',
      70003,
      `The app requested an unsupported grant type '${grantType}'.`,
    )
  }
  const credentials = clientCredentials(exchange, form)
  if (!credentials.id) return missing('client_id')
  const operator = context.world.operatorByDirectory(tenantId)
  if (operator?.seed.clientId !== credentials.id.toLowerCase()) return unknownClient(credentials.id, tenantId)
  exchange.operator = operator.seed.key
  const faults = strike()
  const assertion = form.get('client_assertion')
  return (
    refuseByFault(faults) ??
    (assertion === null
      ? refuseSecret(operator, credentials.secret)
      : await refuseAssertion(context, exchange, operator, assertion, form.get('client_assertion_type'))) ??
    (await grant(context, operator, form, isV2, faults))
  )
}

function missing(parameter: string): Reply {
  return entraError(400, 'invalid_request', 900144, `The request body must contain the parameter: '${parameter}'.`)
}

function unknownClient(clientId: string, tenantId: string): Reply {
  return entraError(
    400,
    'unauthorized_client',
    700016,
    `Application with identifier '${clientId}' was not found in the directory '${tenantId}'.`,
  )
}

function clientCredentials(exchange: Exchange, form: URLSearchParams): { id: string; secret: string } {
  const basic = /^Basic\s+(.+)$/i.exec(exchange.request.headers.authorization ?? '')?.[1]
  if (basic === undefined) return { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' }
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':')
  return { id: decodeText(id), secret: decodeText(secret) }
}

function refuseByFault(faults: StrikingFault[]): Reply | undefined {
  const names = faults.map(({ name }) => name)
  if (names.includes('token-refused')) return wrongSecret('the application')
  if (names.includes('token-secret-expired')) return expiredSecret('the application')
  if (names.includes('token-unavailable')) {
    return entraError(503, 'temporarily_unavailable', 90033, 'A transient error has occurred. Please try again.')
  }
  return undefined
}

function refuseSecret(operator: Operator, secret: string): Reply | undefined {
  if (secret === '') {
    return entraError(
      401,
      'invalid_client',
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    )
  }
  if (secret !== operator.seed.clientSecret) return wrongSecret(operator.seed.clientId)
  return operator.settings.secretIsExpired ? expiredSecret(operator.seed.clientId) : undefined
}

/** A signature by the key of the certificate that was uploaded, for this endpoint and this app. */
async function refuseAssertion(
  { publicUrl }: EntraContext,
  { url, request }: Exchange,
  { seed, settings }: Operator,
  assertion: string,
  type: string | null,
): Promise<Reply | undefined> {
  if (type !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') {
    return entraError(
      400,
      'invalid_request',
      900144,
      "The request body must contain the parameter: 'client_assertion_type'.",
    )
  }
  const unknownKey =
    'The certificate with identifier used to sign the client assertion is not registered on application.'
  if (settings.certificate === '') return badAssertion(unknownKey)
  const certificate = new X509Certificate(settings.certificate)
  const thumbprint = Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url')
  try {
    const { payload, protectedHeader } = await jwtVerify(assertion, certificate.publicKey, {
      algorithms: ['PS256', 'RS256'],
      audience: [`${publicUrl}${url.pathname}`, `http://${request.headers.host}${url.pathname}`],
      issuer: seed.clientId,
      subject: seed.clientId,
      requiredClaims: ['jti', 'exp'],
    })
    if (protectedHeader['x5t#S256'] !== thumbprint) return badAssertion(unknownKey)
    const lifeSeconds = (payload.exp ?? 0) - Math.floor(Date.now() / 1_000)
    return lifeSeconds > 600 ? badAssertion('The assertion is valid for too long.') : undefined
  } catch (error) {
    return badAssertion(`Client assertion failed signature validation. ${(error as Error).message}`)
  }
}

function badAssertion(detail: string): Reply {
  return entraError(401, 'invalid_client', 700027, detail)
}

function wrongSecret(app: string): Reply {
  return entraError(
    401,
    'invalid_client',
    7000215,
    `Invalid client secret provided. Ensure the secret being sent is the client secret value, not its ID, for app '${app}'.`,
  )
}

function expiredSecret(app: string): Reply {
  return entraError(
    401,
    'invalid_client',
    7000222,
    `The provided client secret keys for app '${app}' are expired. Create new keys for the app.`,
  )
}

async function grant(
  context: EntraContext,
  operator: Operator,
  form: URLSearchParams,
  isV2: boolean,
  faults: StrikingFault[],
): Promise<Reply> {
  const asked = isV2 ? form.get('scope') : form.get('resource')
  if (!asked) return missing(isV2 ? 'scope' : 'resource')
  if (isV2 && !asked.endsWith('/.default')) {
    return entraError(
      400,
      'invalid_scope',
      1002012,
      `The provided value for scope ${asked} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.`,
    )
  }
  const resource = (isV2 ? asked.slice(0, -'/.default'.length) : asked).replace(/\/$/, '')
  const audience = audienceOf(resource)
  if (audience === undefined) {
    return entraError(
      400,
      'invalid_resource',
      500011,
      `The resource principal named ${resource} was not found in the tenant named ${operator.seed.directoryTenantId}.`,
    )
  }
  const lifetimeSeconds = faults.some(({ name }) => name === 'token-expired-already')
    ? -60
    : operator.settings.tokenLifetimeSeconds
  const claims = tokenClaims(context.publicUrl, operator, audience, isV2, lifetimeSeconds)
  const token = await context.signer.sign(claims)
  const expiresIn = Math.max(lifetimeSeconds, 0)
  if (isV2) {
    return jsonReply(200, {
      token_type: 'Bearer',
      expires_in: expiresIn,
      ext_expires_in: expiresIn,
      access_token: token,
    })
  }
  return jsonReply(200, {
    token_type: 'Bearer',
    expires_in: String(expiresIn),
    ext_expires_in: String(expiresIn),
    expires_on: String(claims.exp),
    not_before: String(claims.nbf),
    resource,
    access_token: token,
  })
}

function audienceOf(resource: string): string | undefined {
  const name = resource.toLowerCase()
  if (name === PROJECT_SYNERGY_APP_ID || name === `api://${PROJECT_SYNERGY_APP_ID}`) return PROJECT_SYNERGY_APP_ID
  return name === LEADLINE_AUDIENCE ? LEADLINE_AUDIENCE : undefined
}

/** The claims of an app-only token. v1 names the client `appid`, v2 `azp`. */
export function tokenClaims(
  publicUrl: string,
  operator: Operator,
  audience: string,
  isV2: boolean,
  lifetimeSeconds: number,
) {
  const { seed, settings } = operator
  const now = Math.floor(Date.now() / 1000)
  const client = isV2 ? { azp: seed.clientId, azpacr: '1' } : { appid: seed.clientId, appidacr: '1' }
  return {
    aud: audience,
    iss: issuerOf(publicUrl, seed.directoryTenantId, isV2),
    iat: now,
    nbf: now,
    exp: now + lifetimeSeconds,
    ...client,
    idtyp: 'app',
    oid: seed.clientId,
    sub: seed.clientId,
    roles: audience === LEADLINE_AUDIENCE ? settings.leadlineRoles : settings.roles,
    tid: seed.directoryTenantId,
    uti: randomUUID().replaceAll('-', '').slice(0, 22),
    ver: isV2 ? '2.0' : '1.0',
  }
}

/** Faults of Entra's endpoint: those that replace the token and those that replace the whole answer. */
export function strikeToken(faults: FaultBook, exchange: Exchange): StrikingFault[] {
  const path = `${exchange.url.pathname}${exchange.url.search}`
  return faults.strike({ endpoint: 'token', path, operator: exchange.operator })
}
