import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { run as runBackup } from '../../server/commands/backup.ts'
import { run as runExport } from '../../server/commands/export.ts'
import { run as runImport } from '../../server/commands/import.ts'
import { createContext } from '../../server/context.ts'
import { CHECKOUT } from '../../server/data-directory.ts'
import { EXPORT_NODE_FLAGS } from '../../server/export-files.ts'
import { migrateDatabase } from '../../server/platform/db/migrate.ts'
import { migrations } from '../../server/platform/db/migrations/index.ts'
import { createSealer, parseMasterKeys } from '../../server/platform/secrets/index.ts'
import { upgradeDatabase } from '../../server/upgrade-database.ts'
import { runNode } from '../../tools/run-program.ts'
import { configOf, killed } from '../harness/leadline.ts'
import { type BareDatabase, bareDatabase, everythingIn, isEmpty, lockworkOf, withClient } from './databases.ts'

// R6, by the commands as people give them: a production with real rows goes into a file and comes back on another machine;
// and every file that is not what it should be is refused, with nothing left behind.

const folder = mkdtempSync(join(tmpdir(), 'leadline-keeping-'))
const KEY = Buffer.alloc(32, 7).toString('base64')
const INSTALLATION = '0198a000-0000-7000-8000-000000000001'
const version = (JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8')) as { version: string }).version
/** More than the decompressor hands on at once, so that an import can be stopped in the middle. */
const PEOPLE = 12_000
/** Starting a program and migrating a database, several times over. */
const LONG = { timeout: 180_000 }

let source: BareDatabase
let file: string
let keyFile: string

beforeAll(async () => {
  keyFile = join(folder, 'master.key')
  writeFileSync(keyFile, `${KEY}\n`)
  source = await bareDatabase()
  await migrateDatabase(source.ownerUrl)
  await live(source)
  file = join(folder, 'whole.export.zst')
  const { code, output } = await program(['export', file], source, { LEADLINE_MASTER_KEY: KEY })
  expect(output).toMatch(/whole\.export\.zst: \d+ rows/)
  expect(code).toBe(0)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What a production has: its mark, an operator with a sealed secret, people, leads in a channel, a journal. */
async function live(database: BareDatabase): Promise<void> {
  const sealer = createSealer(parseMasterKeys(KEY))
  await withClient(database.ownerUrl, async (client) => {
    await client.query(`insert into installation (only_one, id, kind, version) values (true, $1, 'production', $2)`, [
      INSTALLATION,
      version,
    ])
    await client.query(`insert into operator (operator_id, name) values (868, 'Northwind Voice')`)
    await client.query(`insert into channel (operator_id, channel_id, name) values (868, 907, 'Riverside')`)
    const secret = sealer.seal('a secret of Microsoft', { table: 'connection', row: '868', column: 'sealed_secret' })
    await client.query(
      `insert into person (person_id, email, name, created_at, second_factor_sealed)
       select gen_random_uuid(), n || '@northwind.example', $2 || md5(n::text) || md5((n * 7)::text), now(), $1
       from generate_series(1, ${PEOPLE}) as n`,
      [secret, 'Zoë\t\\.\n'],
    )
    await client.query(
      `insert into journal_entry (entry_id, operator_id, actor_kind, actor_id, actor_name, request_id, action, object_type, object_id, result)
       select gen_random_uuid(), 868, 'person', 'p', 'Pat', 'r' || n, 'test.planted', 'test', n::text, 'ok' from generate_series(1, 50) as n`,
    )
    await client.query(`select nextval('task_number')`)
  })
}

function environment(database: BareDatabase, more: Record<string, string>): Record<string, string> {
  return {
    DATABASE_URL: database.appUrl,
    LEADLINE_DATABASE_OWNER_URL: database.ownerUrl,
    LEADLINE_PUBLIC_URL: 'https://leads.carrier.example',
    LEADLINE_DATA_DIR: join(folder, 'nothing-here'),
    ...more,
  }
}

/** The program as a person calls it. */
const program = (words: string[], database: BareDatabase, more: Record<string, string> = {}) =>
  runNode('bin/leadline', words, { env: environment(database, more), timeoutSeconds: 120 })

const COMMANDS = { export: runExport, import: runImport, backup: runBackup }

/** The same command in this process, which spares the start of one. */
async function leadline(
  [name = '', ...args]: string[],
  database: BareDatabase,
  more: Record<string, string> = {},
): Promise<{ code: number; output: string }> {
  for (const [variable, value] of Object.entries(environment(database, more))) vi.stubEnv(variable, value)
  let output = ''
  const keep = (chunk: unknown) => {
    output += String(chunk)
    return true
  }
  const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockImplementation(keep))
  try {
    const code = await COMMANDS[name as keyof typeof COMMANDS](args)
    return { code, output: output.trim() }
  } catch (error) {
    // As bin/leadline tells it.
    const { message, remedy, stack } = error as Error & { remedy?: string }
    return { code: 1, output: `${output}${remedy ? `${message}\n  ${remedy}` : stack}` }
  } finally {
    for (const spy of spies) spy.mockRestore()
    vi.unstubAllEnvs()
  }
}

const freshFolder = () => mkdtempSync(join(folder, 'data-'))

test('a production comes back on another machine, row for row, and works there', LONG, async () => {
  const target = await bareDatabase()
  const before = await everythingIn(source.superUrl)
  // The export told the journal of itself after the file was written.
  before.journal_entry = before.journal_entry?.filter((row) => !row.includes('installation.exported')) ?? []
  before.journal_unsealed = before.journal_unsealed?.filter((row) => !row.startsWith('(0,')) ?? []
  const LEADLINE_DATA_DIR = freshFolder()

  const { code, output } = await program(['import', file, '--master-key', keyFile], target, { LEADLINE_DATA_DIR })
  expect(output).toContain('the production is back')
  expect(code).toBe(0)
  expect(await everythingIn(target.superUrl)).toEqual(before)
  expect(await lockworkOf(target.superUrl)).toEqual(await lockworkOf(source.superUrl))

  const installation = JSON.parse(readFileSync(join(LEADLINE_DATA_DIR, 'installation.json'), 'utf8'))
  expect(installation).toMatchObject({ id: INSTALLATION, kind: 'production' })
  expect(readFileSync(join(LEADLINE_DATA_DIR, 'master.key'), 'utf8').trim()).toBe(KEY)
  expect(statSync(join(LEADLINE_DATA_DIR, 'master.key')).mode & 0o077).toBe(0)
  const config = configOf(environment(target, { LEADLINE_DATA_DIR, LEADLINE_SANDBOX: 'false' }), 18_310)
  const context = createContext({
    ...{ config, databaseUrl: target.appUrl, dataDirectory: LEADLINE_DATA_DIR, version },
    logger: pino({ level: 'silent' }),
  })
  try {
    const { rows } = await withClient(target.ownerUrl, (client) =>
      client.query('select second_factor_sealed as sealed from person limit 1'),
    )
    const place = { table: 'connection', row: '868', column: 'sealed_secret' }
    expect(context.sealer.open(rows[0].sealed, place)).toBe('a secret of Microsoft')
    expect(await context.listOperators()).toEqual([868])
  } finally {
    await context.close()
  }

  const again = await leadline(['import', file, '--master-key', keyFile], target, { LEADLINE_DATA_DIR })
  expect(again.output).toContain('The database is not empty')
  expect(again.code).toBe(1)
  expect(await everythingIn(target.superUrl)).toEqual(before)
})

test('an export is written whole or not at all, for its owner only, and its check says so', LONG, async () => {
  expect(statSync(file).mode & 0o077).toBe(0)
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  const checked = await leadline(['import', file, '--check'], source)
  expect(checked.output).toMatch(/^In order: \d+ rows of \d+ tables/)
  const twice = await leadline(['export', file], source, { LEADLINE_MASTER_KEY: KEY })
  expect(twice).toMatchObject({ code: 2, output: expect.stringContaining('is there already') })
  const nowhere = await leadline(['export', join(folder, 'no', 'such', 'folder.zst')], source, {
    LEADLINE_MASTER_KEY: KEY,
  })
  expect(nowhere.code).toBe(1)
  expect(nowhere.output).not.toMatch(/\n {4}at /)
  // Sealed values are in it as they are, and no more.
  const text = zstdDecompressSync(readFileSync(file)).toString()
  expect(text).not.toContain('a secret of Microsoft')
  expect(text).not.toContain(KEY)
})

describe('a file that is not what it should be', () => {
  let text: string
  let target: BareDatabase
  beforeAll(async () => {
    text = zstdDecompressSync(readFileSync(file)).toString('latin1')
    target = await bareDatabase()
  })

  const compressed = (changed: string) => zstdCompressSync(Buffer.from(changed, 'latin1'))
  const header = (change: (header: Record<string, unknown>) => void) => {
    const end = text.indexOf('\n')
    const value = JSON.parse(Buffer.from(text.slice(0, end), 'latin1').toString())
    change(value)
    return compressed(`${Buffer.from(JSON.stringify(value)).toString('latin1')}${text.slice(end)}`)
  }
  const half = () => text.slice(0, text.indexOf('\n', text.length / 2) + 1)

  const WRONG: [string, () => Buffer, RegExp][] = [
    ['cut in the middle', () => readFileSync(file).subarray(0, statSync(file).size / 2), /ends too early/],
    ['cut by its last byte', () => readFileSync(file).subarray(0, -1), /ends too early|is damaged/],
    ['cut in its first bytes', () => readFileSync(file).subarray(0, 10), /no export of Leadline|ends too early/],
    ['whole for the decompressor, and cut between two rows', () => compressed(half()), /ends too early/],
    ['without its signature', () => compressed(text.replace(/\n\{"signature".*\n$/, '\n')), /ends too early/],
    ['with one bit turned', () => turned(readFileSync(file)), /is damaged|ends too early/],
    ['with one letter changed', () => compressed(text.replace('Northwind Voice', 'Northwind Vøice')), /is damaged/],
    ['without a row', () => compressed(text.replace(/\n907\t[^\n]*|\n868\t907[^\n]*/, '')), /is damaged/],
    ['with something behind it', () => compressed(`${text}{"more":1}\n`), /is damaged/],
    [
      'with a table more',
      () => header((h) => void (h.tables as unknown[]).push({ name: 'x', columns: ['y'] })),
      /same tables/,
    ],
    ['of a newer format', () => header((h) => (h.formatVersion = 2)), /format that this version does not know/],
    ['of a newer version', () => header((h) => (h.leadline = '99.1.0')), /written by Leadline 99\.1\.0/],
    [
      'with a newer migration',
      () => header((h) => (h.migrations = [...Object.keys(migrations), '9999-newer'])),
      /newer/,
    ],
    ['of a schema that never was', () => header((h) => (h.migrations = ['0002-access'])), /no released version/],
    ['that is empty', () => Buffer.alloc(0), /no export of Leadline/],
    ['that is a text', () => Buffer.from('operator,name\n868,Northwind\n'), /no export of Leadline/],
    ['that is compressed and something else', () => zstdCompressSync(Buffer.from('x'.repeat(9_000_000))), /no export/],
  ]

  test.each(WRONG)('%s is refused in words, and leaves nothing behind', LONG, async (name, make, words) => {
    const wrong = join(folder, `${name.replaceAll(/\W+/g, '-')}.zst`)
    writeFileSync(wrong, make())
    const { code, output } = await leadline(['import', wrong, '--master-key', keyFile], target, {
      LEADLINE_DATA_DIR: freshFolder(),
    })
    expect(output).toMatch(words)
    expect(output).not.toMatch(/\n {4}at /)
    expect(code).toBe(1)
    expect(await isEmpty(target.superUrl)).toBe(true)
  })

  test('one that was altered by somebody without the master key is refused by its signature', LONG, async () => {
    const { createHash } = await import('node:crypto')
    const changed = text.replace('Northwind Voice', 'Northwind Vojce')
    const end = changed.lastIndexOf('\n{"tables"') + 1
    const sha256 = createHash('sha256')
      .update(Buffer.from(changed.slice(0, end), 'latin1'))
      .digest('hex')
    const forged = join(folder, 'forged.zst')
    writeFileSync(
      forged,
      compressed(changed.slice(0, end) + changed.slice(end).replace(/"sha256":"\w+"/, `"sha256":"${sha256}"`)),
    )
    const { code, output } = await leadline(['import', forged, '--master-key', keyFile], target, {
      LEADLINE_DATA_DIR: freshFolder(),
    })
    expect(output).toContain('altered after it was written')
    expect(code).toBe(1)
    expect(await isEmpty(target.superUrl)).toBe(true)
  })

  test(
    'one of the other kind, of another installation, or without its key is refused before anything is made',
    LONG,
    async () => {
      const words = ['import', file, '--master-key', keyFile]
      const kind = await leadline(words, target, { LEADLINE_DATA_DIR: freshFolder(), LEADLINE_SANDBOX: 'true' })
      expect(kind).toMatchObject({ code: 1, output: expect.stringContaining('never mixed') })

      const LEADLINE_DATA_DIR = freshFolder()
      const other = { id: 'another', kind: 'production', version, createdAt: '2026-01-01T00:00:00Z' }
      writeFileSync(join(LEADLINE_DATA_DIR, 'installation.json'), JSON.stringify(other))
      const installation = await leadline(words, target, { LEADLINE_DATA_DIR })
      expect(installation).toMatchObject({
        code: 1,
        output: expect.stringContaining('belongs to the installation another'),
      })
      expect(readdirSync(LEADLINE_DATA_DIR)).toEqual(['installation.json'])

      const empty = freshFolder()
      const keyless = await leadline(['import', file], target, { LEADLINE_DATA_DIR: empty })
      expect(keyless).toMatchObject({
        code: 1,
        output: expect.stringMatching(/master key [0-9a-f]{8}, which is not here/),
      })
      expect(readdirSync(empty)).toEqual([])
      expect(await isEmpty(target.superUrl)).toBe(true)

      const lost = await leadline(['import', file, '--without-master-key'], target, { LEADLINE_DATA_DIR: empty })
      expect(lost).toMatchObject({ code: 0, output: expect.stringContaining('the production is back') })
    },
  )
})

/** One bit, in the middle of what was compressed. */
function turned(bytes: Buffer): Buffer {
  const at = bytes.length >> 1
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0x10, at)
  return bytes
}

test(
  'kill -9 in the middle of an import leaves the database empty, and the next one brings everything',
  LONG,
  async () => {
    const target = await bareDatabase()
    const env = environment(target, { LEADLINE_DATA_DIR: freshFolder(), LEADLINE_MASTER_KEY: KEY })
    const child: ChildProcess = spawn(process.execPath, [join(CHECKOUT, 'bin/leadline'), 'import', '-'], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['pipe', 'ignore', 'inherit'],
    })
    child.stdin?.on('error', () => {})
    const bytes = readFileSync(file)
    child.stdin?.write(bytes.subarray(0, Math.floor(bytes.length * 0.8)))
    await rowsUnderWay(target)
    await killed(child)
    await nobodyConnected(target)
    expect(await isEmpty(target.superUrl)).toBe(true)

    const again = await leadline(['import', file], target, env)
    expect(again).toMatchObject({ code: 0, output: expect.stringContaining('the production is back') })
    const { rows } = await withClient(target.ownerUrl, (client) =>
      client.query('select count(*)::int as count from person'),
    )
    expect(rows[0].count).toBe(PEOPLE)
  },
)

/** Resolves when an import has loaded rows in a transaction that is still open. */
async function rowsUnderWay({ superUrl }: BareDatabase): Promise<void> {
  await untilTrue(
    superUrl,
    `select exists (select from pg_stat_progress_copy where datname = current_database() and tuples_processed > 0) as yes`,
  )
}

async function nobodyConnected({ superUrl }: BareDatabase): Promise<void> {
  await untilTrue(
    superUrl,
    `select not exists (select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend') as yes`,
  )
}

async function untilTrue(url: string, question: string): Promise<void> {
  await withClient(url, async (client) => {
    while (!(await client.query(question)).rows[0].yes) await sleep(20)
  })
}

describe('an older schema', () => {
  const OLDER = '0022-mail'

  async function olderDatabase(): Promise<BareDatabase> {
    const database = await bareDatabase()
    await migrateDatabase(database.ownerUrl, { upTo: OLDER })
    await live(database)
    return database
  }
  const hasLatest = async ({ ownerUrl }: BareDatabase) => {
    const { rows } = await withClient(ownerUrl, (client) =>
      client.query('select count(*)::int as count from kysely_migration'),
    )
    return rows[0].count === Object.keys(migrations).length
  }

  test('is exported by a newer version, and imported and migrated by it', LONG, async () => {
    const [older, target] = [await olderDatabase(), await bareDatabase()]
    const before = await everythingIn(older.superUrl)
    const old = join(folder, 'older.export.zst')
    // The journal of so old a schema takes the entry, or the command says that it could not be made; the file is there.
    await leadline(['export', old], older, { LEADLINE_MASTER_KEY: KEY })
    const { code, output } = await leadline(['import', old, '--master-key', keyFile], target, {
      LEADLINE_DATA_DIR: freshFolder(),
    })
    expect(output).toContain('the production is back')
    expect(code).toBe(0)
    expect(await hasLatest(target)).toBe(true)
    const after = await everythingIn(target.superUrl)
    expect(after.operator?.length).toBe(before.operator?.length)
    expect(after.person?.length).toBe(PEOPLE)
  })

  test('is exported before it is migrated, unless that is not wanted or there is nothing to lose', LONG, async () => {
    const directory = freshFolder()
    const upgrade = async (database: BareDatabase, more: Record<string, string> = {}) => {
      const env = { ...environment(database, { LEADLINE_MASTER_KEY: KEY, LEADLINE_BACKUP_DIR: directory }), ...more }
      await upgradeDatabase({
        ...{ config: configOf(env, 18_311), ownerUrl: database.ownerUrl, dataDirectory: folder, version },
        ...{ installation: null, logger: pino({ level: 'silent' }) },
      })
    }
    const older = await olderDatabase()
    // Two machines at once: one export.
    await Promise.all([upgrade(older), upgrade(older)])
    expect(await hasLatest(older)).toBe(true)
    const [made, ...more] = readdirSync(directory)
    expect(made).toMatch(new RegExp(`^leadline-.*-before-${version}\\.export\\.zst$`))
    expect(more).toEqual([])
    const checked = await leadline(['import', join(directory, made ?? ''), '--check'], older)
    expect(checked.output).toMatch(/^In order/)

    await upgrade(older)
    await upgrade(await bareDatabase())
    await upgrade(await olderDatabase(), { LEADLINE_EXPORT_BEFORE_UPGRADE: 'false' })
    expect(readdirSync(directory)).toEqual([made])
  })
})

test('backups go into their folder, and the oldest go', LONG, async () => {
  const directory = freshFolder()
  const old = ['2026-01-01', '2026-01-02', '2026-01-03'].map((day) => `leadline-${day}T00-00-00Z.export.zst`)
  const others = ['notes.txt', 'leadline-2026-01-01T00-00-00Z-before-1.0.0.export.zst']
  for (const name of [...old, ...others]) writeFileSync(join(directory, name), randomBytes(8))
  const env = { LEADLINE_MASTER_KEY: KEY, LEADLINE_BACKUP_DIR: directory, LEADLINE_BACKUP_KEEP: '2' }
  const { code, output } = await leadline(['backup'], source, env)
  expect(output).toMatch(/Removed: .*2026-01-02.*2026-01-01/)
  expect(code).toBe(0)
  const left = readdirSync(directory).toSorted()
  expect(left).toEqual(expect.arrayContaining([...others, old[2]]))
  expect(left).toHaveLength(4)
  const listed = await leadline(['backup', '--list'], source, env)
  expect(listed.output.split('\n')).toHaveLength(2)
  await withClient(source.ownerUrl, async (client) => {
    const { rows } = await client.query(`select object_id from journal_entry where action = 'installation.exported'`)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.every(({ object_id }) => object_id === INSTALLATION)).toBe(true)
  })
})

test('one that is killed in the middle leaves no file with a name', LONG, async () => {
  const path = join(folder, 'killed.export.zst')
  const child = spawn(process.execPath, [...EXPORT_NODE_FLAGS, join(CHECKOUT, 'bin/leadline'), 'export', path], {
    env: { PATH: process.env.PATH, ...environment(source, { LEADLINE_MASTER_KEY: KEY }) },
    stdio: 'ignore',
  })
  const exit = once(child, 'exit')
  await Promise.race([exit, untilTrue(source.superUrl, EXPORTING)])
  child.kill('SIGKILL')
  await exit
  if (child.signalCode === 'SIGKILL') expect(readdirSync(folder)).not.toContain('killed.export.zst')
  else expect(statSync(path).size).toBeGreaterThan(0)
})

const EXPORTING = `select exists (select from pg_stat_activity where application_name = 'leadline archive' and datname = current_database()) as yes`
