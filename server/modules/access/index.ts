import type { Logger } from 'pino'
import type { Clock } from '../../kernel/clock.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import type { Authenticate, Route } from '../../platform/http/index.ts'
import { bearerScheme, type CredentialScheme, firstOf } from './authenticate.ts'
import { type ClientService, createClientService } from './client.service.ts'
import { CLIENT_CHANGED, ClientCache } from './client-cache.ts'
import { type ClientChanges, listenForClientChanges } from './client-changes.store.ts'
import { createOutsideIssuers } from './outside-issuers.ts'
import type { AccessRouteOptions } from './routes/access-route-options.ts'
import { createClientRoute } from './routes/create-client.ts'
import { createTokenRoutes } from './routes/create-token.ts'
import { getClientRoute } from './routes/get-client.ts'
import { getOpenIdConfigurationRoute } from './routes/get-open-id-configuration.ts'
import { getSigningKeysRoute } from './routes/get-signing-keys.ts'
import { listClientsRoute } from './routes/list-clients.ts'
import { revokeClientRoute } from './routes/revoke-client.ts'
import { rotateClientSecretRoute } from './routes/rotate-client-secret.ts'
import { updateClientRoute } from './routes/update-client.ts'
import { createSigningKeys, type Sealer } from './signing-keys.ts'
import { createTokenService, type TokenService } from './token.service.ts'
import { TokenVerifier } from './token-verifier.ts'

export type { CredentialScheme } from './authenticate.ts'
export { countChannelClients } from './channel-clients.store.ts'
export { type ClientService, ensureClient } from './client.service.ts'

export type AccessSettings = {
  /** The public URL without a slash at the end: `iss` of our tokens. */
  publicUrl: string
  /** LEADLINE_TOKEN_AUDIENCE: `aud` of every token, ours and others'. */
  audience: string
  /** LEADLINE_TRUSTED_ISSUERS: `iss` of outside tokens, to the letter. */
  trustedIssuers: readonly string[]
  /** The application's connection string: changes of clients are heard on a connection of their own. */
  databaseUrl: string
}

export type AccessOptions = {
  transact: Transact
  sealer: Sealer
  clock: Clock
  logger: Logger
  settings: AccessSettings
  /** More ways to say who one is, after bearer tokens: sessions of people. */
  schemes?: readonly CredentialScheme[]
}

export type Access = {
  authenticate: Authenticate
  clients: ClientService
  tokens: TokenService
  routes: Route[]
  /** Makes the signing key if there is none yet. Requests work without it too; the first token then takes longer. */
  start(): Promise<void>
  close(): Promise<void>
}

/** API clients, their tokens, and who sent a request. Hears of changed clients from the moment it is made. */
export function createAccess({ transact, sealer, clock, logger, settings, schemes = [] }: AccessOptions): Access {
  const { publicUrl: issuer, audience, trustedIssuers, databaseUrl } = settings
  let changes: ClientChanges | undefined
  const cache = new ClientCache(() => changes?.isLive() ?? false)
  changes = listenForClientChanges({
    databaseUrl,
    channel: CLIENT_CHANGED,
    onChange: (clientId) => cache.forget(clientId),
    onError: (error) =>
      logger.warn({ err: error }, 'changes of API clients are not heard; each request asks the database'),
  })
  const signingKeys = createSigningKeys({ transact, sealer, clock, logger })
  const outsideIssuers = createOutsideIssuers(trustedIssuers)
  const verifier = new TokenVerifier({ issuer, audience, signingKeys, outsideIssuers, clock })
  const forget = (clientId: string) => cache.forget(clientId)
  const clients = createClientService({ transact, clock, trustedIssuers, forget })
  const tokens = createTokenService({ transact, signingKeys, issuer, audience, clock, logger })
  const routeOptions: AccessRouteOptions = { clients, tokens, signingKeys, clock, issuer, audience }
  return {
    authenticate: firstOf([bearerScheme({ transact, verifier, cache, clock, logger }), ...schemes], transact),
    clients,
    tokens,
    routes: accessRoutes(routeOptions),
    start: async () => {
      await signingKeys.current()
    },
    close: () => changes.close(),
  }
}

function accessRoutes(options: AccessRouteOptions): Route[] {
  return [
    ...createTokenRoutes(options),
    getSigningKeysRoute(options),
    getOpenIdConfigurationRoute(options),
    listClientsRoute(options),
    createClientRoute(options),
    getClientRoute(options),
    updateClientRoute(options),
    rotateClientSecretRoute(options),
    revokeClientRoute(options),
  ]
}
