import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { countSealedValues, createSealer, parseMasterKeys, resealColumns, type SealedColumn } from './index.ts'

const [oldKey, newKey] = ['11'.repeat(32), '22'.repeat(32)]
const answers: SealedColumn = { table: 'kept_answer', row: "operator_id || '/' || key_hash", column: 'answer' }
const ROWS = 450
let db: FreshDatabase
beforeAll(async () => {
  db = await freshDatabase()
})
afterAll(() => db.close())

const place = (key: string) => ({ table: 'kept_answer', row: `868/${key}`, column: 'answer' })
const put = (key: string, answer: string | null) =>
  db.asOwner.query(
    `insert into kept_answer (operator_id, key_hash, answer, busy_until, expires_at) values (868, $1, $2, now(), now() + interval '1 day')`,
    [key, answer],
  )

it('seals every value of a column anew, batch by batch, also where a row has a key of two columns', async () => {
  const old = createSealer(parseMasterKeys(oldKey))
  for (let n = 0; n < ROWS; n++) await put(`key-${n}`, old.seal(`answer ${n}`, place(`key-${n}`)))
  await put('at-work', null)
  await put('foreign', createSealer(parseMasterKeys('33'.repeat(32))).seal('x', place('foreign')))
  await put('moved', old.seal('x', place('elsewhere')))

  const masterKeys = parseMasterKeys(`${newKey},${oldKey}`)
  const sealer = createSealer(masterKeys)
  const settings = { pool: db.asOwner, sealer, masterKeys }
  const { resealed, unreadable } = await resealColumns([answers], settings)
  expect(resealed).toBe(ROWS)
  expect(unreadable).toEqual([
    { ...place('foreign'), problem: 'unknown-key' },
    { ...place('moved'), problem: 'altered-or-moved' },
  ])
  const [newId, oldId] = [masterKeys.current.id, masterKeys.previous[0]?.id ?? '']
  const counts = await countSealedValues([answers], db.asOwner)
  expect([counts.get(newId), counts.get(oldId), counts.size]).toEqual([ROWS, 1, 3])
  const { rows } = await db.asOwner.query(`select key_hash, answer from kept_answer where key_hash like 'key-%'`)
  const onlyNew = createSealer(parseMasterKeys(newKey))
  for (const { key_hash, answer } of rows) {
    expect(onlyNew.open(answer, place(key_hash))).toBe(`answer ${key_hash.slice(4)}`)
  }
  expect((await resealColumns([answers], settings)).resealed).toBe(0)
})
