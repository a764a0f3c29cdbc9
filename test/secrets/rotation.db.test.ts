import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHECKOUT } from '../../server/data-directory.ts'
import { newId } from '../../server/kernel/ids.ts'
import { jobPrincipal } from '../../server/kernel/principal.ts'
import { journal, sealJournal } from '../../server/modules/audit/index.ts'
import { createSealer, parseMasterKeys } from '../../server/platform/secrets/index.ts'
import { SEALED_COLUMNS } from '../../server/sealed-columns.ts'
import { killed, type Leadline, startLeadline } from '../harness/leadline.ts'
import { dumpDatabase } from './dump.ts'

// S4: the master key changes while web and worker run, readers read and somebody enters secrets; kill -9 in the middle.

const OPERATOR = 868
const PEOPLE = 1_500
const CHECKPOINTS = 60
const log = pino({ level: 'silent' })
const me = jobPrincipal('test.rotation', OPERATOR, 'rotation')

let leadline: Leadline
const people: string[] = []
/** The first answer of a request that may be repeated. */
let keptAnswer: unknown
beforeAll(async () => {
  leadline = await startLeadline({ leads: 40 })
  await plantPeople()
  const client = await leadline.as('northwind-api')
  const made = await client.get('/api/v4/clients', {
    method: 'POST',
    headers: { 'idempotency-key': 'rotation-1' },
    body: { name: 'Made once', permissions: ['leads.read'] },
  })
  keptAnswer = made.body
  const { transact, signer } = leadline.context
  for (let n = 0; n < CHECKPOINTS; n++) {
    await transact(me, (tx) => journal(tx).append({ action: 'test.planted', object: { type: 'test', id: String(n) } }))
    await sealJournal({ transact, signer, log })
  }
})
afterAll(() => leadline?.close())

const cell = (row: string) => ({ table: 'person', row, column: 'second_factor_sealed' })

async function plantPeople(): Promise<void> {
  const { db, context } = leadline
  for (let n = 0; n < PEOPLE; n++) people.push(newId())
  await db.asOwner.query(
    `insert into person (person_id, email, name, created_at, second_factor_sealed)
     select id, id || '@northwind.example', 'Planted', now(), sealed from unnest($1::uuid[], $2::text[]) as planted (id, sealed)`,
    [people, people.map((id) => context.sealer.seal(`seed of ${id}`, cell(id)))],
  )
}

