import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'

export type DumpedTable = { table: string; text: string }

/**
 * Every table of every schema as the text that COPY gives, what pg_dump would write; bytea a second time as the bytes it
 * holds, read as text. With a superuser's address that is the catalogue as well, the planner's samples of columns included.
 */
export async function dumpDatabase(url: string): Promise<DumpedTable[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string; bytes: string[] }>(
      `select format('%I.%I', n.nspname, c.relname) as name,
         array(select format('%I', attname) from pg_attribute
               where attrelid = c.oid and attnum > 0 and not attisdropped and atttypid = 'bytea'::regtype) as bytes
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p', 'm', 'S') and c.relpersistence <> 't' and n.nspname <> 'pg_toast'
         and has_table_privilege(c.oid, 'select')
       order by 1`,
    )
    const tables: DumpedTable[] = []
    for (const { name, bytes } of rows) {
      const plain = await copyOut(client, `copy (select * from ${name}) to stdout`)
      const decoded = await Promise.all(bytes.map((column) => decodedColumn(client, name, column)))
      tables.push({ table: name, text: [plain, ...decoded].join('\n') })
    }
    return tables
  } finally {
    await client.end()
  }
}

async function copyOut(client: pg.Client, statement: string): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of client.query(copyTo(statement))) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('latin1')
}

async function decodedColumn(client: pg.Client, table: string, column: string): Promise<string> {
  const hex = await copyOut(client, `copy (select encode(${column}, 'hex') from ${table}) to stdout`)
  return hex.replace(/[0-9a-f]+/g, (digits) => `${digits}\n${Buffer.from(digits, 'hex').toString('latin1')}`)
}
