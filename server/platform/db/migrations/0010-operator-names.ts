import { type Kysely, sql } from 'kysely'

/** People choose operators by name: each name once. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Until now the command line could give a name twice: the younger number keeps it, with the number behind it.
  await sql`
    update operator set name = operator.name || ' ' || operator.operator_id
    from operator other
    where lower(other.name) = lower(operator.name) and other.operator_id < operator.operator_id`.execute(db)
  await sql`create unique index operator_name on operator (lower(name))`.execute(db)
}
