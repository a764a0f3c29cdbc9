import type { ScriptPurpose } from '../../../contract/script-templates.ts'
import { connectionOf, type Tx } from '../../platform/db/transaction.ts'
import type { TemplateVariable } from '../../sbc/index.ts'
import { foldName } from './sbc.ts'

/** A template of one's own, in one of its versions. */
export type StoredTemplate = {
  templateId: number
  name: string
  purpose: ScriptPurpose
  description: string
  make: string
  script: string
  variables: TemplateVariable[]
  version: number
  /** Grows with every change, also of the name. */
  revision: number
  changedAt: Date
  changedBy: string
}

const COLUMNS = `t.template_id as "templateId", t.name, t.purpose, t.description, t.make, v.script, v.variables, v.version,
  t.revision, t.changed_at as "changedAt", t.changed_by as "changedBy"`
const CURRENT = `script_template t join script_template_version v
  on v.operator_id = t.operator_id and v.template_id = t.template_id and v.version = t.version`

/** Those of one's own begin here; below it are those that came with Leadline. */
export const FIRST_OWN_TEMPLATE_ID = 10_001

export function scriptTemplateStore(tx: Tx) {
  const { operatorId } = tx
  const query = <R extends object>(sql: string, parameters: unknown[]) =>
    connectionOf(tx).query<R>(sql, [operatorId, ...parameters])

  return {
    async list(): Promise<StoredTemplate[]> {
      const { rows } = await query<StoredTemplate>(
        `select ${COLUMNS} from ${CURRENT} where t.operator_id = $1 and t.deleted_at is null order by t.name_folded`,
        [],
      )
      return rows
    },

    async find(templateId: number): Promise<StoredTemplate | undefined> {
      const { rows } = await query<StoredTemplate>(
        `select ${COLUMNS} from ${CURRENT} where t.operator_id = $1 and t.template_id = $2 and t.deleted_at is null`,
        [templateId],
      )
      return rows[0]
    },

    /** Of all versions of these templates, those that were deleted too. */
    async variablesOf(templateIds: readonly number[]): Promise<TemplateVariable[]> {
      const { rows } = await query<{ variables: TemplateVariable[] }>(
        'select variables from script_template_version where operator_id = $1 and template_id = any($2::integer[])',
        [templateIds],
      )
      return rows.flatMap(({ variables }) => variables)
    },

    /** Also of a template that was deleted: services name it. */
    async findVersion(templateId: number, version: number): Promise<StoredTemplate | undefined> {
      const { rows } = await query<StoredTemplate>(
        `select ${COLUMNS} from script_template t join script_template_version v
           on v.operator_id = t.operator_id and v.template_id = t.template_id and v.version = $3
         where t.operator_id = $1 and t.template_id = $2`,
        [templateId, version],
      )
      return rows[0]
    },

    async lock(templateId: number): Promise<StoredTemplate | undefined> {
      const { rows } = await query<StoredTemplate>(
        `select ${COLUMNS} from ${CURRENT}
         where t.operator_id = $1 and t.template_id = $2 and t.deleted_at is null for update of t`,
        [templateId],
      )
      return rows[0]
    },

    /** Held until the end of the transaction: two at once do not get one number. */
    async takeId(): Promise<number> {
      await query(`select pg_advisory_xact_lock(hashtext('script_template'), $1)`, [])
      const { rows } = await query<{ next: number }>(
        `select coalesce(max(template_id) + 1, ${FIRST_OWN_TEMPLATE_ID}) as next from script_template where operator_id = $1`,
        [],
      )
      return rows[0]?.next ?? FIRST_OWN_TEMPLATE_ID
    },

    async isNameTaken(name: string, templateId: number): Promise<boolean> {
      const { rows } = await query(
        `select from script_template where operator_id = $1 and name_folded = $2 and template_id <> $3 and deleted_at is null`,
        [foldName(name), templateId],
      )
      return rows.length > 0
    },

    async insert(template: StoredTemplate): Promise<void> {
      const { templateId, name, purpose, description, make, changedAt, changedBy } = template
      await query(
        `insert into script_template (operator_id, template_id, name, name_folded, purpose, description, make, changed_at,
           changed_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [templateId, name, foldName(name), purpose, description, make, changedAt, changedBy],
      )
      await this.insertVersion(template)
    },

    async insertVersion({
      templateId,
      version,
      script,
      variables,
      changedAt,
      changedBy,
    }: StoredTemplate): Promise<void> {
      await query(
        `insert into script_template_version (operator_id, template_id, version, script, variables, created_at, created_by)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [templateId, version, script, JSON.stringify(variables), changedAt, changedBy],
      )
    },

    async update({
      templateId,
      name,
      description,
      make,
      version,
      changedAt,
      changedBy,
    }: StoredTemplate): Promise<void> {
      await query(
        `update script_template set name = $3, name_folded = $4, description = $5, make = $6, version = $7,
           revision = revision + 1, changed_at = $8, changed_by = $9
         where operator_id = $1 and template_id = $2`,
        [templateId, name, foldName(name), description, make, version, changedAt, changedBy],
      )
    },

    async remove(templateId: number, now: Date): Promise<void> {
      await query('update script_template set deleted_at = $3 where operator_id = $1 and template_id = $2', [
        templateId,
        now,
      ])
    },
  }
}
