import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { fc } from '../../../test/harness/fast-check.ts'
import { installationPrincipal, jobPrincipal } from '../../kernel/principal.ts'
import { createSigner, parseMasterKeys } from '../../platform/secrets/index.ts'
import {
  createJournalService,
  JOURNAL_SIGNING_PURPOSE,
  type JournalEntry,
  journal,
  sealJournal,
  startJournalSealer,
} from './index.ts'

const key = randomBytes(32).toString('hex')
const signer = createSigner(parseMasterKeys(key), JOURNAL_SIGNING_PURPOSE)
const log = pino({ level: 'silent' })
let db: FreshDatabase
let operatorId = 800

beforeAll(async () => {
  db = await freshDatabase()
})
afterAll(async () => {
  await db.close()
})
// A chain of its own for every test.
beforeEach(() => {
  operatorId += 1
})

const me = () => jobPrincipal('test.journal-job', operatorId, 'run-1')
const entry = (n: number, more: Partial<JournalEntry> = {}): JournalEntry => ({
  action: 'lead.changed',
  object: { type: 'lead', id: `lead-${n}`, name: `Contoso ${n}` },
  before: { status: 'Active', n },
  after: { status: 'Suspended', n },
  ...more,
})
const append = (count: number) =>
  db.transact(me(), (tx) => journal(tx).append(Array.from({ length: count }, (_, n) => entry(n + 1))))
const seal = () => sealJournal({ transact: db.transact, signer, log })
const service = () => createJournalService({ transact: db.transact, signer })
const verify = (query = {}) => service().verify(me(), query)
const sealed = async (count: number) => {
  await append(count)
  await seal()
}

/** What someone does who has the database's owner, but not the master key. */
async function tamper(...statements: string[]): Promise<void> {
  const client = await db.asOwner.connect()
  try {
    await client.query('begin')
    for (const table of ['journal_entry', 'journal_seal', 'journal_head'])
      await client.query(`alter table ${table} disable trigger user`)
    for (const statement of statements) {
      const { rowCount } = await client.query(statement.replaceAll('$op', String(operatorId)))
      expect(rowCount, statement).toBeGreaterThan(0)
    }
    for (const table of ['journal_entry', 'journal_seal', 'journal_head'])
      await client.query(`alter table ${table} enable trigger user`)
    await client.query('commit')
  } finally {
    client.release()
  }
}
const entryAt = (position: number) =>
  `(select entry_id from journal_seal where operator_id = $op and position = ${position})`

