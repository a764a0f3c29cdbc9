import { connectionOf, type Tx } from '../../platform/db/transaction.ts'
import type { ObjectCheck, SbcObject } from '../../sbc/index.ts'

/** An object on a device that is somebody's, as it was set. */
export type OwnedObject = SbcObject & {
  sbcId: number
  /** `service/<guid>`, or below it `service/<guid>/<connection>`. */
  owner: string
  /** The task that made it; null: it was adopted, or somebody made it by hand. */
  taskId: string | null
  /** Null: about to be made, or half made. */
  appliedAt: Date | null
  drift: Pick<ObjectCheck, 'state' | 'differences'> | null
  driftSince: Date | null
}

const COLUMNS = `sbc_id as "sbcId", table_name as "table", object_name as name, owner, task_id as "taskId", values,
  applied_at as "appliedAt", drift, drift_since as "driftSince"`

/** What is ours on the devices of the operator. */
export function sbcObjectStore(tx: Tx) {
  const { operatorId } = tx
  const query = <R extends object>(sql: string, parameters: unknown[]) =>
    connectionOf(tx).query<R>(sql, [operatorId, ...parameters])

  return {
    async ofDevice(sbcId: number): Promise<OwnedObject[]> {
      const { rows } = await query<OwnedObject>(
        `select ${COLUMNS} from sbc_object where operator_id = $1 and sbc_id = $2 order by position`,
        [sbcId],
      )
      return rows
    },

    async ofOwner(owner: string): Promise<OwnedObject[]> {
      const { rows } = await query<OwnedObject>(
        `select ${COLUMNS} from sbc_object where operator_id = $1 and owner = $2 order by sbc_id, position`,
        [owner],
      )
      return rows
    },

    /** Of this owner and of those below it. */
    async under(owner: string): Promise<OwnedObject[]> {
      const { rows } = await query<OwnedObject>(
        `select ${COLUMNS} from sbc_object where operator_id = $1 and split_part(owner, '/', 2) = split_part($2, '/', 2)
           and (owner = $2 or starts_with(owner, $2 || '/')) order by sbc_id, position`,
        [owner],
      )
      return rows
    },

    /** Those that differ from what was set. */
    async drifted(): Promise<OwnedObject[]> {
      const { rows } = await query<OwnedObject>(
        `select ${COLUMNS} from sbc_object where operator_id = $1 and drift is not null order by sbc_id, position`,
        [],
      )
      return rows
    },

    /** Writes down whose they are; one of another owner stays his. */
    async put(
      sbcId: number,
      owner: string,
      objects: readonly SbcObject[],
      { taskId, appliedAt }: { taskId: string | null; appliedAt: Date | null },
    ): Promise<void> {
      if (objects.length === 0) return
      await query(
        `insert into sbc_object (operator_id, sbc_id, table_name, object_name, owner, values, task_id, applied_at)
         select $1, $2, o."table", o.name, $3, o.values, $4, $5
           from json_to_recordset($6::json) as o("table" text, name text, values json)
         on conflict (operator_id, sbc_id, table_name, object_name) do update
           set values = (sbc_object.values::jsonb || excluded.values::jsonb)::json, applied_at = coalesce(excluded.applied_at, sbc_object.applied_at),
             drift = null, drift_since = null
           where sbc_object.owner = excluded.owner`,
        [
          ...[sbcId, owner, taskId, appliedAt],
          JSON.stringify(objects.map(({ table, name, values }) => ({ table, name, values }))),
        ],
      )
    },

    /** What was about to be made is there. */
    async markApplied(
      sbcId: number,
      owner: string,
      places: readonly { table: string; name: string }[],
      now: Date,
    ): Promise<void> {
      await query(
        `update sbc_object b set applied_at = $5, drift = null, drift_since = null
         from json_to_recordset($4::json) as o("table" text, name text)
         where b.operator_id = $1 and b.sbc_id = $2 and b.owner = $3
           and b.table_name = o."table" and b.object_name = o.name`,
        [sbcId, owner, JSON.stringify(places.map(({ table, name }) => ({ table, name }))), now],
      )
    },

    async forget(sbcId: number, owner: string, places: readonly { table: string; name: string }[]): Promise<void> {
      if (places.length === 0) return
      await query(
        `delete from sbc_object b using json_to_recordset($4::json) as o("table" text, name text)
         where b.operator_id = $1 and b.sbc_id = $2 and b.owner = $3
           and b.table_name = o."table" and b.object_name = o.name`,
        [sbcId, owner, JSON.stringify(places.map(({ table, name }) => ({ table, name })))],
      )
    },

    /** How it differs now; null: it does not. */
    async noteDrift(
      { sbcId, table, name }: Pick<OwnedObject, 'sbcId' | 'table' | 'name'>,
      drift: OwnedObject['drift'],
      now: Date,
    ): Promise<void> {
      await query(
        `update sbc_object set drift = $5::json,
           drift_since = case when $5::json is null then null else coalesce(drift_since, $6) end
         where operator_id = $1 and sbc_id = $2 and table_name = $3 and object_name = $4`,
        [sbcId, table, name, drift && JSON.stringify(drift), now],
      )
    },
  }
}
