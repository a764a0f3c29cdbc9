import type { ScriptPurpose } from '../../../contract/script-templates.ts'
import { connectionOf, type Tx } from '../../platform/db/transaction.ts'

export type ScriptOrderState = 'open' | 'done' | 'refused' | 'withdrawn'

/** A script that somebody applies by hand. */
export type ScriptOrder = {
  orderId: string
  sbcId: number
  sbcName: string
  taskId: string | null
  key: string
  title: string
  purpose: ScriptPurpose
  owner: string
  templateId: number
  templateVersion: number
  /** Without secrets. */
  script: string
  state: ScriptOrderState
  createdAt: Date
  closedAt: Date | null
  closedBy: string | null
  appliedBy: string | null
  appliedAt: Date | null
  note: string
  verified: boolean | null
}

export type NewScriptOrder = Pick<
  ScriptOrder,
  | 'orderId'
  | 'sbcId'
  | 'taskId'
  | 'key'
  | 'title'
  | 'purpose'
  | 'owner'
  | 'templateId'
  | 'templateVersion'
  | 'script'
  | 'createdAt'
>

const COLUMNS = `o.order_id as "orderId", o.sbc_id as "sbcId", s.name as "sbcName", o.task_id as "taskId", o.key, o.title,
  o.purpose, o.owner, o.template_id as "templateId", o.template_version as "templateVersion", o.script, o.state,
  o.created_at as "createdAt", o.closed_at as "closedAt", o.closed_by as "closedBy", o.applied_by as "appliedBy",
  o.applied_at as "appliedAt", o.note, o.verified`
const FROM = `script_order o join sbc s on s.operator_id = o.operator_id and s.sbc_id = o.sbc_id`
const LISTED_MAX = 500

export function scriptOrderStore(tx: Tx) {
  const { operatorId } = tx
  const query = <R extends object>(sql: string, parameters: unknown[]) =>
    connectionOf(tx).query<R>(sql, [operatorId, ...parameters])

  return {
    async list(state: ScriptOrderState | undefined, sbcId: number | undefined): Promise<ScriptOrder[]> {
      const { rows } = await query<ScriptOrder>(
        `select ${COLUMNS} from ${FROM} where o.operator_id = $1 and ($2::text is null or o.state = $2)
           and ($3::integer is null or o.sbc_id = $3)
         order by o.created_at desc, o.order_id desc limit ${LISTED_MAX}`,
        [state ?? null, sbcId ?? null],
      )
      return rows
    },

    async countOpen(): Promise<number> {
      const { rows } = await query<{ count: number }>(
        `select count(*)::int as count from script_order where operator_id = $1 and state = 'open'`,
        [],
      )
      return rows[0]?.count ?? 0
    },

    async find(orderId: string): Promise<ScriptOrder | undefined> {
      const { rows } = await query<ScriptOrder>(
        `select ${COLUMNS} from ${FROM} where o.operator_id = $1 and o.order_id = $2`,
        [orderId],
      )
      return rows[0]
    },

    async lock(orderId: string): Promise<ScriptOrder | undefined> {
      const { rows } = await query<ScriptOrder>(
        `select ${COLUMNS} from ${FROM} where o.operator_id = $1 and o.order_id = $2 for update of o`,
        [orderId],
      )
      return rows[0]
    },

    /** The one that a task last asked for under this key and has not yet been told the end of. */
    async lockWanted(taskId: string, key: string): Promise<ScriptOrder | undefined> {
      const { rows } = await query<ScriptOrder>(
        `select ${COLUMNS} from ${FROM}
         where o.operator_id = $1 and o.task_id = $2 and o.key = $3 and not o.told
         order by o.created_at desc, o.order_id desc limit 1 for update of o`,
        [taskId, key],
      )
      return rows[0]
    },

    /** The one that a task last asked for under this key, told or not. */
    async lockLast(taskId: string, key: string): Promise<ScriptOrder | undefined> {
      const { rows } = await query<ScriptOrder>(
        `select ${COLUMNS} from ${FROM} where o.operator_id = $1 and o.task_id = $2 and o.key = $3
         order by o.created_at desc, o.order_id desc limit 1 for update of o`,
        [taskId, key],
      )
      return rows[0]
    },

    /** False: another worker was quicker. */
    async insert(order: NewScriptOrder): Promise<boolean> {
      const { orderId, sbcId, taskId, key, title, purpose, owner, templateId, templateVersion, script } = order
      const { rowCount } = await query(
        `insert into script_order (operator_id, order_id, sbc_id, task_id, key, title, purpose, owner, template_id,
           template_version, script, state, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', $12) on conflict do nothing`,
        [orderId, sbcId, taskId, key, title, purpose, owner, templateId, templateVersion, script, order.createdAt],
      )
      return rowCount === 1
    },

    async close(
      order: Pick<
        ScriptOrder,
        'orderId' | 'state' | 'closedAt' | 'closedBy' | 'appliedBy' | 'appliedAt' | 'note' | 'verified'
      >,
    ): Promise<void> {
      const { orderId, state, closedAt, closedBy, appliedBy, appliedAt, note, verified } = order
      await query(
        `update script_order set state = $3, closed_at = $4, closed_by = $5, applied_by = $6, applied_at = $7, note = $8,
           verified = $9
         where operator_id = $1 and order_id = $2`,
        [orderId, state, closedAt, closedBy, appliedBy, appliedAt, note, verified],
      )
    },

    async markTold(orderId: string): Promise<void> {
      await query('update script_order set told = true where operator_id = $1 and order_id = $2', [orderId])
    },
  }
}
