import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { firstImpassableFolder, PostgresError, type RunningPostgres, startEmbeddedPostgres } from './index.ts'

const logger = { info: () => {}, warn: () => {} }
const folders: string[] = []
const servers: RunningPostgres[] = []

async function dataDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'leadline-embedded-'))
  await chmod(path, 0o711)
  folders.push(path)
  return path
}

async function start(path: string): Promise<RunningPostgres> {
  const server = await startEmbeddedPostgres({ dataDirectory: path, logger, pdeathsig: true })
  servers.push(server)
  return server
}

async function ask<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

/** Runs a start in a process of its own, which can be killed without us. */
function startElsewhere(path: string): ChildProcess {
  const code = `
    import { startEmbeddedPostgres } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))}
    const logger = { info() {}, warn() {} }
    const server = await startEmbeddedPostgres({ dataDirectory: ${JSON.stringify(path)}, logger })
    process.send(server.pid)
    setInterval(() => {}, 1000)`
  return spawn(process.execPath, ['--input-type=module-typescript', '-e', code], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
}

afterEach(async () => {
  for (const server of servers.splice(0).reverse()) await server.stop('immediate')
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true, maxRetries: 3 })
})

describe('startEmbeddedPostgres', () => {
  it('makes a durable database whose logins are neither superuser nor beyond row security', async () => {
    const server = await start(await dataDirectory())
    expect(server.adopted).toBe(false)
    const roles = await ask(
      server.superUrl,
      `select rolname, rolsuper, rolbypassrls, rolcreaterole, rolinherit from pg_roles where rolname like 'leadline%' order by 1`,
    )
    expect(roles).toEqual([
      { rolname: 'leadline_app', rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolinherit: true },
      { rolname: 'leadline_owner', rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolinherit: true },
      { rolname: 'leadline_super', rolsuper: true, rolbypassrls: true, rolcreaterole: true, rolinherit: true },
    ])
    const settings = await ask(
      server.appUrl,
      `select current_user as login, current_database() as database, current_setting('fsync') as fsync,
              current_setting('synchronous_commit') as sync, current_setting('listen_addresses') as addresses,
              (select datlocprovider::text || ' ' || datlocale from pg_database where datname = current_database()) as locale`,
    )
    expect(settings).toEqual([
      { login: 'leadline_app', database: 'leadline', fsync: 'on', sync: 'on', addresses: '', locale: 'b C.UTF-8' },
    ])
  })

  it('lets the owner create what a migration needs, and the application nothing', async () => {
    const server = await start(await dataDirectory())
    await ask(server.ownerUrl, 'create extension pg_trgm; create schema jobs authorization leadline_app')
    await ask(server.appUrl, 'create table jobs.run (id int); create temp table staging (id int)')
    await expect(ask(server.appUrl, 'create table public.lead (id int)')).rejects.toThrow(/permission denied/)
    await expect(ask(server.appUrl, 'create schema other')).rejects.toThrow(/permission denied/)
  })

  it('keeps strangers out of the socket, the data and the log', async () => {
    const path = await dataDirectory()
    const server = await start(path)
    expect((await stat(server.socketDirectory)).mode & 0o777).toBe(0o700)
    expect((await stat(join(path, 'postgres'))).mode & 0o777).toBe(0o700)
    expect((await stat(join(path, 'logs/postgres'))).mode & 0o007).toBe(0)
  })

  it('shares one server between two users and ends it with the last', async () => {
    const path = await dataDirectory()
    const first = await start(path)
    const second = await start(path)
    expect(second).toMatchObject({ adopted: true, pid: first.pid, appUrl: first.appUrl })
    expect(await first.stop()).toEqual({ stopped: false })
    expect(await ask(second.appUrl, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(await second.stop()).toEqual({ stopped: true })
    expect(await first.exited).toEqual({ code: 0, signal: null })
    servers.length = 0
  })

  it('lets exactly one of several simultaneous starts make the database', async () => {
    const path = await dataDirectory()
    const started = await Promise.all([start(path), start(path), start(path)])
    expect(new Set(started.map((server) => server.pid)).size).toBe(1)
    expect((await readdir(path)).filter((name) => name.includes('.new-'))).toEqual([])
  })

  it('adopts the server that a killed process left behind, and has lost nothing', async () => {
    const path = await dataDirectory()
    const other = startElsewhere(path)
    const [pid] = await once(other, 'message')
    const before = await start(path)
    await ask(before.ownerUrl, 'create table kept (n int); insert into kept values (7)')
    await before.stop()
    other.kill('SIGKILL')
    await once(other, 'exit')
    const after = await start(path)
    expect(after).toMatchObject({ adopted: true, pid })
    expect(await ask(after.ownerUrl, 'select n from kept')).toEqual([{ n: 7 }])
    expect(await after.stop()).toEqual({ stopped: true })
  })

  it('recovers committed rows after kill -9 of the server', async () => {
    const path = await dataDirectory()
    const first = await start(path)
    await ask(first.ownerUrl, 'create table kept (n int); insert into kept select generate_series(1, 1000)')
    process.kill(first.pid, 'SIGKILL')
    await first.exited
    const second = await start(path)
    expect(second.adopted).toBe(false)
    expect(await ask(second.ownerUrl, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
  })

  it.each([60, 250, 450, 700, 950])('starts after a first start that was killed after %i ms', async (delay) => {
    const path = await dataDirectory()
    const other = startElsewhere(path)
    await sleep(delay)
    other.kill('SIGKILL')
    await once(other, 'exit')
    const server = await start(path)
    expect(await ask(server.appUrl, 'select 1 as one')).toEqual([{ one: 1 }])
    expect((await readdir(path)).filter((name) => name.includes('.new-'))).toEqual([])
  })

  it('starts although the process id in a stale lock file belongs to somebody else now', async () => {
    const path = await dataDirectory()
    await (await start(path)).stop()
    servers.length = 0
    const lines = [process.pid, join(path, 'postgres'), 1, 5432, join(path, 'run'), '', '1 1', 'ready', '']
    await writeFile(join(path, 'postgres/postmaster.pid'), lines.join('\n'))
    const server = await start(path)
    expect(server.adopted).toBe(false)
  })

  it('puts the socket elsewhere when the path is too long for one', async () => {
    const path = join(await dataDirectory(), 'x'.repeat(90))
    await mkdir(path, { mode: 0o711 })
    const server = await start(path)
    folders.push(server.socketDirectory)
    expect(server.socketDirectory.startsWith(path)).toBe(false)
    expect(await ask(server.appUrl, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('copies a database for a test, with the same rights', async () => {
    const server = await start(await dataDirectory())
    await server.createDatabase('template')
    await ask(server.urlsFor('template').ownerUrl, 'create table lead (n int); grant select on lead to leadline_app')
    await server.createDatabase('copy "1"', { template: 'template' })
    expect(await ask(server.urlsFor('copy "1"').appUrl, 'select n from lead')).toEqual([])
    await server.dropDatabase('copy "1"')
    await expect(ask(server.urlsFor('copy "1"').appUrl, 'select 1')).rejects.toThrow(/does not exist/)
  })

  it('refuses the data of another major version in words', async () => {
    const path = await dataDirectory()
    await mkdir(join(path, 'postgres'))
    await writeFile(join(path, 'postgres/PG_VERSION'), '17\n')
    const failure = await start(path).catch((error) => error)
    expect(failure).toBeInstanceOf(PostgresError)
    expect(failure).toMatchObject({ code: 'other-major', message: expect.stringContaining('PostgreSQL 17') })
  })

  it('says why the server does not start', async () => {
    const path = await dataDirectory()
    await (await start(path)).stop()
    servers.length = 0
    await writeFile(join(path, 'postgres/postgresql.local.conf'), 'shared_buffers = much\n')
    await chmod(join(path, 'postgres/postgresql.local.conf'), 0o644)
    const failure = await start(path).catch((error) => error)
    expect(failure).toMatchObject({ code: 'start-failed', message: expect.stringContaining('shared_buffers') })
    expect(await readFile(join(path, 'logs/postgres-start.log'), 'utf8')).toContain('shared_buffers')
  })
})

describe('firstImpassableFolder', () => {
  it('names the folder that another user cannot enter', async () => {
    const path = await dataDirectory()
    await mkdir(join(path, 'home/checkout'), { recursive: true })
    await chmod(join(path, 'home'), 0o700)
    const stranger = { uid: 65_533, gid: 65_533 }
    expect(firstImpassableFolder(join(path, 'home/checkout/.leadline'), stranger)).toBe(join(path, 'home'))
    await chmod(join(path, 'home'), 0o711)
    expect(firstImpassableFolder(join(path, 'home/checkout/.leadline'), stranger)).toBe(null)
  })
})