describe('append', () => {
  it('says who, from where and in which request, and keeps any text it is given', async () => {
    const hostile = { company: '\u0000\ud800 "<script>" 😀' }
    const person = {
      ...me(),
      kind: 'person' as const,
      id: 'u1',
      name: 'Ada \u0000',
      sourceIp: '192.0.2.7',
      requestId: 'req-9',
    }
    await db.transact(person, (tx) =>
      journal(tx).append({
        action: 'lead.created',
        object: { type: 'lead', id: 'x' },
        after: hostile,
        result: 'refused',
        detail: 'why',
      }),
    )
    await seal()
    const { entries } = await service().list(me(), {})
    expect(entries).toHaveLength(1)
    expect(entries[0]).toMatchObject({
      actor_kind: 'person',
      actor_name: 'Ada \ufffd',
      source_ip: '192.0.2.7',
      request_id: 'req-9',
      operator_id: operatorId,
      before: null,
      result: 'refused',
      detail: 'why',
    })
    expect(JSON.parse(entries[0]?.after ?? '')).toEqual(hostile)
    expect(await verify()).toMatchObject({ ok: true, entries: 1 })
  })

  it('is undone with its transaction', async () => {
    const failing = db.transact(me(), async (tx) => {
      await journal(tx).append(entry(1))
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect((await service().list(me(), {})).entries).toHaveLength(0)
  })

  it.each([
    'update journal_entry set detail = null',
    'delete from journal_entry',
    'truncate journal_entry',
    'update journal_seal set position = position + 1',
    'delete from journal_seal',
    'truncate journal_seal',
    'delete from journal_head',
    'update journal_head set position = position - 1',
  ])('is for good, for the owner too: %s', async (statement) => {
    await sealed(2)
    await expect(db.asOwner.query(statement)).rejects.toMatchObject({ code: '42501' })
  })

  it('gives the application no right to leave an entry out of the chain', async () => {
    await append(1)
    const client = await db.pool.connect()
    try {
      await client.query(
        `begin; set local role leadline_app; select set_config('leadline.operator_id', '${operatorId}', true)`,
      )
      await expect(
        client.query(`insert into journal_unsealed values (${operatorId}, gen_random_uuid())`),
      ).rejects.toMatchObject({ code: '42501' })
    } finally {
      await client.query('rollback')
      client.release()
    }
  })
})

describe('list', () => {
  it('pages newest first without repeating or skipping, whatever the page size', async () => {
    await append(23)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 25 }), async (pageSize) => {
        const ids: string[] = []
        let cursor: string | null = null
        do {
          const page: Awaited<ReturnType<ReturnType<typeof service>['list']>> = await service().list(me(), {
            pageSize,
            ...(cursor !== null && { cursor }),
          })
          ids.push(...page.entries.map((row) => row.object_id))
          cursor = page.nextCursor
        } while (cursor)
        expect(ids).toEqual(Array.from({ length: 23 }, (_, n) => `lead-${23 - n}`))
      }),
      { numRuns: 8 },
    )
  })

  it('filters', async () => {
    await append(3)
    await db.transact({ ...me(), requestId: 'other' }, (tx) =>
      journal(tx).append(entry(9, { action: 'lead.removed', result: 'failed' })),
    )
    const found = async (query: object) => (await service().list(me(), query)).entries.map((row) => row.object_id)
    expect(await found({ action: 'lead.removed' })).toEqual(['lead-9'])
    expect(await found({ objectType: 'lead', objectId: 'lead-2' })).toEqual(['lead-2'])
    expect(await found({ requestId: 'other', actor: 'test.journal-job', result: 'failed' })).toEqual(['lead-9'])
    expect(await found({ from: '2000-01-01', to: '2001-01-01T00:00:00Z' })).toEqual([])
    expect(await found({ from: '2000-01-01' })).toHaveLength(4)
  })

  it.each([
    [{ cursor: 'nonsense' }, '/query/cursor'],
    [{ from: 'yesterday' }, '/query/from'],
    [{ to: '2026-13-45' }, '/query/to'],
    [{ objectId: 'x' }, '/query/objectType'],
  ])('refuses %j', async (query, pointer) => {
    await expect(service().list(me(), query)).rejects.toMatchObject({ status: 400, errors: [{ pointer }] })
  })

  it('shows a channel its own entries only, and another operator none', async () => {
    await append(1)
    const riverside = { ...me(), channelId: 907 }
    await db.transact(riverside, async (tx) => {
      await journal(tx).append(entry(2))
      await journal(tx).append(entry(3, { channelId: null }))
    })
    expect((await service().list(riverside, {})).entries.map((row) => row.object_id)).toEqual(['lead-2'])
    expect((await service().list({ ...me(), operatorId: operatorId + 5_000 }, {})).entries).toEqual([])
    expect((await service().list(me(), {})).entries).toHaveLength(3)
  })

  it('keeps what belongs to no operator for those who have none', async () => {
    await db.transact(installationPrincipal('start', 'boot'), (tx) =>
      journal(tx).append(entry(1, { action: 'installation.started' })),
    )
    const platform = { ...me(), kind: 'person' as const, operatorId: null }
    expect((await service().list(platform, { action: 'installation.started' })).entries).toHaveLength(1)
    expect((await service().list(me(), { action: 'installation.started' })).entries).toHaveLength(0)
  })
})

