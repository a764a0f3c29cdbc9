import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../test/harness/database.ts'
import { captured } from './captured.fixture.ts'
import { run } from './user.ts'

// A production on a database of its own, as an administrator at the terminal meets it.

let db: FreshDatabase
const dataDirectory = mkdtempSync(join(tmpdir(), 'leadline-user-'))

beforeAll(async () => {
  db = await freshDatabase()
  await db.asOwner.query(`insert into operator (operator_id, name) values (868, 'Northwind Voice'), (869, 'Fabrikam')`)
})
beforeEach(() => {
  vi.stubEnv('DATABASE_URL', db.appUrl)
  vi.stubEnv('LEADLINE_DATABASE_OWNER_URL', db.ownerUrl)
  vi.stubEnv('LEADLINE_DATA_DIR', dataDirectory)
  vi.stubEnv('LEADLINE_SANDBOX', 'false')
  vi.stubEnv('LEADLINE_PUBLIC_URL', 'https://leads.carrier.example')
})
afterEach(() => vi.unstubAllEnvs())
afterAll(async () => {
  await db?.close()
  rmSync(dataDirectory, { recursive: true, force: true })
})

const user = (...args: string[]) => captured(run, args)

const LINK = /https:\/\/leads\.carrier\.example\/accept-invitation#lli_[\w-]{43}/

/** Makes the account of an invitation, past its link. */
async function settle(email: string): Promise<void> {
  await db.asOwner.query(
    `with made as (insert into person (person_id, email, name, password_hash, created_at)
       select gen_random_uuid(), email, name, 'x', now() from invitation where email = $1 returning person_id)
     insert into membership (membership_id, person_id, tier, level, operator_id, created_at)
       select gen_random_uuid(), made.person_id, tier, level, operator_id, now() from invitation, made where email = $1`,
    [email],
  )
}

describe('leadline user', () => {
  it('makes the link for the first administrator, until there is one', async () => {
    expect((await user('list')).said).toContain('There is nobody yet')
    expect(await user('invite', '--first')).toMatchObject({ code: 0, said: expect.stringMatching(LINK) })
    const invited = await user(
      'invite',
      '--email',
      'pat@carrier.example',
      '--tier',
      'platform',
      '--level',
      'administrator',
    )
    expect(invited).toMatchObject({ code: 0, said: expect.stringMatching(LINK) })
    await settle('pat@carrier.example')
    expect(await user('invite', '--first')).toMatchObject({ code: 2, said: expect.stringContaining('already') })
  })

  it('invites to an operator, and says what is missing', async () => {
    const role = ['--tier', 'operator', '--level', 'administrator']
    const args = ['invite', '--email', 'ada@carrier.example', '--name', 'Ada']
    expect((await user(...args, ...role)).said).toContain('Say for which operator')
    expect((await user(...args, ...role, '--operator', '999')).said).toContain('There is no operator 999')
    expect((await user(...args, '--tier', 'reseller')).said).toContain('--tier needs one of')
    const customer = ['--tier', 'customer', '--level', 'monitor', '--operator', '868']
    for (const tenant of [[], ['--tenant', 'no-guid']]) {
      expect((await user(...args, ...customer, ...tenant)).said).toContain('Microsoft tenant id')
    }
    expect((await user('invite', '--email', 'ada', ...role)).said).toContain('no mail address')
    expect((await user('invite', ...role)).said).toContain('Say whom')
    expect((await user(...args, '--tier', 'channel', '--level', 'monitor', '--operator', '868')).code).toBe(1)
    expect(await user(...args, ...role, '--operator', '868')).toMatchObject({
      code: 0,
      said: expect.stringMatching(LINK),
    })
    await settle('ada@carrier.example')
    const { rows } = await db.asOwner.query(
      `select operator_id, actor_name, after from journal_entry where action = 'invitation.created' order by entry_id`,
    )
    expect(rows.at(-1)).toMatchObject({ operator_id: 868, actor_name: expect.stringContaining('(terminal)') })
    expect(JSON.stringify(rows)).not.toContain('lli_')
  })

  it('lists everybody once, suspends, lets in again, and resets', async () => {
    const { said } = await user('list')
    const lines = said.trim().split('\n')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/^pat@carrier\.example +.*platform tier, administrator +every operator +never signed in/)
    expect(lines[1]).toMatch(/^ada@carrier\.example +Ada +operator tier, administrator +Northwind Voice/)
    expect((await user('suspend', 'ADA@carrier.example')).code).toBe(0)
    expect((await user('list')).said).toMatch(/ada@.* suspended/)
    expect((await user('suspend', 'ada@carrier.example')).said).toContain('suspended already')
    expect((await user('resume', 'ada@carrier.example')).code).toBe(0)
    for (const address of ['ada@carrier.example', 'pat@carrier.example']) {
      expect((await user('reset-password', address, '--second-factor')).said).toMatch(LINK)
    }
    expect((await user('suspend', 'nobody@carrier.example')).said).toContain('Nobody has the address')
    const { rows } = await db.asOwner.query('select password_hash from person')
    expect(rows).toEqual([{ password_hash: null }, { password_hash: null }])
  })

  it('explains itself', async () => {
    expect((await user()).code).toBe(2)
    expect((await user('dance')).said).toContain('There is no "user dance"')
    expect((await user('list', '--wrong')).code).toBe(2)
  })
})
