import { type Selectable, sql } from 'kysely'
import { openTables, type Tx } from '../../platform/db/transaction.ts'
import type { Client, ExternalIdentity } from './client.rules.ts'

type ClientRow = {
  client_id: string
  operator_id: number
  channel_id: number | null
  name: string
  permissions: string[]
  secret_hash: Buffer
  previous_secret_hash: Buffer | null
  previous_secret_expires_at: Date | null
  external_issuer: string | null
  external_tenant: string | null
  external_app_id: string | null
  created_at: Date
  last_used_at: Date | null
  revoked_at: Date | null
}

type ClientTables = { api_client: ClientRow }

/** API clients in the scope of the transaction: a channel's principal sees that channel's, the installation all. */
export function clientStore(tx: Tx) {
  const db = openTables<ClientTables>(tx)
  const found = (row: Selectable<ClientRow> | undefined) => row && toClient(row)
  return {
    async list(): Promise<Client[]> {
      const rows = await db
        .selectFrom('api_client')
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('client_id')
        .execute()
      return rows.map(toClient)
    },

    async find(clientId: string): Promise<Client | undefined> {
      return found(await db.selectFrom('api_client').selectAll().where('client_id', '=', clientId).executeTakeFirst())
    },

    /** The row stays as it is until the transaction ends. */
    async lock(clientId: string): Promise<Client | undefined> {
      const query = db.selectFrom('api_client').selectAll().where('client_id', '=', clientId).forUpdate()
      return found(await query.executeTakeFirst())
    },

    async findExternal({ issuer, tenantId, appId }: ExternalIdentity): Promise<Client | undefined> {
      const query = db
        .selectFrom('api_client')
        .selectAll()
        .where('external_issuer', '=', issuer)
        .where('external_tenant', '=', tenantId)
        .where('external_app_id', '=', appId)
        .where('revoked_at', 'is', null)
      return found(await query.executeTakeFirst())
    },

    async insert(client: Client): Promise<void> {
      await db.insertInto('api_client').values(toRow(client)).execute()
    },

    async update(client: Client): Promise<void> {
      const { client_id, operator_id, created_at, last_used_at, ...changes } = toRow(client)
      await db.updateTable('api_client').set(changes).where('client_id', '=', client_id).execute()
    },

    /** At most once a minute a client, so that a busy one does not write with every request. */
    async touch(clientId: string, now: Date): Promise<void> {
      await db
        .updateTable('api_client')
        .set({ last_used_at: now })
        .where('client_id', '=', clientId)
        .where(sql<boolean>`coalesce(last_used_at < ${now}::timestamptz - interval '1 minute', true)`)
        .execute()
    },
  }
}

function toClient(row: Selectable<ClientRow>): Client {
  const { external_issuer: issuer, external_tenant: tenantId, external_app_id: appId } = row
  return {
    clientId: row.client_id,
    operatorId: row.operator_id,
    channelId: row.channel_id,
    name: row.name,
    permissions: row.permissions,
    secretHash: row.secret_hash,
    previousSecretHash: row.previous_secret_hash,
    previousSecretExpiresAt: row.previous_secret_expires_at,
    external: issuer !== null && tenantId !== null && appId !== null ? { issuer, tenantId, appId } : null,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
  }
}

function toRow(client: Client): ClientRow {
  return {
    client_id: client.clientId,
    operator_id: client.operatorId,
    channel_id: client.channelId,
    name: client.name,
    permissions: client.permissions,
    secret_hash: client.secretHash,
    previous_secret_hash: client.previousSecretHash,
    previous_secret_expires_at: client.previousSecretExpiresAt,
    external_issuer: client.external?.issuer ?? null,
    external_tenant: client.external?.tenantId ?? null,
    external_app_id: client.external?.appId ?? null,
    created_at: client.createdAt,
    last_used_at: client.lastUsedAt,
    revoked_at: client.revokedAt,
  }
}
