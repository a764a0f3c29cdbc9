import { type Generated, sql } from 'kysely'
import type { NameInUseRule } from '../../../contract/operators.ts'
import { openTables, type Tx } from '../../platform/db/transaction.ts'

type OperatorTables = {
  operator: {
    operator_id: number
    name: string
    created_at: Generated<Date>
    company_name_in_use: Generated<NameInUseRule>
  }
  connection: { operator_id: number }
}

/** What an operator decides for itself. */
export type OperatorSettings = { companyNameInUse: NameInUseRule }
export type Operator = OperatorSettings & { operatorId: number; name: string; createdAt: Date; connected: boolean }

/** Operators, each a tenant of the installation. */
export function operatorStore(tx: Tx) {
  const db = openTables<OperatorTables>(tx)
  const operators = () =>
    db
      .selectFrom('operator')
      .leftJoin('connection', 'connection.operator_id', 'operator.operator_id')
      .select([
        'operator.operator_id as operatorId',
        'operator.name',
        'operator.created_at as createdAt',
        'operator.company_name_in_use as companyNameInUse',
        sql<boolean>`connection.operator_id is not null`.as('connected'),
      ])
  return {
    /** Operators in the principal's scope; all of them for the installation. */
    async list(): Promise<{ operatorId: number; name: string }[]> {
      const rows = await db.selectFrom('operator').select(['operator_id', 'name']).orderBy('operator_id').execute()
      return rows.map((row) => ({ operatorId: row.operator_id, name: row.name }))
    },

    /** By name. */
    describe: (): Promise<Operator[]> =>
      operators().orderBy(sql`lower(name)`).orderBy('operator.operator_id').execute(),

    async find(operatorId: number): Promise<Operator | undefined> {
      return operators().where('operator.operator_id', '=', operatorId).executeTakeFirst()
    },

    /** The number after the greatest there is, as far as the principal sees. */
    async nextId(): Promise<number> {
      const row = await db
        .selectFrom('operator')
        .select(sql<number>`coalesce(max(operator_id), 0) + 1`.as('next'))
        .executeTakeFirstOrThrow()
      return row.next
    },

    async insert(operatorId: number, name: string): Promise<void> {
      await db.insertInto('operator').values({ operator_id: operatorId, name, created_at: sql<Date>`now()` }).execute()
    },

    async setCompanyNameInUse(operatorId: number, rule: NameInUseRule): Promise<void> {
      await db
        .updateTable('operator')
        .set({ company_name_in_use: rule })
        .where('operator_id', '=', operatorId)
        .execute()
    },

    async rename(operatorId: number, name: string): Promise<void> {
      await db.updateTable('operator').set({ name }).where('operator_id', '=', operatorId).execute()
    },

    /** Creates the operator where it is not there yet; one that is there keeps its name. */
    async ensure(operatorId: number, name: string): Promise<void> {
      await db
        .insertInto('operator')
        .values({ operator_id: operatorId, name, created_at: sql<Date>`now()` })
        .onConflict((conflict) => conflict.column('operator_id').doNothing())
        .execute()
    },
  }
}
