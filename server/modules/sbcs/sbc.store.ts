import { connectionOf, type Tx } from '../../platform/db/transaction.ts'
import type { SbcStatus, TableUse } from '../../sbc/index.ts'
import { foldName, type Sbc, type SbcSettings, type StoredTrouble } from './sbc.ts'

const COLUMNS = `operator_id as "operatorId", sbc_id as "sbcId", name, make, mode, address, user_name as "userName",
  password_sealed as "passwordSealed", trust, trunk_fqdns as "trunkFqdns", change_window as "changeWindow",
  ip_groups_max as "ipGroupsMax", timeout_ms as "timeoutMs", checked_at as "checkedAt", last_contact_at as "lastContactAt",
  facts, tables, trouble, version, created_at as "createdAt", changed_at as "changedAt"`

/** Devices of the operator of the transaction. */
export function sbcStore(tx: Tx) {
  const { operatorId } = tx
  const query = <R extends object>(sql: string, parameters: unknown[]) =>
    connectionOf(tx).query<R>(sql, [operatorId, ...parameters])

  return {
    async list(): Promise<Sbc[]> {
      const { rows } = await query<Sbc>(
        `select ${COLUMNS} from sbc where operator_id = $1 and deleted_at is null order by name_folded, sbc_id`,
        [],
      )
      return rows
    },

    /** Also one that was taken out, with `deleted`. */
    async find(sbcId: number, deleted = false): Promise<Sbc | undefined> {
      const { rows } = await query<Sbc>(
        `select ${COLUMNS} from sbc where operator_id = $1 and sbc_id = $2 and ($3 or deleted_at is null)`,
        [sbcId, deleted],
      )
      return rows[0]
    },

    async lock(sbcId: number): Promise<Sbc | undefined> {
      const { rows } = await query<Sbc>(
        `select ${COLUMNS} from sbc where operator_id = $1 and sbc_id = $2 and deleted_at is null for update`,
        [sbcId],
      )
      return rows[0]
    },

    /** Held until the end of the transaction: two at once do not get one number. */
    async takeId(): Promise<number> {
      await query(`select pg_advisory_xact_lock(hashtext('sbc'), $1)`, [])
      const { rows } = await query<{ next: number }>(
        `select coalesce(max(sbc_id), 0) + 1 as next from sbc where operator_id = $1`,
        [],
      )
      return rows[0]?.next ?? 1
    },

    async isNameTaken(name: string, sbcId: number): Promise<boolean> {
      const { rows } = await query(
        `select from sbc where operator_id = $1 and name_folded = $2 and sbc_id <> $3 and deleted_at is null`,
        [foldName(name), sbcId],
      )
      return rows.length > 0
    },

    async insert(sbcId: number, settings: SbcSettings, now: Date): Promise<void> {
      await query(
        `insert into sbc (operator_id, sbc_id, name, name_folded, make, mode, address, user_name, password_sealed, trust,
           trunk_fqdns, change_window, ip_groups_max, timeout_ms, created_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)`,
        [sbcId, ...settingValues(settings), now],
      )
    },

    async update(sbcId: number, settings: SbcSettings, now: Date): Promise<void> {
      await query(
        `update sbc set name = $3, name_folded = $4, make = $5, mode = $6, address = $7, user_name = $8, password_sealed = $9,
           trust = $10, trunk_fqdns = $11, change_window = $12, ip_groups_max = $13, timeout_ms = $14,
           version = version + 1, changed_at = $15
         where operator_id = $1 and sbc_id = $2`,
        [sbcId, ...settingValues(settings), now],
      )
    },

    async remove(sbcId: number, now: Date): Promise<void> {
      await query(
        `update sbc set deleted_at = $3, password_sealed = null, version = version + 1 where operator_id = $1 and sbc_id = $2`,
        [sbcId, now],
      )
    },

    /** What was heard of a device. A trouble that goes on keeps the moment at which it began. */
    async note(
      sbcId: number,
      heard: { facts?: SbcStatus; tables?: TableUse[]; trouble: StoredTrouble | null; checked: boolean },
      now: Date,
    ): Promise<void> {
      await query(
        `update sbc set
           checked_at = case when $3 then $4 else checked_at end,
           last_contact_at = case when $5::json is null then $4 else last_contact_at end,
           facts = coalesce($6::json, facts), tables = coalesce($7::json, tables), trouble = $5::json
         where operator_id = $1 and sbc_id = $2`,
        [
          ...[sbcId, heard.checked, now, heard.trouble && JSON.stringify(heard.trouble)],
          ...[heard.facts ? JSON.stringify(heard.facts) : null, heard.tables ? JSON.stringify(heard.tables) : null],
        ],
      )
    },

    /** Takes, or keeps, the right to change the device for so long. False: somebody else has it. */
    async takeTurn(sbcId: number, holder: string, seconds: number): Promise<boolean> {
      const { rowCount } = await query(
        `update sbc set lock_holder = $3, lock_until = clock_timestamp() + make_interval(secs => $4)
         where operator_id = $1 and sbc_id = $2
           and (lock_holder is null or lock_holder = $3 or lock_until < clock_timestamp())`,
        [sbcId, holder, seconds],
      )
      return rowCount === 1
    },

    async giveTurn(sbcId: number, holder: string): Promise<void> {
      await query(
        `update sbc set lock_holder = null, lock_until = null where operator_id = $1 and sbc_id = $2 and lock_holder = $3`,
        [sbcId, holder],
      )
    },

    /** Open orders and objects of ours by device. */
    async counts(): Promise<Map<number, { openOrders: number; objects: number }>> {
      const { rows } = await query<{ sbcId: number; openOrders: number; objects: number }>(
        `select s.sbc_id as "sbcId",
           (select count(*)::int from script_order o
              where o.operator_id = s.operator_id and o.sbc_id = s.sbc_id and o.state = 'open') as "openOrders",
           (select count(*)::int from sbc_object b where b.operator_id = s.operator_id and b.sbc_id = s.sbc_id) as objects
         from sbc s where s.operator_id = $1 and s.deleted_at is null`,
        [],
      )
      return new Map(rows.map(({ sbcId, ...counts }) => [sbcId, counts]))
    },
  }
}

function settingValues(settings: SbcSettings): unknown[] {
  const { name, make, mode, address, userName, passwordSealed, trust, trunkFqdns, changeWindow } = settings
  return [
    ...[name, foldName(name), make, mode, address, userName, passwordSealed, JSON.stringify(trust), trunkFqdns],
    ...[changeWindow && JSON.stringify(changeWindow), settings.ipGroupsMax, settings.timeoutMs],
  ]
}
