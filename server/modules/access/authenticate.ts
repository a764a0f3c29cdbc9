import type { Logger } from 'pino'
import type { Permission } from '../../../contract/permissions.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import { installationPrincipal, type OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import type { Authenticate, Credentials } from '../../platform/http/index.ts'
import { isChannel } from './channel-clients.store.ts'
import { narrowToChannel, unknownChannel } from './channel-scope.ts'
import type { Client, ExternalIdentity } from './client.rules.ts'
import { clientStore } from './client.store.ts'
import type { ClientCache } from './client-cache.ts'
import type { TokenSubject, TokenVerifier } from './token-verifier.ts'

export type AuthenticateOptions = {
  transact: Transact
  verifier: TokenVerifier
  cache: ClientCache
  clock: Clock
  logger: Logger
}

/** One way to say who sent a request; undefined: these credentials are not of that kind. */
export type CredentialScheme = (credentials: Credentials) => Promise<OperatorPrincipal> | undefined

/**
 * Tries each scheme in turn: bearer tokens of API clients first, sessions of people beside them. Who writes in the name of a
 * channel must name one that is there; a list of one that is not is empty.
 */
export function firstOf(schemes: readonly CredentialScheme[], transact: Transact): Authenticate {
  return async (credentials) => {
    for (const scheme of schemes) {
      const asked = scheme(credentials)
      if (!asked) continue
      const whole = await asked
      const principal = narrowToChannel(whole, credentials.headers['x-ovoc-channel-id'])
      if (principal !== whole && !READING.has(credentials.method)) await requireChannel(principal, transact)
      return principal
    }
    throw new AppError({
      code: 'credentials-missing',
      status: 401,
      detail: 'Send an access token as `Authorization: Bearer …`. POST /oauth2/v2.0/token gives one.',
    })
  }
}

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD'])

async function requireChannel(principal: OperatorPrincipal, transact: Transact): Promise<void> {
  const channelId = principal.channelId ?? 0
  if (!(await transact(principal, (tx) => isChannel(tx, channelId)))) throw unknownChannel(channelId)
}

/** Bearer tokens. Permissions and channel are those the client has now, whatever its token says. */
export function bearerScheme(options: AuthenticateOptions): CredentialScheme {
  const { transact, verifier, cache, clock, logger } = options
  const principalOf = principalsOf()
  const touched = new Map<string, number>()

  async function authenticate(token: string, { requestId, sourceIp }: Credentials): Promise<OperatorPrincipal> {
    const subject = verifier.remembered(token) ?? (await verifier.verify(token))
    const key = keyOf(subject)
    const client = cache.known(key) ?? (await cache.get(key, () => load(subject, requestId)))
    if (!client) throw unknownSubject(subject)
    if (client.revokedAt !== null) throw revoked()
    noteUse(client)
    return { ...principalOf(client), requestId, sourceIp }
  }

  function load(subject: TokenSubject, requestId: string): Promise<Client | undefined> {
    return transact(installationPrincipal('token check', requestId), (tx) => {
      const store = clientStore(tx)
      return 'clientId' in subject ? store.find(subject.clientId) : store.findExternal(subject.external)
    })
  }

  /** Behind the request: nobody waits for it, and a database that is away shows elsewhere soon enough. */
  function noteUse(client: Client): void {
    const now = clock.now()
    if (now.getTime() - (touched.get(client.clientId) ?? 0) < 60_000) return
    touched.set(client.clientId, now.getTime())
    transact(installationPrincipal('token check', 'last-used'), (tx) =>
      clientStore(tx).touch(client.clientId, now),
    ).catch((error) => logger.warn({ err: error, client: client.clientId }, 'last use of an API client not written'))
  }

  return (credentials) => {
    const header = credentials.headers.authorization
    if (header === undefined) return undefined
    const token = /^bearer +([\w.~+/=-]+) *$/i.exec(header)?.[1]
    if (token === undefined) return undefined
    return authenticate(token, credentials)
  }
}

/** A client's fixed part of a principal is made once for each state of the client. */
function principalsOf(): (client: Client) => Omit<OperatorPrincipal, 'requestId' | 'sourceIp'> {
  const made = new WeakMap<Client, Omit<OperatorPrincipal, 'requestId' | 'sourceIp'>>()
  return (client) => {
    let fixed = made.get(client)
    if (!fixed) {
      fixed = {
        kind: 'client',
        id: client.clientId,
        name: client.name,
        operatorId: client.operatorId,
        channelId: client.channelId,
        permissions: new Set(client.permissions as Permission[]),
      }
      made.set(client, fixed)
    }
    return fixed
  }
}

function keyOf(subject: TokenSubject): string {
  return 'clientId' in subject ? `client ${subject.clientId}` : `outside ${JSON.stringify(subject.external)}`
}

function unknownSubject(subject: TokenSubject): AppError {
  if ('clientId' in subject) return revoked()
  return notRegistered(subject.external)
}

function revoked(): AppError {
  return new AppError({
    code: 'client-revoked',
    status: 401,
    detail: 'The API client of this token is revoked, or no longer exists. Ask an administrator for another.',
  })
}

function notRegistered({ issuer, tenantId, appId }: ExternalIdentity): AppError {
  const identity = JSON.stringify({ issuer, tenantId, appId })
  return new AppError({
    code: 'client-not-registered',
    status: 403,
    detail: `The token is good, but no API client is registered for it: an administrator creates one with external ${identity}.`,
  })
}
