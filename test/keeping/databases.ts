import pg from 'pg'
import { inject } from 'vitest'

/** A database that nobody has migrated, as an administrator makes one: `create database leadline owner leadline`. */
export type BareDatabase = { appUrl: string; ownerUrl: string; superUrl: string }

let made = 0

export async function bareDatabase(template = 'template1'): Promise<BareDatabase> {
  const urls = inject('postgres')
  const name = `k_${process.pid}_${Date.now().toString(36)}_${made++}`
  const admin = new pg.Client({ connectionString: urls.superUrl.replace('DATABASE', 'postgres') })
  await admin.connect()
  try {
    await admin.query('select pg_advisory_lock(17)')
    await admin.query(`create database ${name} template ${template} owner leadline_owner`)
  } finally {
    await admin.end()
  }
  const named = (url: string) => url.replace('DATABASE', name)
  return { appUrl: named(urls.appUrl), ownerUrl: named(urls.ownerUrl), superUrl: named(urls.superUrl) }
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Table -> its rows as text, sorted; read past row security. The catalogue says which tables there are. */
export type Everything = Record<string, string[]>

/** The migrator's own two: an import migrates by itself. */
const NOT_COMPARED = ['kysely_migration', 'kysely_migration_lock']

export async function everythingIn(superUrl: string): Promise<Everything> {
  return await withClient(superUrl, async (client) => {
    await client.query(`set timezone = 'UTC'`)
    const { rows: tables } = await client.query<{ name: string; kind: string }>(
      `select relname as name, relkind as kind from pg_class where relnamespace = 'public'::regnamespace
         and relkind not in ('i', 'v', 'c', 't') and relname <> all($1) order by 1`,
      [NOT_COMPARED],
    )
    const contents: Everything = {}
    for (const { name, kind } of tables) {
      // Of a sequence all but how far the server has written ahead.
      const what = kind === 'S' ? `last_value || ' ' || is_called` : 'one::text'
      const { rows } = await client.query<{ row: string }>(
        `select ${what} as row from ${pg.escapeIdentifier(name)} one`,
      )
      contents[name] = rows.map(({ row }) => row).toSorted()
    }
    return contents
  })
}

export async function isEmpty(superUrl: string): Promise<boolean> {
  const { rows } = await withClient(superUrl, (client) =>
    client.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> all($1)`,
      [NOT_COMPARED],
    ),
  )
  if (rows.length === 0) return true
  const any = rows.map(({ name }) => `exists (select from ${pg.escapeIdentifier(name)})`).join(' or ')
  const { rows: found } = await withClient(superUrl, (client) => client.query(`select ${any} as full`))
  return found[0].full === false
}

/** What an import takes off and must put back: row security, triggers, indexes, constraints. */
export async function lockworkOf(superUrl: string): Promise<string[]> {
  const { rows } = await withClient(superUrl, (client) =>
    client.query<{ line: string }>(
      `select format('table %s %s %s', relname, relrowsecurity, relforcerowsecurity) as line from pg_class
         where relnamespace = 'public'::regnamespace and relkind = 'r'
       union all select format('trigger %s %s %s', tgrelid::regclass, tgname, tgenabled) from pg_trigger
         where not tgisinternal
       union all select indexdef from pg_indexes where schemaname = 'public'
       union all select format('%s %s %s %s', conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid))
         from pg_constraint where connamespace = 'public'::regnamespace
       order by 1`,
    ),
  )
  return rows.map(({ line }) => line)
}
