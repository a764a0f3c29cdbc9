import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../test/harness/database.ts'
import { captured } from './captured.fixture.ts'
import { run } from './connection.ts'

// The connection to Microsoft from the terminal of a production: what the API takes, and refused as the API refuses it.

let db: FreshDatabase
const folder = mkdtempSync(join(tmpdir(), 'leadline-connection-'))
const secretFile = join(folder, 'secret')

beforeAll(async () => {
  db = await freshDatabase()
  await db.asOwner.query("insert into operator (operator_id, name) values (868, 'Northwind Voice')")
  writeFileSync(secretFile, 'a-client-secret\n')
})
beforeEach(() => {
  vi.stubEnv('DATABASE_URL', db.appUrl)
  vi.stubEnv('LEADLINE_DATABASE_OWNER_URL', db.ownerUrl)
  vi.stubEnv('LEADLINE_DATA_DIR', join(folder, 'data'))
  vi.stubEnv('LEADLINE_MASTER_KEY', '11'.repeat(32))
  vi.stubEnv('LEADLINE_SANDBOX', 'false')
  vi.stubEnv('LEADLINE_PUBLIC_URL', 'https://leads.carrier.example')
})
afterEach(() => vi.unstubAllEnvs())
afterAll(async () => {
  await db?.close()
  rmSync(folder, { recursive: true, force: true })
})

const set = (...args: string[]) => captured(run, ['set', '--operator', '868', ...args])
const stored = async () =>
  (await db.asOwner.query('select paths, request_timeout_ms from connection where operator_id = 868')).rows[0]

test('paths are set one by one, and the others stay', async () => {
  const first = await set(
    ...['--directory-id', '7c9e6679-7425-40de-944b-e07fc1f90ae7', '--client-id', 'app', '--secret-file', secretFile],
    ...['--consents-path', '/own/consents', '--request-timeout', '45000'],
  )
  expect(first).toMatchObject({ code: 0, said: expect.stringContaining('Stored.') })
  const before = await stored()
  expect(before).toMatchObject({ paths: { consents: '/own/consents' }, request_timeout_ms: 45_000 })
  expect(await set('--addresses-path', '/own/{tenantId}/addresses')).toMatchObject({ code: 0 })
  expect((await stored()).paths).toEqual({ ...before.paths, civicAddresses: '/own/{tenantId}/addresses' })
})

test.each([
  [['--secret-expires', '2026-02-30'], '--secret-expires: Must be a day'],
  [['--ms-operator-id', 'x'.repeat(101)], '--ms-operator-id: '],
  [['--request-timeout', 'soon'], '--request-timeout: '],
  [['--request-timeout', '5'], '--request-timeout: '],
  [['--token-version', 'v3'], '--token-version: '],
  [['--consents-path', ''], '--consents-path: '],
  [['--secret-file', '/not/there'], 'The file /not/there cannot be read: there is none.'],
  [['--casing', 'camel', '--casing', 'pascal'], '--casing is given twice.'],
  [['extra'], 'Not understood: extra'],
  [[], 'Say what to set.'],
])('%j is refused in words, and nothing is stored', async (args, words) => {
  const before = await stored()
  const { code, said } = await set(...args)
  expect([code, said]).toEqual([2, expect.stringContaining(words)])
  expect(said).not.toMatch(/\n {4}at /)
  expect(await stored()).toEqual(before)
})
