import { createHash, randomBytes } from 'node:crypto'
import type pg from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { fc } from '../../../test/harness/fast-check.ts'
import { jobPrincipal } from '../../kernel/principal.ts'
import { createSigner, parseMasterKeys } from '../../platform/secrets/index.ts'
import { createJournalService, JOURNAL_SIGNING_PURPOSE, journal, sealJournal } from './index.ts'
import { readChain } from './journal-chain.store.ts'

// S6: whatever somebody does who owns the database, but has no master key, is found, and the first bad row named.

const signer = createSigner(parseMasterKeys(randomBytes(32).toString('hex')), JOURNAL_SIGNING_PURPOSE)
const log = pino({ level: 'silent' })
const RUNS = 30
let db: FreshDatabase
let operatorId = 2_000

beforeAll(async () => {
  db = await freshDatabase()
})
afterAll(() => db.close())

const me = () => jobPrincipal('test.tampering', operatorId, 'run')
const verify = () => createJournalService({ transact: db.transact, signer }).verify(me(), {})

/** A chain of its own, sealed in batches of these sizes. */
async function makeChain(batches: number[]): Promise<void> {
  operatorId += 1
  let n = 0
  for (const size of batches) {
    const entries = Array.from({ length: size }, () => ({
      action: 'lead.changed',
      object: { type: 'lead', id: `lead-${++n}` },
      after: { n },
    }))
    await db.transact(me(), (tx) => journal(tx).append(entries))
    await sealJournal({ transact: db.transact, signer, log })
  }
}

type Owner = (text: string, values?: unknown[]) => Promise<pg.QueryResult>

/** As the owner of the tables, with its triggers off. */
async function asOwner(work: (query: Owner) => Promise<void>): Promise<void> {
  const client = await db.asOwner.connect()
  const triggers = async (state: 'disable' | 'enable') => {
    for (const table of ['journal_entry', 'journal_seal', 'journal_head'])
      await client.query(`alter table ${table} ${state} trigger user`)
  }
  try {
    await client.query('begin')
    await triggers('disable')
    await work((text, values) => client.query(text, values))
    await triggers('enable')
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

const idAt = async (query: Owner, position: number): Promise<string> =>
  (await query('select entry_id from journal_seal where operator_id = $1 and position = $2', [operatorId, position]))
    .rows[0].entry_id

async function newEntry(query: Owner, id: string): Promise<void> {
  await query(
    `insert into journal_entry (entry_id, operator_id, actor_kind, actor_id, actor_name, request_id, action, object_type, object_id, result)
     values ($1, $2, 'person', 'x', 'x', 'x', 'lead.changed', 'lead', 'forged', 'ok')`,
    [id, operatorId],
  )
}

/** Makes room in the chain: seals from a position on move by one. Two steps, because positions are unique at every moment. */
async function makeRoom(query: Owner, from: number): Promise<void> {
  const where = 'where operator_id = $1 and position'
  await query(`update journal_seal set position = position + 1000001 ${where} >= $2`, [operatorId, from])
  await query(`update journal_seal set position = position - 1000000 ${where} >= 1000000`, [operatorId])
}

const position = (length: number) => fc.integer({ min: 1, max: length })
const batchesOf = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 6 })

type Attack = { name: string; at: number; other: number }
const attacks = [
  'edit',
  'delete',
  'delete with its seal',
  'swap',
  'insert',
  'cut',
  'cut and set the head back',
  'drop a hash',
] as const

it('finds every attack at its first bad row, on chains of any shape', { timeout: 120_000 }, async () => {
  const scene = batchesOf.chain((batches) => {
    const length = batches.reduce((sum, size) => sum + size, 0)
    return fc.record({
      batches: fc.constant(batches),
      name: fc.constantFrom(...attacks),
      at: position(length),
      other: position(length),
    })
  })
  await fc.assert(
    fc.asyncProperty(scene, async ({ batches, ...attack }) => {
      await makeChain(batches)
      const length = batches.reduce((sum, size) => sum + size, 0)
      expect(await verify()).toMatchObject({ ok: true, entries: length })
      const expected = await strike({ ...attack, length })
      expect(await verify()).toMatchObject({ ok: false, ...expected })
    }),
    { numRuns: RUNS },
  )
})