function secretsCommand(...words: string[]): ChildProcess {
  return spawn(process.execPath, [join(CHECKOUT, 'bin/leadline'), 'secrets', ...words], {
    env: { PATH: process.env.PATH, ...leadline.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function runSecrets(...words: string[]): Promise<{ code: number; said: string }> {
  const child = secretsCommand(...words)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (said += text))
  const [code] = (await once(child, 'close')) as [number]
  return { code, said }
}

/** Readers and a writer, as long as `work` takes; the first thing that goes wrong fails it. */
async function underLoad(work: () => Promise<void>): Promise<{ reads: number; writes: number }> {
  const { context, db } = leadline
  const client = await leadline.as('northwind-api')
  const done = { reads: 0, writes: 0 }
  let working = true
  const read = async () => {
    while (working) {
      const id = people[Math.floor(Math.random() * PEOPLE)] ?? ''
      const { rows } = await db.asOwner.query(
        'select second_factor_sealed as sealed from person where person_id = $1',
        [id],
      )
      expect(context.sealer.open(rows[0].sealed, cell(id))).toBe(`seed of ${id}`)
      expect((await context.connections.openSettings(OPERATOR))?.settings.secret).toMatch(/^northwind-sim-secret$/)
      expect((await client.get('/api/v2/oc/lead?PageSize=1')).status).toBe(200)
      done.reads++
      await sleep(5)
    }
  }
  const write = async () => {
    while (working) {
      await context.connections.set(me, OPERATOR, { secret: 'northwind-sim-secret' })
      done.writes++
      await sleep(20)
    }
  }
  const load = Promise.all([read(), read(), write()])
  try {
    await Promise.race([work(), load])
  } finally {
    working = false
    await load
  }
  return done
}

async function countOf(keyId: string): Promise<number> {
  const { rows } = await leadline.db.asOwner.query(
    `select count(*)::int as count from person where second_factor_sealed like 'v1.' || $1 || '.%'`,
    [keyId],
  )
  return rows[0].count
}

test('the master key changes under load, a kill in the middle included', { timeout: 300_000 }, async () => {
  const { context, db, environment } = leadline
  const keyFile = () => readFileSync(join(environment.LEADLINE_DATA_DIR ?? '', 'master.key'), 'utf8')
  const oldKey = keyFile()
  const oldId = context.masterKeys.current.id
  expect(await countOf(oldId)).toBe(PEOPLE)

  const load = await underLoad(async () => {
    // Somebody is at one person's row in the middle: the rotation waits for him there, and is killed.
    const holder = await db.asOwner.connect()
    const middle = people.toSorted()[Math.floor(PEOPLE / 2)]
    await holder.query('begin')
    await holder.query('select from person where person_id = $1 for update', [middle])
    const first = secretsCommand('rotate', '--new-key')
    try {
      await expect.poll(() => countOf(oldId), { timeout: 90_000, interval: 50 }).toBeLessThan(PEOPLE)
      await sleep(300)
    } finally {
      await killed(first)
      await holder.query('rollback')
      holder.release()
    }
    const left = await countOf(oldId)
    expect([left > 0, left < PEOPLE]).toEqual([true, true])
    expect((await runSecrets('forget')).said).toContain('still needed')

    const { code, said } = await runSecrets('rotate')
    expect(code, said).toBe(0)
    const resealed = Number(/^(\d+) values sealed/m.exec(said)?.[1])
    expect(resealed).toBeGreaterThanOrEqual(left)
    expect(resealed).toBeLessThan(PEOPLE)
    expect(await countOf(oldId)).toBe(0)
  })
  expect(load.reads).toBeGreaterThan(20)
  expect(load.writes).toBeGreaterThan(5)

  const forgotten = await runSecrets('forget')
  expect([forgotten.code, forgotten.said]).toEqual([0, expect.stringContaining(`Forgotten: ${oldId}`)])
  expect(keyFile()).not.toContain(oldKey.trim())
  const fresh = createSealer(parseMasterKeys(keyFile()))
  const { rows } = await db.asOwner.query(
    'select person_id as id, second_factor_sealed as sealed from person where name = $1',
    ['Planted'],
  )
  expect(rows).toHaveLength(PEOPLE)
  for (const { id, sealed } of rows) expect(fresh.open(sealed, cell(id))).toBe(`seed of ${id}`)
  const shown = await runSecrets('show')
  expect([shown.code, shown.said.trim().split('\n').length, shown.said.includes(oldId)]).toEqual([0, 1, false])

  // Nothing of the old key is left, but in seals of the journal, which never change and are signed anew beside.
  const dump = await dumpDatabase(db.ownerUrl)
  const carriers = dump.filter(({ text }) => text.includes(`v1.${oldId}.`)).map(({ table }) => table)
  expect(carriers).toEqual(['public.journal_seal'])
  expect(await context.journal.verify(me, {})).toMatchObject({ ok: true })
  const again = await (await leadline.as('northwind-api')).get('/api/v4/clients', {
    method: 'POST',
    headers: { 'idempotency-key': 'rotation-1' },
    body: { name: 'Made once', permissions: ['leads.read'] },
  })
  expect([again.status, again.body]).toEqual([201, keptAnswer])
  const { rows: actions } = await db.asOwner.query(
    `select action, object_id from journal_entry where object_type = 'master-key' order by entry_id`,
  )
  expect(actions.map((row) => row.action)).toEqual(['master-key.added', 'master-key.rotated', 'master-key.forgotten'])
  expect(leadline.warnings).toEqual([])
})

test('two changes of the master key do not run at once', { timeout: 120_000 }, async () => {
  const holder = await leadline.db.asOwner.connect()
  await holder.query(`select pg_advisory_lock(hashtextextended('leadline master key', 0))`)
  const { code, said } = await runSecrets('rotate', '--new-key')
  holder.release(true)
  expect([code, said]).toEqual([1, expect.stringContaining('Somebody else')])
})

test('a value that does not open is named and left alone', { timeout: 120_000 }, async () => {
  const { db } = leadline
  const [one = '', other = ''] = people
  const foreign = createSealer(parseMasterKeys('5a'.repeat(32))).seal('seed of nobody', cell(one))
  const set = 'update person set second_factor_sealed = $2 where person_id = $1'
  await db.asOwner.query(set, [one, foreign])
  await db.asOwner.query(set, [other, 'not sealed at all'])
  const { code, said } = await runSecrets('rotate')
  expect(code).toBe(1)
  expect(said).toContain(`second_factor_sealed of person ${one} does not open (unknown-key)`)
  expect(said).toContain(`second_factor_sealed of person ${other} does not open (malformed)`)
  expect(said).not.toMatch(/seed of|not sealed at all/)
  const { rows } = await db.asOwner.query('select second_factor_sealed as sealed from person where person_id = $1', [
    one,
  ])
  expect(rows[0].sealed).toBe(foreign)
  const shown = await runSecrets('show')
  expect([shown.code, shown.said]).toEqual([1, expect.stringMatching(/^damaged +not there +1 values/m)])
  expect((await runSecrets('forget')).code).toBe(1)
})

test('every place that the source seals to is one that the rotation knows', () => {
  const sources = readdirSync(join(CHECKOUT, 'server'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(name))
    .map((name) => readFileSync(join(CHECKOUT, 'server', name), 'utf8'))
  const places = sources.flatMap((text) =>
    [...text.matchAll(/\{ table: '([\w-]+)', row: [^}]+?, column(?:: '(\w+)')? \}/g)].map(([, table, column]) => ({
      table,
      column,
    })),
  )
  // The cookie of a sign-in that is under way is in no table, and good for minutes.
  const stored = places.filter(({ table }) => table !== 'sign-in')
  expect(new Set(stored.map(({ table }) => table)).size).toBeGreaterThan(3)
  const known = (place: { table?: string; column?: string }) =>
    SEALED_COLUMNS.some(({ table, column }) => table === place.table && (column === place.column || !place.column))
  expect(stored.filter((place) => !known(place as object))).toEqual([])
})

test('every column that looks sealed is one that the rotation knows', async () => {
  const { rows } = await leadline.db.asOwner.query(
    `select table_name, column_name from information_schema.columns
     where table_schema = 'public' and column_name ~ '(^|_)(sealed|pending)(_|$)' and data_type = 'text'
     order by 1, 2`,
  )
  const known = SEALED_COLUMNS.map(({ table, column }) => ({ table_name: table, column_name: column }))
  expect(known).toEqual(expect.arrayContaining(rows))
})
