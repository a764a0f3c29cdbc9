import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { findInstalledPostgres, startTemporaryPostgres } from './index.ts'

const installed = findInstalledPostgres()
const servers: { name: string; binaries: string | undefined; major: number }[] = [
  { name: 'the embedded PostgreSQL', binaries: undefined, major: 18 },
  ...(installed ? [{ name: `the installed PostgreSQL ${installed.major}`, ...installed }] : []),
]

describe.each(servers)('startTemporaryPostgres on $name', ({ binaries, major }) => {
  it('has the roles, folds letters beyond ASCII, sorts by code point, and leaves nothing behind', async () => {
    const server = await startTemporaryPostgres(binaries ? { binaries } : {})
    const client = new pg.Client({ connectionString: server.ownerUrl })
    client.on('error', () => {})
    await client.connect()
    const { rows } = await client.query(
      `select current_user as login, lower('É') as lower, 'a' < 'B' as a_before_b, current_setting('fsync') as fsync,
              current_setting('server_version_num')::int / 10000 as major`,
    )
    await client.query('create extension pg_trgm; create schema jobs authorization leadline_app')
    await client.end()
    expect(rows).toEqual([{ login: 'leadline_owner', lower: 'é', a_before_b: false, fsync: 'off', major }])
    await server.stop()
    expect(existsSync(dirname(server.socketDirectory))).toBe(false)
    await server.exited
  })

  it('ends with the process that started it, even by kill -9', async () => {
    const code = `
      import { startTemporaryPostgres } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))}
      const server = await startTemporaryPostgres(${JSON.stringify(binaries ? { binaries } : {})})
      process.send({ pid: server.pid, folder: server.socketDirectory })
      setInterval(() => {}, 1000)`
    const other = spawn(process.execPath, ['--input-type=module-typescript', '-e', code], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const [{ pid, folder }] = (await once(other, 'message')) as [{ pid: number; folder: string }]
    other.kill('SIGKILL')
    await once(other, 'exit')
    // A process without a command line is gone or waits to be reaped.
    const runs = () => existsSync(`/proc/${pid}/exe`) && existsSync(`/proc/${pid}/cwd`)
    for (let waited = 0; runs() && waited < 100; waited += 1) await sleep(50)
    expect(runs()).toBe(false)
    await rm(dirname(folder), { recursive: true, maxRetries: 3 })
  })
})