/** Does it, and says what the verification must answer. */
async function strike({ name, at, other, length }: Attack & { length: number }): Promise<object> {
  const first = Math.min(at, other)
  const bad = (where: number | null, problem: string) => ({ firstBad: { position: where, problem } })
  let expected: object = {}
  await asOwner(async (query) => {
    const seal = 'journal_seal where operator_id = $1 and position'
    switch (name) {
      case 'edit':
        await query(`update journal_entry set after = '{"n":0}' where entry_id = $1`, [await idAt(query, at)])
        expected = bad(at, 'entry-changed-or-moved')
        break
      case 'delete':
        await query('delete from journal_entry where entry_id = $1', [await idAt(query, at)])
        expected = bad(at, 'entry-missing')
        break
      case 'delete with its seal':
        await query('delete from journal_entry where entry_id = $1', [await idAt(query, at)])
        await query(`delete from ${seal} = $2`, [operatorId, at])
        expected = bad(at, at === length ? 'tail-missing' : 'seal-missing')
        break
      case 'swap': {
        const [one, two] = [await idAt(query, first), await idAt(query, first === at ? other : at)]
        if (one === two) {
          await query(`update journal_entry set detail = 'x' where entry_id = $1`, [one])
        } else {
          await query(`update journal_seal set entry_id = gen_random_uuid() where entry_id = $1`, [one])
          await query(`update journal_seal set entry_id = $1 where entry_id = $2`, [one, two])
          await query(`update ${seal.replace('where', 'set entry_id = $3 where')} = $2`, [operatorId, first, two])
        }
        expected = bad(first, 'entry-changed-or-moved')
        break
      }
      case 'insert': {
        const id = `00000000-0000-7000-8000-${operatorId.toString(16).padStart(12, '0')}`
        await newEntry(query, id)
        await makeRoom(query, at)
        await query(`insert into journal_seal (operator_id, position, entry_id, hash) values ($1, $2, $3, $4)`, [
          operatorId,
          at,
          id,
          randomBytes(32),
        ])
        expected = bad(at, 'entry-changed-or-moved')
        break
      }
      case 'cut':
        await query(`delete from journal_entry where entry_id in (select entry_id from ${seal} >= $2)`, [
          operatorId,
          at,
        ])
        await query(`delete from ${seal} >= $2`, [operatorId, at])
        expected = bad(at, 'tail-missing')
        break
      case 'cut and set the head back':
        await query(`delete from journal_entry where entry_id in (select entry_id from ${seal} >= $2)`, [
          operatorId,
          at,
        ])
        await query(`delete from ${seal} >= $2`, [operatorId, at])
        await query(
          `update journal_head set position = $2, hash = coalesce((select hash from ${seal} = $2), hash),
             signature = coalesce((select signature from ${seal} = $2), signature) where operator_id = $1`,
          [operatorId, at - 1],
        )
        expected = bad(at - 1, 'head-forged')
        break
      case 'drop a hash':
        await query(`update ${seal.replace('where', 'set hash = $3 where')} = $2`, [operatorId, at, randomBytes(32)])
        expected = bad(at, 'entry-changed-or-moved')
    }
  })
  return expected
}

it('finds an entry put into the chain with every hash worked out anew, in the batch it is in', async () => {
  await makeChain([3, 3, 3])
  await asOwner(async (query) => {
    const id = `00000000-0000-7000-9000-${operatorId.toString(16).padStart(12, '0')}`
    await newEntry(query, id)
    await makeRoom(query, 5)
    await query(`insert into journal_seal (operator_id, position, entry_id, hash) values ($1, 5, $2, $3)`, [
      operatorId,
      id,
      randomBytes(32),
    ])
  })
  const rows = await db.transact(me(), (tx) => readChain(tx, operatorId, 0, 100, 100))
  let hash: Buffer = Buffer.alloc(32)
  const hashes = rows.map(({ canonical }) => {
    hash = createHash('sha256')
      .update(hash)
      .update(canonical ?? '')
      .digest()
    return hash
  })
  await asOwner(async (query) => {
    for (const [index, value] of hashes.entries())
      await query('update journal_seal set hash = $3 where operator_id = $1 and position = $2', [
        operatorId,
        index + 1,
        value,
      ])
    await query('update journal_head set position = $2, hash = $3 where operator_id = $1', [
      operatorId,
      hashes.length,
      hash,
    ])
  })
  expect(await verify()).toMatchObject({ ok: false, firstBad: { position: 4, problem: 'checkpoint-forged' } })
})

it.each([
  ['a signature of nobody', `signature = 'v1.00000000.${'A'.repeat(43)}'`],
  ['no signature at all', `signature = ''`],
  ['another hash', `hash = sha256('x')`],
  ['a moved end', 'position = position - 1'],
])('finds a forged head: %s', async (_name, change) => {
  await makeChain([4])
  await asOwner(async (query) => {
    await query(`update journal_head set ${change} where operator_id = $1`, [operatorId])
  })
  expect(await verify()).toMatchObject({ ok: false, firstBad: { problem: 'head-forged' } })
})

it("finds another operator's head, a forged countersignature, and signatures that were taken off", async () => {
  await makeChain([4])
  await makeChain([4])
  await asOwner(async (query) => {
    await query(
      `update journal_head h set hash = o.hash, signature = o.signature from journal_head o
       where h.operator_id = $1 and o.operator_id = $1 - 1`,
      [operatorId],
    )
  })
  expect(await verify()).toMatchObject({ ok: false, firstBad: { problem: 'head-forged' } })

  await makeChain([2, 2])
  await asOwner(async (query) => {
    await query('insert into journal_countersignature (operator_id, position, signature) values ($1, 4, $2)', [
      operatorId,
      `v1.00000000.${'A'.repeat(43)}`,
    ])
  })
  expect(await verify()).toMatchObject({ ok: false, firstBad: { position: 3, problem: 'checkpoint-forged' } })

  await makeChain([2, 2])
  await asOwner(async (query) => {
    await query('update journal_seal set signature = null where operator_id = $1', [operatorId])
    await query(`update journal_entry set detail = 'x' where operator_id = $1 and object_id = 'lead-3'`, [operatorId])
  })
  expect(await verify()).toMatchObject({ ok: false, firstBad: { position: 3, problem: 'entry-changed-or-moved' } })
})

it('finds a journal that is gone from end to end only by a head from the log', async () => {
  await makeChain([4])
  const { head } = await verify()
  await asOwner(async (query) => {
    for (const table of ['journal_entry', 'journal_seal', 'journal_head'])
      await query(`delete from ${table} where operator_id = $1`, [operatorId])
  })
  expect(await verify()).toMatchObject({ ok: true, entries: 0 })
  const service = createJournalService({ transact: db.transact, signer })
  const known = { headPosition: head?.position ?? 0, headHash: head?.hash ?? '' }
  expect(await service.verify(me(), known)).toMatchObject({
    ok: false,
    firstBad: { position: 1, problem: 'tail-missing' },
  })
})
