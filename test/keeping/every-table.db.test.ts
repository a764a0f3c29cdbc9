import { PassThrough, Readable } from 'node:stream'
import { createZstdDecompress } from 'node:zlib'
import pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { loadArchive, openArchive, writeArchive } from '../../server/platform/archive/index.ts'
import { TEMPLATE } from '../harness/postgres-server.ts'
import { type BareDatabase, bareDatabase, everythingIn, lockworkOf, withClient } from './databases.ts'

// R6, the way of a row: every table that the catalogue knows, with values that a careless text form would lose. Conditions and
// references are off in both databases, since no meaning is given to what stands in the rows; that they hold is shown with
// real data in export-import.db.test.ts.

let source: BareDatabase
let target: BareDatabase
const sign = () => 'v1.00000000.none'

beforeAll(async () => {
  ;[source, target] = [await bareDatabase(TEMPLATE), await bareDatabase(TEMPLATE)]
  for (const { superUrl } of [source, target]) await dropConditions(superUrl)
  await fillEveryTable(source.superUrl)
})

async function dropConditions(superUrl: string): Promise<void> {
  await withClient(superUrl, async (client) => {
    const { rows } = await client.query<{ table: string; name: string }>(
      `select conrelid::regclass::text as table, conname as name from pg_constraint
       where connamespace = 'public'::regnamespace and contype in ('c', 'f')`,
    )
    for (const { table, name } of rows)
      await client.query(`alter table ${table} drop constraint if exists ${pg.escapeIdentifier(name)}`)
  })
}

const ROWS = 4
/** Everything that COPY's text form must escape, and what looks like its end. */
const TEXTS = ['plain', '\\.', 'tab\tline\nend\r\n\\N \\\\ "quoted" \b\f\v\u0001', 'Zürich 東京 \u{1f600} e\u0301', '']

/** Values of each type, by number of the row; row 0 has none where none is allowed. */
const VALUES: Record<string, (row: number) => string> = {
  text: (row) => `${TEXTS[row % TEXTS.length]}${row === 1 ? '' : ` ${row}`}`,
  uuid: (row) => `00000000-0000-4000-8000-00000000000${row}`,
  int2: String,
  int4: (row) => String([0, -1, 2_147_483_647, -2_147_483_648][row]),
  int8: (row) => String([0, -1, 9_007_199_254_740_993n, -9_223_372_036_854_775_808n][row]),
  bool: (row) => String(row % 2 === 1),
  float8: (row) => String([0, 0.1, 1e300, -1 / 3][row]),
  numeric: (row) => ['0', '0.10', '123456789012345678901234567890.000001', '-1'][row] ?? '0',
  timestamptz: (row) =>
    ['infinity', '2026-11-22 18:00:00.123456+00', '1999-12-31 23:59:59.999999+05:45', '-infinity'][row] ?? '',
  date: (row) => ['infinity', '2026-02-28', '0044-03-15 BC', '1999-12-31'][row] ?? '',
  interval: (row) => ['0', '1 mon 2 days 03:04:05.678901', '-1 years', '-00:00:01'][row] ?? '',
  bytea: (row) => `\\x${['', '00', '5c2e0a09', 'deadbeef'][row]}`,
  jsonb: (row) => JSON.stringify({ row, text: TEXTS[2]?.replace('\u0001', '') }),
  json: (row) => `{"row" : ${row}, "row": "kept as it is"}`,
  inet: (row) => `10.0.0.${row}/32`,
}

