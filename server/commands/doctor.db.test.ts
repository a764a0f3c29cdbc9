import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../test/harness/database.ts'
import { runNode } from '../../tools/run-program.ts'
import { describeRoles } from '../platform/db/roles.ts'

// The programs themselves, on a machine where something is missing: what they say must be enough to put it right.

let db: FreshDatabase
const folder = mkdtempSync(join(tmpdir(), 'leadline-doctor-'))
const missing = join(folder, 'not-there')

beforeAll(async () => {
  db = await freshDatabase()
})
afterAll(async () => {
  await db?.close()
  rmSync(folder, { recursive: true, force: true })
})

const start = (script: string, args: string[], env: Record<string, string>) =>
  runNode(script, args, {
    env: {
      DATABASE_URL: db.appUrl,
      LEADLINE_DATABASE_OWNER_URL: db.ownerUrl,
      LEADLINE_SANDBOX: 'false',
      LEADLINE_PUBLIC_URL: 'https://leads.carrier.example',
      LEADLINE_HTTP_PORT: '18301',
      LEADLINE_DATA_DIR: missing,
      ...env,
    },
    timeoutSeconds: 30,
  })
const doctor = (env: Record<string, string> = {}) => start('bin/leadline', ['doctor'], env)

describe('without a data directory and without a master key', () => {
  it.each([
    ['doctor', 'bin/leadline', ['doctor']],
    ['a server process', 'server/main.ts', []],
    ['its migration', 'server/main.ts', ['--migrate']],
  ] as const)('%s says which is missing and what to do', async (_name, script, args) => {
    const { code, output } = await start(script, [...args], {})
    expect(code).toBe(1)
    expect(output).toContain(`There is no data directory ${missing}`)
    expect(output).toMatch(/Set LEADLINE_DATA_DIR .* or LEADLINE_MASTER_KEY/)
    expect(output).not.toMatch(/ENOENT|\n {4}at /)
    expect(existsSync(missing)).toBe(false)
  })
})

describe('doctor', () => {
  it('needs no data directory where database and master key are configured, and tells the two logins apart', async () => {
    const { output } = await doctor({ LEADLINE_MASTER_KEY: '11'.repeat(32) })
    expect(output).toContain(`data directory: none at ${missing}: database and master key are configured`)
    expect(output).toMatch(/roles: two logins: leadline_owner migrates, \w+ works/)
    expect(output).toContain('schema: up to date')
    expect(output).not.toMatch(/ENOENT|\n {4}at /)
  })

  it('says that an installation.json is damaged', async () => {
    writeFileSync(join(folder, 'installation.json'), '{"kind":')
    const { code, output } = await doctor({ LEADLINE_DATA_DIR: folder })
    expect(code).toBe(1)
    expect(output).toContain('cannot be read as what Leadline wrote there')
    expect(output).not.toMatch(/\n {4}at /)
  })
})

it('one login is told as one, whatever it is called', async () => {
  const { mode } = await describeRoles(db.asOwner, db.asOwner)
  expect(mode).toBe('one login (leadline_owner), which works as leadline_app in every transaction')
  expect((await describeRoles(db.pool, db.asOwner)).mode).toMatch(/^two logins: leadline_owner migrates, \w+ works/)
})
