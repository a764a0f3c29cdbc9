import { installationPrincipal, type Principal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { membershipStore } from './membership.store.ts'
import { type Giver, isPlatformAdministrator } from './person.rules.ts'

/**
 * Whoever asks, with whether he is an administrator of the platform tier. An API client never is: it belongs to one operator.
 * Whoever is at the terminal always is: he can read the database anyway.
 */
export async function giverOf(transact: Transact, principal: Principal): Promise<Giver> {
  if (principal.kind === 'installation' || isAtTerminal(principal)) return { principal, isPlatform: true }
  if (principal.kind !== 'person') return { principal, isPlatform: false }
  const memberships = await transact(installationPrincipal('users', principal.requestId), (tx) =>
    membershipStore(tx).listOf(principal.id),
  )
  const isPlatform = isPlatformAdministrator(memberships)
  // Narrowed to a channel by X-Ovoc-Channel-Id he asks as that channel would.
  return { principal, isPlatform: isPlatform && principal.channelId === null }
}

/** No person's id: those are UUIDs. Source: server/commands/with-installation.ts. */
function isAtTerminal({ kind, id }: Principal): boolean {
  return kind === 'person' && id.startsWith('terminal/')
}

/** The scope in which roles of the platform tier are seen and changed: no operator's, in the name of the same person. */
export function platformScope(principal: Principal): Principal {
  return { ...principal, operatorId: null, channelId: null }
}