async function fillEveryTable(superUrl: string): Promise<void> {
  await withClient(superUrl, async (client) => {
    // No trigger speaks up, and nothing is looked at but the types.
    await client.query(`set session_replication_role = replica`)
    const { rows: tables } = await client.query<{ name: string; columns: Column[] }>(
      `select c.relname as name, json_agg(json_build_object(
           'name', a.attname, 'type', t.typname, 'element', e.typname, 'required', a.attnotnull,
           'identity', a.attidentity) order by a.attnum) as columns
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
       join pg_type t on t.oid = a.atttypid left join pg_type e on e.oid = t.typelem and t.typcategory = 'A'
       where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not like 'kysely%'
       group by c.oid, c.relname`,
    )
    // One row for ever: its key says so.
    for (const { name, columns } of tables)
      for (let row = 0; row < (name === 'installation' ? 1 : ROWS); row++) await insertRow(client, name, columns, row)
    for (const { name } of (await client.query<{ name: string }>(SEQUENCES)).rows)
      await client.query('select setval($1::regclass, 4711, false)', [name])
  })
}

const SEQUENCES = `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S'`

type Column = { name: string; type: string; element: string | null; required: boolean; identity: string }

async function insertRow(client: pg.Client, table: string, columns: Column[], row: number): Promise<void> {
  const names = columns.map(({ name }) => pg.escapeIdentifier(name)).join(', ')
  const places = columns.map((_column, index) => `$${index + 1}`).join(', ')
  const values = columns.map((column) => (row === 0 && !column.required ? null : cellOf(column, row)))
  await client.query(
    `insert into ${pg.escapeIdentifier(table)} (${names}) overriding system value values (${places})`,
    values,
  )
}

function cellOf({ name, type, element }: Column, row: number): string | string[] {
  const value = VALUES[element ?? type]
  if (!value) throw new Error(`There are no values of the type ${type} yet (${name}): add some to VALUES.`)
  return element === null ? value(row) : row === 1 ? [] : [value(row), value((row + 1) % ROWS)]
}

async function exported(ownerUrl: string): Promise<Buffer> {
  const out = new PassThrough()
  const chunks: Buffer[] = []
  out.on('data', (chunk: Buffer) => chunks.push(chunk))
  await writeArchive(out, {
    ...{ ownerUrl, leadline: '0.0.0', sign },
    installation: async () => ({ id: 'any', kind: 'production', createdAt: '2026-11-22T18:00:00Z' }),
    masterKeys: async () => [],
  })
  return Buffer.concat(chunks)
}

test('every table comes back row for row, and with it sequences, triggers, indexes and row security', async () => {
  const before = await everythingIn(source.superUrl)
  // The scene itself: a new table that nothing could be put into would prove nothing.
  expect(Object.entries(before).filter(([, rows]) => rows.length === 0)).toEqual([])
  const lockwork = await lockworkOf(target.superUrl)

  const file = await exported(source.ownerUrl)
  const archive = await openArchive(Readable.from([file]))
  const { rows } = await loadArchive(archive, { ownerUrl: target.ownerUrl, verify: null })

  expect(await everythingIn(target.superUrl)).toEqual(before)
  expect(await lockworkOf(target.superUrl)).toEqual(lockwork)
  const tables =
    Object.values(before).flat().length - (await withClient(source.superUrl, (c) => c.query(SEQUENCES))).rows.length
  expect(rows).toBe(tables)
})

test('the same rows give the same text, wherever they lie', async () => {
  const textOf = async (ownerUrl: string) => {
    const chunks: Buffer[] = []
    for await (const chunk of Readable.from([await exported(ownerUrl)]).pipe(createZstdDecompress()))
      chunks.push(chunk as Buffer)
    const [header = '', ...rest] = Buffer.concat(chunks).toString().split('\n')
    // When it was made is in the header, and so in the checksum.
    return { tables: JSON.parse(header).tables, rest: rest.map((line) => line.replace(/"sha256":"\w+"/, '')) }
  }
  const [theirs, ours] = [await textOf(source.ownerUrl), await textOf(target.ownerUrl)]
  expect(ours.tables).toEqual(theirs.tables)
  expect(ours.rest.filter((line, at) => line !== theirs.rest[at]).slice(0, 5)).toEqual([])
  expect(ours.rest).toHaveLength(theirs.rest.length)
})
