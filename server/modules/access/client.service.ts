import type { Permission } from '../../../contract/permissions.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError, badRequest, notFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { OperatorPrincipal, Principal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { notifyAtCommit } from '../../platform/events/index.ts'
import { journal } from '../audit/index.ts'
import { channelClientIds } from './channel-clients.store.ts'
import {
  type Client,
  channelFor,
  type ExternalIdentity,
  mayGive,
  mayRotateSecret,
  mayUpdate,
  type Verdict,
} from './client.rules.ts'
import { clientStore } from './client.store.ts'
import { CLIENT_CHANGED } from './client-cache.ts'
import { hashSecret, makeSecret } from './client-secret.ts'

export type NewClient = {
  name: string
  permissions: Permission[]
  channelId?: number | null
  external?: ExternalIdentity | null
}

export type ClientChange = Partial<NewClient>

export type ClientWithSecret = { client: Client; clientSecret: string }

export type ClientServiceOptions = {
  transact: Transact
  clock: Clock
  /** Issuers that a client may be mapped to. */
  trustedIssuers: readonly string[]
  /** Told after a change has committed, so that this process forgets what it knew before it answers. */
  forget: (clientId: string) => void
}

export type ClientService = ReturnType<typeof createClientService>

/** API clients of an operator: made, changed, given new secrets, revoked; each change in the journal. */
export function createClientService({ transact, clock, trustedIssuers, forget }: ClientServiceOptions) {
  async function change<T>(
    principal: Principal,
    clientId: string,
    work: (tx: Tx, client: Client) => Promise<T>,
  ): Promise<T> {
    const result = await transact(principal, async (tx) => {
      const client = await clientStore(tx).lock(clientId)
      if (!client) throw notFound('This client')
      return work(tx, client)
    })
    forget(clientId)
    return result
  }

  function requireTrusted(external: ExternalIdentity | null | undefined): void {
    if (!external || trustedIssuers.includes(external.issuer)) return
    const known = trustedIssuers.length > 0 ? trustedIssuers.join(', ') : 'none is set'
    const detail = `Is not a trusted issuer. LEADLINE_TRUSTED_ISSUERS has: ${known}.`
    throw badRequest([{ pointer: '/body/external/issuer', detail }])
  }

  return {
    list: (principal: OperatorPrincipal) => transact(principal, (tx) => clientStore(tx).list()),

    async get(principal: OperatorPrincipal, clientId: string): Promise<Client> {
      const client = await transact(principal, (tx) => clientStore(tx).find(clientId))
      if (!client) throw notFound('This client')
      return client
    },

    async create(principal: OperatorPrincipal, wanted: NewClient): Promise<ClientWithSecret> {
      demand(mayGive(principal, wanted.permissions))
      requireTrusted(wanted.external)
      const now = clock.now()
      const clientSecret = makeSecret()
      const client: Client = {
        clientId: newId(now),
        operatorId: principal.operatorId,
        channelId: channelFor(principal, wanted.channelId),
        name: wanted.name.trim(),
        permissions: wanted.permissions,
        secretHash: hashSecret(clientSecret),
        previousSecretHash: null,
        previousSecretExpiresAt: null,
        external: wanted.external ?? null,
        createdAt: now,
        lastUsedAt: null,
        revokedAt: null,
      }
      await transact(principal, async (tx) => {
        await saveClient(() => clientStore(tx).insert(client))
        await journal(tx).append({
          action: 'client.created',
          object: objectOf(client),
          channelId: client.channelId,
          after: factsOf(client),
        })
      })
      return { client, clientSecret }
    },

    update: (principal: OperatorPrincipal, clientId: string, wanted: ClientChange) =>
      change(principal, clientId, async (tx, client) => {
        demand(mayUpdate(client))
        requireTrusted(wanted.external)
        const changed: Client = {
          ...client,
          ...(wanted.name !== undefined && { name: wanted.name.trim() }),
          ...(wanted.permissions !== undefined && { permissions: wanted.permissions }),
          ...(wanted.channelId !== undefined && { channelId: channelFor(principal, wanted.channelId) }),
          ...(wanted.external !== undefined && { external: wanted.external }),
        }
        // Only a new name or fewer permissions leave its reach as it is: all else must be one's own to give.
        if (reachesFurther(client, changed)) demand(mayGive(principal, changed.permissions))
        await saveClient(() => clientStore(tx).update(changed))
        await journal(tx).append({
          action: 'client.changed',
          object: objectOf(changed),
          channelId: changed.channelId,
          ...difference(client, changed),
        })
        await notifyAtCommit(tx, CLIENT_CHANGED, clientId)
        return changed
      }),

    rotateSecret: (principal: OperatorPrincipal, clientId: string, overlapHours: number): Promise<ClientWithSecret> =>
      change(principal, clientId, async (tx, client) => {
        demand(mayRotateSecret(principal, client))
        const clientSecret = makeSecret()
        const expiresAt = overlapHours === 0 ? null : new Date(clock.now().getTime() + overlapHours * 3_600_000)
        const changed: Client = {
          ...client,
          secretHash: hashSecret(clientSecret),
          previousSecretHash: expiresAt ? client.secretHash : null,
          previousSecretExpiresAt: expiresAt,
        }
        await clientStore(tx).update(changed)
        const after = { previousSecretExpiresAt: expiresAt?.toISOString() ?? null }
        await journal(tx).append({
          action: 'client.secret-rotated',
          object: objectOf(client),
          channelId: client.channelId,
          after,
        })
        await notifyAtCommit(tx, CLIENT_CHANGED, clientId)
        return { client: changed, clientSecret }
      }),

    revoke: (principal: OperatorPrincipal, clientId: string): Promise<Client> =>
      change(principal, clientId, async (tx, client) => {
        if (client.revokedAt !== null) return client
        const revoked: Client = {
          ...client,
          revokedAt: clock.now(),
          previousSecretHash: null,
          previousSecretExpiresAt: null,
        }
        await clientStore(tx).update(revoked)
        await journal(tx).append({
          action: 'client.revoked',
          object: objectOf(client),
          channelId: client.channelId,
          ...difference(client, revoked),
        })
        await notifyAtCommit(tx, CLIENT_CHANGED, clientId)
        return revoked
      }),

    /** Revokes all clients of a channel that is being deleted; answers their ids, to be forgotten when it has committed. */
    async revokeOfChannel(tx: Tx, channelId: number): Promise<string[]> {
      const clientIds = await channelClientIds(tx, channelId)
      for (const clientId of clientIds) {
        const client = await clientStore(tx).lock(clientId)
        if (!client) continue
        const now = clock.now()
        const revoked: Client = { ...client, revokedAt: now, previousSecretHash: null, previousSecretExpiresAt: null }
        await clientStore(tx).update(revoked)
        await journal(tx).append({
          action: 'client.revoked',
          object: objectOf(client),
          channelId,
          ...difference(client, revoked),
        })
        await notifyAtCommit(tx, CLIENT_CHANGED, clientId)
      }
      return clientIds
    },

    /** What was changed in a transaction of others: known anew from the next request on. */
    forget: (clientIds: readonly string[]) => clientIds.forEach(forget),
  }
}

