import type { Clock } from '../../../kernel/clock.ts'
import type { ClientService } from '../client.service.ts'
import type { SigningKeys } from '../signing-keys.ts'
import type { TokenService } from '../token.service.ts'

/** What the routes of this module are made of. */
export type AccessRouteOptions = {
  clients: ClientService
  tokens: TokenService
  signingKeys: SigningKeys
  clock: Clock
  issuer: string
  audience: string
}