describe('sealing', () => {
  it('seals in the order of appending, and two sealers at once make one chain', async () => {
    for (let n = 0; n < 30; n++) await append(7)
    await Promise.all([seal(), seal(), append(5), seal()])
    await seal()
    expect(await verify()).toMatchObject({ ok: true, entries: 215, unsealed: 0, head: { position: 215 } })
    const { rows } = await db.asOwner.query(
      'select bool_and(ordered) as ordered from (select entry_id > lag(entry_id) over (order by position) is not false as ordered from journal_seal where operator_id = $1 and position <= 210) s',
      [operatorId],
    )
    expect(rows[0]).toEqual({ ordered: true })
  })

  it('signs on with a new master key while the old one is kept, and not after it was thrown away', async () => {
    await sealed(3)
    const newKey = randomBytes(32).toString('hex')
    const signerOf = (keys: string) => createSigner(parseMasterKeys(keys), JOURNAL_SIGNING_PURPOSE)
    await append(3)
    await sealJournal({ transact: db.transact, signer: signerOf(newKey), log })
    expect(await verify()).toMatchObject({ ok: true, entries: 3, unsealed: 3 })
    const rotated = signerOf(`${newKey},${key}`)
    await sealJournal({ transact: db.transact, signer: rotated, log })
    const rotatedService = createJournalService({ transact: db.transact, signer: rotated })
    expect(await rotatedService.verify(me(), {})).toMatchObject({ ok: true, entries: 6, unsealed: 0 })
  })

  it('runs in the background, and writes heads to the log at most once a while', async () => {
    const lines: { journalHead?: { operatorId: number; position: number; hash: string } }[] = []
    const witness = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) })
    const sealer = startJournalSealer({
      transact: db.transact,
      signer,
      log: witness,
      intervalMs: 20,
      headLogIntervalMs: 60_000,
    })
    const heads = () => lines.flatMap((line) => (line.journalHead?.operatorId === operatorId ? [line.journalHead] : []))
    await append(1)
    await expect.poll(async () => (await verify()).unsealed).toBe(0)
    for (let n = 0; n < 4; n++) await append(2)
    await expect.poll(async () => (await verify()).entries).toBe(9)
    expect(heads().length).toBe(1)
    await sealer.stop()
    expect(heads()).toHaveLength(2)
    const last = heads()[1]
    expect(last?.position).toBe(9)
    expect(await verify({ headPosition: 9, headHash: last?.hash })).toMatchObject({ ok: true })
  })
})

