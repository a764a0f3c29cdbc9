import pg from 'pg'
import type { ArchivedSequence } from './archive-format.ts'

export type CatalogueTable = { name: string; columns: string[]; needs: string[] }

const TABLES = `
  select c.relname::text as name,
    array(select attname::text from pg_attribute
          where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '' order by attnum) as columns,
    array(select distinct r.relname::text from pg_constraint f join pg_class r on r.oid = f.confrelid
          where f.conrelid = c.oid and f.contype = 'f' and not f.condeferrable and r.oid <> c.oid) as needs
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> all($1)
  order by c.relname`

/** The migrator's own: an import has been migrated by itself, to what the export's header names. */
export const NOT_EXPORTED = ['kysely_migration', 'kysely_migration_lock']

/**
 * Every table as the database itself lists it, so that none can be forgotten: a table comes after those its rows refer to.
 * Columns that the database works out by itself are left out.
 */
export async function readTables(client: pg.ClientBase): Promise<CatalogueTable[]> {
  const { rows } = await client.query<CatalogueTable>(TABLES, [NOT_EXPORTED])
  return inLoadingOrder(rows)
}

export function inLoadingOrder(tables: readonly CatalogueTable[]): CatalogueTable[] {
  const ordered: CatalogueTable[] = []
  const placed = new Set<string>()
  let waiting = [...tables]
  while (waiting.length > 0) {
    const ready = waiting.filter(({ needs }) => needs.every((name) => placed.has(name)))
    if (ready.length === 0)
      throw new Error(`Tables refer to each other in a circle: ${waiting.map(({ name }) => name).join(', ')}.`)
    for (const table of ready) placed.add(table.name)
    ordered.push(...ready)
    waiting = waiting.filter(({ name }) => !placed.has(name))
  }
  return ordered
}

/** Sequences are outside of every snapshot: read after the rows, they are at or beyond what those hold. */
export async function readSequences(client: pg.ClientBase): Promise<ArchivedSequence[]> {
  const { rows } = await client.query<{ name: string }>(
    `select relname::text as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind = 'S' order by relname`,
  )
  const sequences: ArchivedSequence[] = []
  for (const { name } of rows) {
    const { rows: states } = await client.query<Omit<ArchivedSequence, 'name'>>(
      `select last_value::text as "lastValue", is_called as "isCalled" from ${pg.escapeIdentifier(name)}`,
    )
    if (states[0]) sequences.push({ name, ...states[0] })
  }
  return sequences
}

/** Names of the migrations that the database has had, in order; none for one that was never migrated. */
export async function readMigrations(client: pg.ClientBase): Promise<string[]> {
  const { rows: found } = await client.query<{ found: boolean }>(
    `select to_regclass('public.kysely_migration') is not null as found`,
  )
  if (!found[0]?.found) return []
  const { rows } = await client.query<{ name: string }>('select name from kysely_migration order by name')
  return rows.map(({ name }) => name)
}

/** `"table" ("a", "b")` for COPY; names come from the catalogue. */
export function copyTarget({ name, columns }: { name: string; columns: readonly string[] }): string {
  return `${pg.escapeIdentifier(name)} (${columns.map((column) => pg.escapeIdentifier(column)).join(', ')})`
}
