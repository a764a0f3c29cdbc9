import { connectionOf, type Tx } from '../../platform/db/transaction.ts'

/** A row of an operator: one of its own, or what it made of one that Leadline brings along. */
export type StoredTemplate = {
  id: string
  name: string
  subject: string
  body: string
  language: string
  isRemoved: boolean
  changedAt: Date
  changedBy: string
}

/** What the operator of the transaction has changed, removed and added. */
export function mailTemplateStore(tx: Tx) {
  const db = connectionOf(tx)
  return {
    /** `lock`: nobody else adds or renames one until the transaction ends. */
    async list({ lock = false } = {}): Promise<StoredTemplate[]> {
      if (lock) await db.query(`select pg_advisory_xact_lock(hashtext('mail_template'), $1)`, [tx.operatorId])
      const { rows } = await db.query<StoredTemplate>(
        `select template_id as id, name, subject, body, language, is_removed as "isRemoved", changed_at as "changedAt",
           changed_by as "changedBy"
         from mail_template where operator_id = $1`,
        [tx.operatorId],
      )
      return rows
    },

    async save(template: StoredTemplate): Promise<void> {
      const { id, name, subject, body, language, isRemoved, changedAt, changedBy } = template
      await db.query(
        `insert into mail_template (operator_id, template_id, name, subject, body, language, is_removed, changed_at, changed_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (operator_id, template_id) do update set name = $3, subject = $4, body = $5, language = $6,
           is_removed = $7, changed_at = $8, changed_by = $9`,
        [tx.operatorId, id, name, subject, body, language, isRemoved, changedAt, changedBy],
      )
    },

    async remove(id: string): Promise<void> {
      await db.query('delete from mail_template where operator_id = $1 and template_id = $2', [tx.operatorId, id])
    },
  }
}
