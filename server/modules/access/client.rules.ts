import type { Permission } from '../../../contract/permissions.ts'
import type { Principal } from '../../kernel/principal.ts'

/** An API client as stored. */
export type Client = {
  clientId: string
  operatorId: number
  channelId: number | null
  name: string
  permissions: string[]
  secretHash: Buffer
  previousSecretHash: Buffer | null
  previousSecretExpiresAt: Date | null
  external: ExternalIdentity | null
  createdAt: Date
  lastUsedAt: Date | null
  revokedAt: Date | null
}

/** Who a token of an outside issuer speaks for: claims `iss`, `tid`, and `azp` or `appid`. */
export type ExternalIdentity = { issuer: string; tenantId: string; appId: string }

/** An answer to "may this be done now?" that says why not. Source: design/architecture.md, names 3. */
export type Verdict = { ok: true } | { ok: false; code: string; reason: string }

const YES: Verdict = { ok: true }

/** Nobody gives, or gets hold of, a permission that he does not hold. */
export function mayGive(principal: Principal, permissions: readonly string[]): Verdict {
  const beyond = permissions.filter((permission) => !principal.permissions.has(permission as Permission))
  if (beyond.length === 0) return YES
  const list = beyond.join(', ')
  return {
    ok: false,
    code: 'permission-beyond-own',
    reason: `You do not hold ${list} yourself: ask somebody who does.`,
  }
}

/** Whoever reads the new secret can do all that the client can: so he must be allowed all of it. */
export function mayRotateSecret(principal: Principal, client: Client): Verdict {
  return notRevoked(client) ?? mayGive(principal, client.permissions)
}

export function mayUpdate(client: Client): Verdict {
  return notRevoked(client) ?? YES
}

export function mayRevoke(client: Client): Verdict {
  return notRevoked(client) ?? YES
}

function notRevoked(client: Client): Verdict | null {
  if (client.revokedAt === null) return null
  return { ok: false, code: 'client-revoked', reason: 'It is revoked for good: create another client.' }
}

/** The channel a client of this principal gets: a principal bound to a channel makes clients of that channel only. */
export function channelFor(principal: Principal, wanted: number | null | undefined): number | null {
  return principal.channelId ?? wanted ?? null
}
