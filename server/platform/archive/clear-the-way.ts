import pg from 'pg'
import type { CatalogueTable } from './catalogue.ts'

/** What was taken off a table, to be put back when its rows are in. */
export type ClearedTable = { name: string; forced: boolean; triggers: string[]; indexes: string[] }

type Facts = { forced: boolean; triggers: string[]; indexes: { name: string; definition: string }[] }

const FACTS = `
  select c.relforcerowsecurity as forced,
    array(select tgname::text from pg_trigger where tgrelid = c.oid and not tgisinternal and tgenabled = 'O') as triggers,
    coalesce((
      select json_agg(json_build_object('name', i.relname, 'definition', pg_get_indexdef(x.indexrelid)) order by i.relname)
      from pg_index x join pg_class i on i.oid = x.indexrelid
      where x.indrelid = c.oid and not x.indisreplident and not x.indisclustered
        and not exists (select from pg_constraint where conindid = x.indexrelid)
    ), '[]') as indexes
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relname = $1`

/** Whoever works with a database that should be empty has this long to leave it. */
const LOCK_WAIT = '10s'

/**
 * Prepares empty tables for rows as they once were: row security does not stand in the way of their owner (COPY knows none),
 * triggers do not add to rows that have seen them already, and indexes are made at the end, all at once, which takes a
 * fraction of the time. All of it within the caller's transaction, which holds the tables to itself from now on.
 */
export async function clearTheWay(client: pg.ClientBase, tables: CatalogueTable[]): Promise<ClearedTable[]> {
  await client.query(`set local lock_timeout = '${LOCK_WAIT}'; set local maintenance_work_mem = '256MB'`)
  const cleared: ClearedTable[] = []
  for (const { name } of tables) {
    const table = pg.escapeIdentifier(name)
    await client.query(`lock table ${table} in access exclusive mode`)
    const { rows } = await client.query<Facts>(FACTS, [name])
    const { forced = false, triggers = [], indexes = [] } = rows[0] ?? {}
    if (forced) await client.query(`alter table ${table} no force row level security`)
    for (const trigger of triggers)
      await client.query(`alter table ${table} disable trigger ${pg.escapeIdentifier(trigger)}`)
    for (const index of indexes) await client.query(`drop index ${pg.escapeIdentifier(index.name)}`)
    cleared.push({ name, forced, triggers, indexes: indexes.map(({ definition }) => definition) })
  }
  return cleared
}

/** Everything as it was. */
export async function putBack(client: pg.ClientBase, cleared: readonly ClearedTable[]): Promise<void> {
  for (const { name, forced, triggers, indexes } of cleared) {
    const table = pg.escapeIdentifier(name)
    for (const definition of indexes) await client.query(definition)
    for (const trigger of triggers)
      await client.query(`alter table ${table} enable trigger ${pg.escapeIdentifier(trigger)}`)
    if (forced) await client.query(`alter table ${table} force row level security`)
  }
}
