import type { WireClient } from '../../../contract/clients.ts'
import type { Principal } from '../../kernel/principal.ts'
import { type Client, mayRevoke, mayRotateSecret, mayUpdate, type Verdict } from './client.rules.ts'

/** An API client as `principal` may see it, with what he may do with it. */
export function viewClient(client: Client, principal: Principal, now: Date): WireClient {
  const previousLives = client.previousSecretExpiresAt !== null && client.previousSecretExpiresAt > now
  return {
    clientId: client.clientId,
    name: client.name,
    permissions: client.permissions,
    channelId: client.channelId,
    external: client.external,
    createdAt: client.createdAt.toISOString(),
    lastUsedAt: client.lastUsedAt?.toISOString() ?? null,
    revokedAt: client.revokedAt?.toISOString() ?? null,
    previousSecretExpiresAt: previousLives ? (client.previousSecretExpiresAt?.toISOString() ?? null) : null,
    actions: {
      update: permitted(mayUpdate(client)),
      rotateSecret: permitted(mayRotateSecret(principal, client)),
      revoke: permitted(mayRevoke(client)),
    },
  }
}

function permitted(verdict: Verdict): { allowed: boolean; reason?: string } {
  return verdict.ok ? { allowed: true } : { allowed: false, reason: verdict.reason }
}
