import { type Selectable, sql } from 'kysely'
import type { TopologyContacts } from '../../../contract/channels.ts'
import { openTables, type Tx } from '../../platform/db/transaction.ts'
import { type Channel, foldName, NO_CONTACTS } from './channel.rules.ts'
import type { Logo } from './logo.rules.ts'

type ChannelRow = {
  operator_id: number
  channel_id: number
  name: string
  name_folded: string | null
  description: string
  ms_tenant_id: string | null
  contacts: string
  logo: Buffer | null
  logo_type: string | null
  max_customers: number
  operator_connect: boolean
  account_id: string
  version: number
  created_at: Date
  changed_at: Date
  deleted_at: Date | null
}
type ChannelTables = { channel: ChannelRow }

const COLUMNS = [
  'operator_id',
  'channel_id',
  'name',
  'description',
  'ms_tenant_id',
  'contacts',
  'logo_type',
  'max_customers',
  'operator_connect',
  'account_id',
  'version',
  'created_at',
  'changed_at',
] as const

/** What is written of a channel; `logo` left out stays. */
export type ChannelWrite = Pick<
  Channel,
  'name' | 'description' | 'msTenantId' | 'contacts' | 'maxCustomers' | 'operatorConnectEnabled'
> & { logo?: Logo | null }

/** Channels that are not deleted, in the scope of the transaction. */
export function channelStore(tx: Tx) {
  const db = openTables<ChannelTables>(tx)
  const open = () => db.selectFrom('channel').where('operator_id', '=', tx.operatorId).where('deleted_at', 'is', null)
  return {
    /** By name. */
    async list(): Promise<Channel[]> {
      const rows = await open()
        .select([...COLUMNS])
        .orderBy(sql`coalesce(name_folded, lower(name))`)
        .orderBy('channel_id')
        .execute()
      return rows.map(toChannel)
    },

    async find(channelId: number): Promise<Channel | undefined> {
      const row = await open()
        .select([...COLUMNS])
        .where('channel_id', '=', channelId)
        .executeTakeFirst()
      return row && toChannel(row)
    },

    /** The row stays as it is until the transaction ends, and nothing can enter the channel meanwhile. */
    async lock(channelId: number): Promise<Channel | undefined> {
      const row = await open()
        .select([...COLUMNS])
        .where('channel_id', '=', channelId)
        .forUpdate()
        .executeTakeFirst()
      return row && toChannel(row)
    },

    async logoOf(channelId: number): Promise<Logo | null> {
      const row = await open().select(['logo', 'logo_type']).where('channel_id', '=', channelId).executeTakeFirst()
      return row?.logo && row.logo_type ? { type: row.logo_type, bytes: row.logo } : null
    },

    async insert(channelId: number, write: ChannelWrite): Promise<void> {
      await db
        .insertInto('channel')
        .values({ operator_id: tx.operatorId, channel_id: channelId, ...toRow(write) } as ChannelRow)
        .execute()
    },

    async update(channelId: number, write: ChannelWrite): Promise<void> {
      await db
        .updateTable('channel')
        .set({ ...toRow(write), version: sql<number>`version + 1`, changed_at: sql<Date>`now()` })
        .where('operator_id', '=', tx.operatorId)
        .where('channel_id', '=', channelId)
        .execute()
    },

    async markDeleted(channelId: number): Promise<void> {
      await db
        .updateTable('channel')
        .set({ deleted_at: sql<Date>`now()`, logo: null, logo_type: null })
        .where('operator_id', '=', tx.operatorId)
        .where('channel_id', '=', channelId)
        .execute()
    },
  }
}

function toRow(write: ChannelWrite) {
  return {
    name: write.name,
    name_folded: foldName(write.name),
    description: write.description,
    ms_tenant_id: write.msTenantId,
    contacts: JSON.stringify(write.contacts),
    max_customers: write.maxCustomers,
    operator_connect: write.operatorConnectEnabled,
    ...(write.logo !== undefined && { logo: write.logo?.bytes ?? null, logo_type: write.logo?.type ?? null }),
  }
}

function toChannel(row: Pick<Selectable<ChannelRow>, (typeof COLUMNS)[number]>): Channel {
  return {
    operatorId: row.operator_id,
    channelId: row.channel_id,
    name: row.name,
    description: row.description,
    msTenantId: row.ms_tenant_id,
    contacts: readContacts(row.contacts),
    hasLogo: row.logo_type !== null,
    maxCustomers: row.max_customers,
    operatorConnectEnabled: row.operator_connect,
    accountId: row.account_id,
    version: row.version,
    createdAt: row.created_at,
    changedAt: row.changed_at,
  }
}

/** Contacts as stored; those of a row made before there were any are empty. */
export function readContacts(text: string): TopologyContacts {
  return { ...NO_CONTACTS, ...(JSON.parse(text) as Partial<TopologyContacts>) }
}
