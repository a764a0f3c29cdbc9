import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Logger } from 'pino'
import { TOKEN_SECONDS, type TokenRequest, type WireToken } from '../../../contract/tokens.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import { installationPrincipal, type Principal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { RateLimit } from '../../platform/http/index.ts'
import { journal } from '../audit/index.ts'
import type { Client } from './client.rules.ts'
import { clientStore } from './client.store.ts'
import { secretFits } from './client-secret.ts'
import type { SigningKeys } from './signing-keys.ts'

/** A token asked for, as it came. */
export type TokenAsked = {
  form: TokenRequest
  authorization: string | undefined
  /** The directory id in the address, if there was one. */
  tenantId: string | undefined
  sourceIp: string
  requestId: string
}

export type TokenServiceOptions = {
  transact: Transact
  signingKeys: SigningKeys
  issuer: string
  audience: string
  clock: Clock
  logger: Logger
}

export type TokenService = { issue(asked: TokenAsked): Promise<WireToken> }

/** Wrong secrets for one client from one address: ten at once, then one every 30 s. */
const WRONG_SECRETS = 10
const WRONG_SECRETS_WINDOW_SECONDS = 300

/** OAuth 2.0 client credentials (RFC 6749 section 4.4) with the reply of Entra ID. */
export function createTokenService(options: TokenServiceOptions): TokenService {
  const { transact, signingKeys, issuer, audience, clock, logger } = options
  const wrongSecrets = new RateLimit(WRONG_SECRETS, WRONG_SECRETS_WINDOW_SECONDS)

  async function checkedClient({ clientId, secret }: ClientSecret, asked: TokenAsked): Promise<Client> {
    const now = clock.now()
    // By address and client together: who guesses slows only himself.
    const key = `${asked.sourceIp} ${clientId}`
    const allowance = wrongSecrets.peek(key, now.getTime())
    if (!allowance.allowed) throw tooManyWrongSecrets(allowance.retryAfterSeconds)
    const principal = installationPrincipal('token check', asked.requestId)
    const client = await transact(principal, (tx) => clientStore(tx).find(clientId))
    const fits = secretFits(client, secret, now)
    if (client && fits) {
      wrongSecrets.reset(key)
      return client
    }
    wrongSecrets.take(key, now.getTime())
    if (client) noteRefusal(client, asked)
    throw wrongCredentials()
  }

  /** Behind the answer, so that it takes as long for a client that exists as for one that does not. */
  function noteRefusal(client: Client, { sourceIp, requestId }: TokenAsked): void {
    const principal: Principal = {
      kind: 'client',
      id: client.clientId,
      name: client.name,
      operatorId: client.operatorId,
      channelId: client.channelId,
      permissions: new Set(),
      requestId,
      sourceIp,
    }
    const object = { type: 'client', id: client.clientId, name: client.name }
    const detail = client.revokedAt ? 'The client is revoked.' : 'The secret was wrong.'
    transact(principal, (tx) =>
      journal(tx).append({ action: 'token.refused', object, result: 'refused', detail }),
    ).catch((error) =>
      logger.error({ err: error, client: client.clientId }, 'refused token not written to the journal'),
    )
  }

  return {
    async issue(asked) {
      requireGrant(asked.form.grant_type)
      const credentials = readCredentials(asked)
      requireScope(asked.form.scope, audience)
      const client = await checkedClient(credentials, asked)
      const { kid, privateKey } = await signingKeys.current()
      const issuedAt = Math.floor(clock.now().getTime() / 1000)
      const claims = {
        appid: client.clientId,
        azp: client.clientId,
        roles: client.permissions,
        ...(asked.tenantId !== undefined && { tid: asked.tenantId }),
      }
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(client.clientId)
        .setIssuedAt(issuedAt)
        .setNotBefore(issuedAt)
        .setExpirationTime(issuedAt + TOKEN_SECONDS)
        .setJti(randomUUID())
        .sign(privateKey)
      return { token_type: 'Bearer', expires_in: TOKEN_SECONDS, ext_expires_in: TOKEN_SECONDS, access_token: token }
    },
  }
}

type ClientSecret = { clientId: string; secret: string }

function requireGrant(grantType: string | undefined): void {
  if (grantType === 'client_credentials') return
  if (!grantType) throw invalidRequest('The field grant_type is missing: send grant_type=client_credentials.')
  throw new AppError({
    code: 'grant-type-unsupported',
    status: 400,
    detail: `The grant type ${JSON.stringify(grantType.slice(0, 60))} is not offered: use client_credentials.`,
  })
}

function requireScope(scope: string | undefined, audience: string): void {
  const unknown = (scope ?? '').split(/\s+/).filter((part) => part !== '' && part !== `${audience}/.default`)
  if (unknown.length === 0) return
  throw new AppError({
    code: 'scope-unknown',
    status: 400,
    detail: `There is no scope ${JSON.stringify(unknown[0]?.slice(0, 100))}: use ${audience}/.default, or leave scope out.`,
  })
}

function readCredentials({ form, authorization }: TokenAsked): ClientSecret {
  const basic = authorization === undefined ? undefined : readBasic(authorization)
  if (basic && (form.client_secret !== undefined || (form.client_id ?? basic.clientId) !== basic.clientId)) {
    throw invalidRequest('The client is named twice: use either HTTP Basic or the form.')
  }
  if (basic) return basic
  if (!form.client_id) throw invalidRequest('The field client_id is missing.')
  if (!form.client_secret) throw invalidRequest('The field client_secret is missing.')
  return { clientId: form.client_id, secret: form.client_secret }
}

/** RFC 6749 section 2.3.1: both halves are form-encoded before they become Basic credentials. */
function readBasic(authorization: string): ClientSecret {
  const [, encoded] = /^basic +([A-Za-z0-9+/=]+) *$/i.exec(authorization) ?? []
  const text = Buffer.from(encoded ?? '', 'base64').toString()
  const colon = text.indexOf(':')
  if (colon < 1) throw invalidRequest('The header Authorization is not HTTP Basic with a client id and secret.')
  const unescaped = (part: string) => {
    try {
      return decodeURIComponent(part.replaceAll('+', ' '))
    } catch {
      return part
    }
  }
  return { clientId: unescaped(text.slice(0, colon)), secret: unescaped(text.slice(colon + 1)) }
}

function invalidRequest(detail: string): AppError {
  return new AppError({ code: 'token-request-invalid', status: 400, detail })
}

function wrongCredentials(): AppError {
  return new AppError({
    code: 'client-credentials-wrong',
    status: 401,
    detail: 'The client id or its secret is wrong, or the client is revoked.',
  })
}

function tooManyWrongSecrets(retryAfterSeconds: number): AppError {
  return new AppError({
    code: 'too-many-wrong-secrets',
    status: 429,
    detail: `Too many wrong secrets for this client from your address. Try again in ${retryAfterSeconds} s.`,
    retryAfterSeconds,
  })
}
