import { type Selectable, sql } from 'kysely'
import { openTables, type Tx } from '../../platform/db/transaction.ts'
import { foldName, type TopologyFacts } from './channel.rules.ts'
import { readContacts } from './channel.store.ts'
import type { Logo } from './logo.rules.ts'

/** The parent of services. Source: rest-api.md 2.5. */
export type LcCustomer = TopologyFacts & {
  customerId: number
  operatorId: number
  channelId: number | null
  channelName: string | null
  fullName: string | null
  hasLogo: boolean
  accountId: string
  version: number
  createdAt: Date
  changedAt: Date
}

type CustomerRow = {
  operator_id: number
  customer_id: number
  channel_id: number | null
  name: string
  name_folded: string
  full_name: string | null
  description: string
  ms_tenant_id: string | null
  contacts: string
  logo: Buffer | null
  logo_type: string | null
  account_id: string
  version: number
  created_at: Date
  changed_at: Date
}
type CustomerTables = {
  lc_customer: CustomerRow
  channel: { operator_id: number; channel_id: number; name: string }
}

/** What is written of a customer; `logo` left out stays. */
export type CustomerWrite = TopologyFacts & { channelId: number | null; fullName: string | null; logo?: Logo | null }

/** LC customers in the scope of the transaction. */
export function lcCustomerStore(tx: Tx) {
  const db = openTables<CustomerTables>(tx)
  const select = () =>
    db
      .selectFrom('lc_customer as l')
      .select((eb) => [
        'l.operator_id',
        'l.customer_id',
        'l.channel_id',
        'l.name',
        'l.full_name',
        'l.description',
        'l.ms_tenant_id',
        'l.contacts',
        'l.logo_type',
        'l.account_id',
        'l.version',
        'l.created_at',
        'l.changed_at',
        eb
          .selectFrom('channel as c')
          .select('c.name')
          .whereRef('c.operator_id', '=', 'l.operator_id')
          .whereRef('c.channel_id', '=', 'l.channel_id')
          .as('channel_name'),
      ])
      .where('l.operator_id', '=', tx.operatorId)
  return {
    /** By name; of one channel, of none (0), or all. */
    async list(channelId?: number): Promise<LcCustomer[]> {
      let query = select()
      if (channelId === 0) query = query.where('l.channel_id', 'is', null)
      else if (channelId !== undefined) query = query.where('l.channel_id', '=', channelId)
      return (await query.orderBy('l.name_folded').orderBy('l.customer_id').execute()).map(toCustomer)
    },

    async find(customerId: number): Promise<LcCustomer | undefined> {
      const row = await select().where('l.customer_id', '=', customerId).executeTakeFirst()
      return row && toCustomer(row)
    },

    /** The row stays as it is until the transaction ends. */
    async lock(customerId: number): Promise<LcCustomer | undefined> {
      const row = await select().where('l.customer_id', '=', customerId).forUpdate('l').executeTakeFirst()
      return row && toCustomer(row)
    },

    async logoOf(customerId: number): Promise<Logo | null> {
      const row = await db
        .selectFrom('lc_customer')
        .select(['logo', 'logo_type'])
        .where('operator_id', '=', tx.operatorId)
        .where('customer_id', '=', customerId)
        .executeTakeFirst()
      return row?.logo && row.logo_type ? { type: row.logo_type, bytes: row.logo } : null
    },

    async countByChannel(): Promise<Map<number, number>> {
      const rows = await db
        .selectFrom('lc_customer')
        .select(['channel_id', sql<number>`count(*)::int`.as('customers')])
        .where('operator_id', '=', tx.operatorId)
        .where('channel_id', 'is not', null)
        .groupBy('channel_id')
        .execute()
      return new Map(rows.map((row) => [row.channel_id ?? 0, row.customers]))
    },

    async count(channelId: number): Promise<number> {
      const { customers } = await db
        .selectFrom('lc_customer')
        .select(sql<number>`count(*)::int`.as('customers'))
        .where('operator_id', '=', tx.operatorId)
        .where('channel_id', '=', channelId)
        .executeTakeFirstOrThrow()
      return customers
    },

    async insert(customerId: number, write: CustomerWrite): Promise<void> {
      await db
        .insertInto('lc_customer')
        .values({ operator_id: tx.operatorId, customer_id: customerId, ...toRow(write) } as CustomerRow)
        .execute()
    },

    async update(customerId: number, write: CustomerWrite): Promise<void> {
      await db
        .updateTable('lc_customer')
        .set({ ...toRow(write), version: sql<number>`version + 1`, changed_at: sql<Date>`now()` })
        .where('operator_id', '=', tx.operatorId)
        .where('customer_id', '=', customerId)
        .execute()
    },

    async delete(customerId: number): Promise<void> {
      await db
        .deleteFrom('lc_customer')
        .where('operator_id', '=', tx.operatorId)
        .where('customer_id', '=', customerId)
        .execute()
    },
  }
}

function toRow(write: CustomerWrite) {
  return {
    channel_id: write.channelId,
    name: write.name,
    name_folded: foldName(write.name),
    full_name: write.fullName,
    description: write.description,
    ms_tenant_id: write.msTenantId,
    contacts: JSON.stringify(write.contacts),
    ...(write.logo !== undefined && { logo: write.logo?.bytes ?? null, logo_type: write.logo?.type ?? null }),
  }
}

type Shown = Omit<Selectable<CustomerRow>, 'name_folded' | 'logo'> & { channel_name: string | null }

function toCustomer(row: Shown): LcCustomer {
  return {
    operatorId: row.operator_id,
    customerId: row.customer_id,
    channelId: row.channel_id,
    channelName: row.channel_name,
    name: row.name,
    fullName: row.full_name,
    description: row.description,
    msTenantId: row.ms_tenant_id,
    contacts: readContacts(row.contacts),
    hasLogo: row.logo_type !== null,
    accountId: row.account_id,
    version: row.version,
    createdAt: row.created_at,
    changedAt: row.changed_at,
  }
}
