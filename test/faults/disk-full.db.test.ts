import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { databaseUser } from '../../server/platform/embedded-postgres/database-user.ts'
import { type Client, eventually, type Reply } from '../harness/client.ts'
import { type Leadline, startLeadline } from '../harness/leadline.ts'
import { runNow, settled, startNow } from '../harness/runs.ts'

// The disk of the database is full: changes are refused in words, reading goes on, and all goes on once there is room.
// Source: design/quality.md R5. A disk of 4 MB for two tables where this machine lets us mount one; elsewhere the database
// is made to say what it says when its disk is full.

const TABLES = ['lead', 'journal_entry']
const TABLESPACE = `small_${process.pid}`

type Disk = { fill(): Promise<void>; free(): Promise<void>; remove(): Promise<void> }

let leadline: Leadline
let northwind: Client
let disk: Disk
beforeAll(async () => {
  leadline = await startLeadline({ leads: 300 })
  northwind = await leadline.as('northwind-api')
  await eventually(
    () => northwind.get('/health/ready'),
    ({ status }) => status === 200,
    60,
  )
  await runNow(northwind)
  disk = (await smallDisk()) ?? (await wordsOfFullDisk())
})
afterAll(async () => {
  await disk?.remove()
  await leadline?.close()
})

async function smallDisk(): Promise<Disk | null> {
  const folder = mkdtempSync(join(tmpdir(), 'leadline-small-disk-'))
  const user = databaseUser()
  try {
    const options = `size=4m,uid=${user.uid},gid=${user.gid},mode=0700`
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore', timeout: 10_000 })
  } catch {
    // Only a superuser may mount, and not in every container.
    rmSync(folder, { recursive: true })
    return null
  }
  const admin = new pg.Client({ connectionString: inject('postgres').superUrl.replace('DATABASE', 'postgres') })
  await admin.connect()
  await admin.query(`create tablespace ${TABLESPACE} location '${folder}'`)
  await admin.query(`grant create on tablespace ${TABLESPACE} to leadline_owner`)
  const move = async (to: string) => {
    for (const table of TABLES) await leadline.db.asOwner.query(`alter table ${table} set tablespace ${to}`)
  }
  await move(TABLESPACE)
  const filler = join(folder, 'filler')
  return {
    fill: async () => {
      expect(statSync(folder).isDirectory()).toBe(true)
      expect(() => writeFileSync(filler, Buffer.alloc(8 * 1_048_576))).toThrow(/ENOSPC/)
    },
    free: async () => rmSync(filler),
    remove: async () => {
      await move('pg_default')
      await admin.query(`drop tablespace ${TABLESPACE}`)
      await admin.end()
      execFileSync('umount', [folder], { timeout: 10_000 })
      rmSync(folder, { recursive: true })
    },
  }
}

async function wordsOfFullDisk(): Promise<Disk> {
  const { asOwner } = leadline.db
  await asOwner.query(
    `create function disk_full() returns trigger language plpgsql as $$
     begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`,
  )
  return {
    fill: async () => {
      for (const table of TABLES)
        await asOwner.query(
          `create trigger disk_full before insert or update on ${table} for each row execute function disk_full()`,
        )
    },
    free: async () => {
      for (const table of TABLES) await asOwner.query(`drop trigger disk_full on ${table}`)
    },
    remove: async () => {},
  }
}

let value = 20_000
/** A change, which is told to the journal. */
const changeSomething = (): Promise<Reply> =>
  northwind.send('PUT', '/api/v4/connections/868', { requestTimeoutMs: ++value })

test('a full disk is told in words and keeps nobody from reading; with room again all goes on', async () => {
  const { touched } = await leadline.outside.control('POST', '/touch', { operator: 'northwind', percent: 100, seed: 9 })
  await disk.fill()
  // The room that is left in the last page of each table takes some more.
  const refused = await eventually(changeSomething, ({ status }) => status !== 200, 60)
  expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([503, 'database-full', '60'])
  expect((await northwind.get('/api/v2/oc/lead?PageSize=10')).status).toBe(200)

  const body = { id: await startNow(northwind) }
  const waiting = await eventually(
    async () => (await northwind.get(`/api/v4/runs/${body.id}`)).body,
    (run) => run.error !== null,
  )
  expect([waiting.state, waiting.error.code]).toEqual(['queued', 'database-full'])

  await disk.free()
  expect((await changeSomething()).status).toBe(200)
  // A minute is asked for before the run tries again.
  await leadline.db.asOwner.query(`update job_run set due_at = now() where run_id = $1`, [body.id])
  const run = await settled(northwind, body.id, 60)
  expect([run.state, run.counts.changed]).toEqual(['succeeded', touched])
})