/** A client with an id and a secret that are known beforehand: sandbox fixtures. Does nothing when it is there already. */
export async function ensureClient(
  tx: Tx,
  fixed: NewClient & { clientId: string; clientSecret: string; now: Date },
): Promise<void> {
  const store = clientStore(tx)
  if (await store.find(fixed.clientId)) return
  const client: Client = {
    clientId: fixed.clientId,
    operatorId: tx.operatorId,
    channelId: fixed.channelId ?? null,
    name: fixed.name,
    permissions: fixed.permissions,
    secretHash: hashSecret(fixed.clientSecret),
    previousSecretHash: null,
    previousSecretExpiresAt: null,
    external: fixed.external ?? null,
    createdAt: fixed.now,
    lastUsedAt: null,
    revokedAt: null,
  }
  await store.insert(client)
  await journal(tx).append({
    action: 'client.created',
    object: objectOf(client),
    channelId: client.channelId,
    after: factsOf(client),
  })
}

function reachesFurther(before: Client, after: Client): boolean {
  const isMore = after.permissions.some((permission) => !before.permissions.includes(permission))
  const isElsewhere = before.channelId !== after.channelId
  return isMore || isElsewhere || JSON.stringify(before.external) !== JSON.stringify(after.external)
}

/** Says what the database refused in words: the outside identity or the channel. */
async function saveClient(save: () => Promise<void>): Promise<void> {
  try {
    await save()
  } catch (error) {
    const { constraint, code } = error as { constraint?: string; code?: string }
    if (code === '23503') throw badRequest([{ pointer: '/body/channelId', detail: 'There is no such channel.' }])
    if (constraint !== 'api_client_external') throw error
    throw new AppError({
      code: 'external-identity-taken',
      status: 409,
      detail:
        'This outside identity belongs to another client: revoke that one first, or register another application.',
      cause: error,
    })
  }
}

function demand(verdict: Verdict): void {
  if (verdict.ok) return
  throw new AppError({
    code: verdict.code,
    status: verdict.code === 'permission-beyond-own' ? 403 : 409,
    detail: verdict.reason,
  })
}

function objectOf(client: Client) {
  return { type: 'client', id: client.clientId, name: client.name }
}

function factsOf(client: Client): Record<string, unknown> {
  const { name, permissions, channelId, external } = client
  return { name, permissions, channelId, external, revokedAt: client.revokedAt?.toISOString() ?? null }
}

function difference(
  before: Client,
  after: Client,
): { before: Record<string, unknown>; after: Record<string, unknown> } {
  const [old, now] = [factsOf(before), factsOf(after)]
  const changed = Object.keys(now).filter((key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]))
  const only = (facts: Record<string, unknown>) => Object.fromEntries(changed.map((key) => [key, facts[key]]))
  return { before: only(old), after: only(now) }
}