describe('verification', () => {
  it('finds nothing in an untouched journal, sealed or not', async () => {
    expect(await verify()).toEqual({ ok: true, entries: 0, unsealed: 0, head: null })
    await sealed(12)
    await append(2)
    expect(await verify()).toMatchObject({ ok: true, entries: 12, unsealed: 2, head: { position: 12 } })
  })

  const columns = [
    'channel_id = 4',
    `at = at + interval '1 microsecond'`,
    ...[
      'actor_kind',
      'actor_id',
      'actor_name',
      'source_ip',
      'request_id',
      'action',
      'object_type',
      'object_id',
      'object_name',
      'before',
      'after',
      'detail',
    ].map((name) => `${name} = coalesce(${name}, '') || ' '`),
    `result = 'failed'`,
  ]
  it.each(columns)('finds an edit of one entry: %s', async (change) => {
    await sealed(6)
    await tamper(`update journal_entry set ${change} where entry_id = ${entryAt(4)}`)
    expect(await verify()).toMatchObject({
      ok: false,
      entries: 3,
      firstBad: { position: 4, problem: 'entry-changed-or-moved' },
    })
  })

  it('does not take text moved from one column to the next for the same', async () => {
    await sealed(3)
    await tamper(`update journal_entry set before = after, after = before where entry_id = ${entryAt(2)}`)
    expect(await verify()).toMatchObject({ firstBad: { position: 2 } })
  })

  it('finds a deleted entry, with and without its seal', async () => {
    await sealed(6)
    await tamper(`delete from journal_entry where entry_id = ${entryAt(3)}`)
    expect(await verify()).toMatchObject({ ok: false, firstBad: { position: 3, problem: 'entry-missing' } })
    await tamper(`delete from journal_seal where operator_id = $op and position = 3`)
    expect(await verify()).toMatchObject({
      ok: false,
      firstBad: { position: 3, entryId: null, problem: 'seal-missing' },
    })
  })

  it('finds an entry inserted past the journal', async () => {
    await sealed(4)
    await tamper(
      `insert into journal_entry (entry_id, operator_id, actor_kind, actor_id, actor_name, request_id, action, object_type, object_id, result)
       values ('00000000-0000-7000-8000-${String(operatorId).padStart(12, '0')}', $op, 'person', 'x', 'x', 'x', 'lead.changed', 'lead', 'x', 'ok')`,
    )
    const found = await verify()
    expect(found).toMatchObject({ ok: false, firstBad: { position: null, problem: 'entry-not-sealed' } })
    expect(found.firstBad?.entryId).toMatch(/^00000000/)
  })

  it('finds two entries that changed places', async () => {
    await sealed(6)
    const { rows } = await db.asOwner.query(
      'select position, entry_id from journal_seal where operator_id = $1 order by 1',
      [operatorId],
    )
    const id = (position: number) => rows[position - 1]?.entry_id
    await tamper(
      `update journal_seal set entry_id = md5('swap' || $op)::uuid where operator_id = $op and position = 2`,
      `update journal_seal set entry_id = '${id(2)}' where operator_id = $op and position = 5`,
      `update journal_seal set entry_id = '${id(5)}' where operator_id = $op and position = 2`,
    )
    expect(await verify()).toMatchObject({
      ok: false,
      firstBad: { position: 2, entryId: id(5), problem: 'entry-changed-or-moved' },
    })
  })

  it('finds a cut tail, also when more was appended after it', async () => {
    await sealed(6)
    await tamper(
      `delete from journal_entry where entry_id in (select entry_id from journal_seal where operator_id = $op and position > 4)`,
      `delete from journal_seal where operator_id = $op and position > 4`,
    )
    const bad = { ok: false, entries: 4, firstBad: { position: 5, problem: 'tail-missing' } }
    expect(await verify()).toMatchObject(bad)
    await sealed(3)
    expect(await verify()).toMatchObject({ ...bad, unsealed: 3 })
  })

  it('finds a cut tail whose head was set back', async () => {
    await sealed(4)
    const before = await verify()
    await sealed(2)
    const after = await verify()
    await tamper(
      `delete from journal_entry where entry_id in (select entry_id from journal_seal where operator_id = $op and position > 4)`,
      `delete from journal_seal where operator_id = $op and position > 4`,
      `update journal_head set position = 4, hash = '\\x${before.head?.hash}',
         signature = (select signature from journal_seal where operator_id = $op and position = 4) where operator_id = $op`,
    )
    // The checkpoint's signature is no head's signature.
    expect(await verify()).toMatchObject({ ok: false, firstBad: { position: 4, problem: 'head-forged' } })
    // With a stolen old head only the log can tell.
    await tamper(
      `update journal_head set signature = '${signer.sign(`head ${operatorId} 4 ${before.head?.hash}`)}' where operator_id = $op`,
    )
    expect(await verify()).toMatchObject({ ok: true, entries: 4 })
    expect(await verify({ headPosition: 6, headHash: after.head?.hash })).toMatchObject({
      ok: false,
      firstBad: { position: 5, problem: 'tail-missing' },
    })
    expect(await verify({ headPosition: 3, headHash: after.head?.hash })).toMatchObject({
      ok: false,
      firstBad: { position: 3, problem: 'known-head-differs' },
    })
  })

  it('finds a chain that was rewritten with all its hashes, within one batch', async () => {
    for (let n = 0; n < 3; n++) await sealed(4)
    const { createHash } = await import('node:crypto')
    const { readChain } = await import('./journal-chain.store.ts')
    await tamper(`update journal_entry set detail = 'nothing happened' where entry_id = ${entryAt(6)}`)
    const rows = await db.transact(me(), (tx) => readChain(tx, operatorId, 0, 12, 100))
    let hash: Buffer = Buffer.alloc(32)
    const statements = rows.map((row) => {
      hash = createHash('sha256')
        .update(hash)
        .update(row.canonical ?? '')
        .digest()
      return `update journal_seal set hash = '\\x${hash.toString('hex')}' where operator_id = $op and position = ${row.position}`
    })
    await tamper(...statements, `update journal_head set hash = '\\x${hash.toString('hex')}' where operator_id = $op`)
    expect(await verify()).toMatchObject({ ok: false, firstBad: { position: 5, problem: 'checkpoint-forged' } })
  })

  it('finds seals after the head, a head that is gone, and an entry that vanished before it was sealed', async () => {
    await sealed(2)
    await append(1)
    await tamper(
      `delete from journal_entry where entry_id in (select entry_id from journal_unsealed where operator_id = $op)`,
    )
    expect(await verify()).toMatchObject({
      ok: false,
      entries: 2,
      firstBad: { position: null, problem: 'entry-missing' },
    })

    operatorId += 1
    await sealed(2)
    await tamper(
      `insert into journal_seal select operator_id, 3, md5('c' || $op)::uuid, hash from journal_seal where operator_id = $op and position = 1`,
    )
    expect(await verify()).toMatchObject({ ok: false, firstBad: { position: 3, problem: 'seal-beyond-head' } })
    await tamper(`delete from journal_head where operator_id = $op`)
    expect(await verify()).toMatchObject({ ok: false, firstBad: { position: 1, problem: 'head-missing' } })
  })

  it('gives up when the caller has gone', async () => {
    await sealed(2)
    await expect(service().verify(me(), {}, AbortSignal.abort())).rejects.toThrow()
  })

  it('wants position and hash of a known head together', async () => {
    await expect(verify({ headPosition: 1 })).rejects.toMatchObject({ status: 400 })
  })
})
