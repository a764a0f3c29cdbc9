import { type Selectable, sql } from 'kysely'
import type { PoolKind } from '../../../contract/licenses.ts'
import { openTables, type Tx } from '../../platform/db/transaction.ts'
import { type LicensePool, NO_POOL, type PoolState } from './license-pool.rules.ts'

type PoolRow = {
  operator_id: number
  channel_id: number
  kind: PoolKind
  size: number | null
  warning_percent: number
  grace_percent: number
  used: number
  told: PoolState
}

/** Pools of licenses. Those of the operator as a whole are seen by its channels too: their licenses count there. */
export function licensePoolStore(tx: Tx) {
  const db = openTables<{ license_pool: PoolRow }>(tx)
  const { operatorId } = tx
  return {
    /** All of the scope, the operator's first. */
    async list(): Promise<LicensePool[]> {
      const rows = await db
        .selectFrom('license_pool')
        .selectAll()
        .where('operator_id', '=', operatorId)
        .orderBy('channel_id')
        .orderBy('kind')
        .execute()
      return rows.map(toPool)
    },

    /** Makes it where nobody has, and locks it until the transaction ends. */
    async lock(channelId: number, kind: PoolKind): Promise<LicensePool> {
      await sql`
        insert into license_pool (operator_id, channel_id, kind, size, warning_percent, grace_percent)
        values (${operatorId}, ${channelId}, ${kind}, ${NO_POOL.size}::integer, ${NO_POOL.warningPercent}, ${NO_POOL.gracePercent})
        on conflict do nothing`.execute(db)
      const row = await db
        .selectFrom('license_pool')
        .selectAll()
        .where('operator_id', '=', operatorId)
        .where('channel_id', '=', channelId)
        .where('kind', '=', kind)
        .forUpdate()
        .executeTakeFirstOrThrow()
      return toPool(row)
    },

    /** Moves what is used of it, and locks it until the transaction ends; as it is then. */
    async use(channelId: number, kind: PoolKind, change: number): Promise<LicensePool> {
      const { rows } = await sql<PoolRow>`
        insert into license_pool as p (operator_id, channel_id, kind, size, warning_percent, grace_percent, used)
        values (${operatorId}, ${channelId}, ${kind}, ${NO_POOL.size}::integer, ${NO_POOL.warningPercent},
          ${NO_POOL.gracePercent}, greatest(0, ${change}::integer))
        on conflict (operator_id, channel_id, kind) do update set used = greatest(0, p.used + ${change}::integer)
        returning *`.execute(db)
      const [row] = rows
      if (!row) throw new Error('The pool was neither made nor found.')
      return toPool(row)
    },

    async write(pool: LicensePool): Promise<void> {
      await db
        .updateTable('license_pool')
        .set({
          size: pool.size,
          warning_percent: pool.warningPercent,
          grace_percent: pool.gracePercent,
          used: pool.used,
          told: pool.told,
        })
        .where('operator_id', '=', operatorId)
        .where('channel_id', '=', pool.channelId)
        .where('kind', '=', pool.kind)
        .execute()
    },
  }
}

function toPool(row: Selectable<PoolRow>): LicensePool {
  return {
    channelId: row.channel_id,
    kind: row.kind,
    size: row.size,
    warningPercent: row.warning_percent,
    gracePercent: row.grace_percent,
    used: row.used,
    told: row.told,
  }
}
