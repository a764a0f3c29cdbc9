import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { jobPrincipal } from '../../kernel/principal.ts'
import { createJobRegistry, startJobRunner } from '../../platform/jobs/index.ts'
import { createSealer, parseMasterKeys } from '../../platform/secrets/index.ts'
import { connectionView, createConnectionService, WATCH_SECRETS_JOB, watchSecretsJob } from './index.ts'

let db: FreshDatabase
const time = { now: Date.parse('2026-11-01T12:00:00Z') }
const clock = { now: () => new Date(time.now) }
const GOOD = { directoryId: '3f2c1f0e-5a55-4c0a-9d63-0f5c2f6f7a11', clientId: 'c', secret: 's' }

beforeAll(async () => {
  db = await freshDatabase()
})
afterAll(() => db?.close())

const who = (operatorId: number) => jobPrincipal('test', operatorId, 'r')
const service = () =>
  createConnectionService({ transact: db.transact, sealer: createSealer(parseMasterKeys('11'.repeat(32))), clock })
const operators = async () => (await db.asOwner.query('select operator_id, name from operator order by 1')).rows
const journalled = async (operatorId: number) =>
  (
    await db.asOwner.query('select action, after from journal_entry where operator_id = $1 order by entry_id', [
      operatorId,
    ])
  ).rows

describe('settings together with the operator’s name', () => {
  it('leave neither when the settings are refused', async () => {
    await expect(service().set(who(5), 5, { ...GOOD, baseUrl: 'ftp://x' }, 'Five')).rejects.toMatchObject({
      status: 400,
    })
    expect([await operators(), await journalled(5)]).toEqual([[], []])
  })

  it('leave both when they are good, and rename later', async () => {
    await service().set(who(5), 5, GOOD, ' Five ')
    await expect(service().set(who(5), 5, { authority: 'no address' }, 'Cinq')).rejects.toMatchObject({ status: 400 })
    expect(await operators()).toEqual([{ operator_id: 5, name: 'Five' }])
    await service().set(who(5), 5, { casing: 'camel' }, 'Cinq')
    expect(await operators()).toEqual([{ operator_id: 5, name: 'Cinq' }])
    expect((await journalled(5)).map(({ action }) => action)).toEqual([
      'operator.created',
      'connection.changed',
      'operator.renamed',
      'connection.changed',
    ])
  })

  it('are refused as a whole where another operator has the name', async () => {
    await expect(service().set(who(6), 6, GOOD, 'cinq')).rejects.toMatchObject({
      status: 409,
      code: 'operator-name-taken',
    })
    expect((await operators()).length).toBe(1)
  })
})

describe('the end of the secret', () => {
  const watch = async () => {
    const registry = createJobRegistry({ transact: db.transact, jobs: [watchSecretsJob(clock)], config: {} })
    const request = { job: WATCH_SECRETS_JOB, operatorId: 5, trigger: 'cli' } as const
    const { run } = await registry.requestRun(who(5), request)
    const log = pino({ level: 'silent' })
    const runner = startJobRunner({ registry, transact: db.transact, listOperators: async () => [], log })
    const state = async () =>
      (await db.asOwner.query('select state from job_run where run_id = $1', [run.runId])).rows[0].state
    await expect.poll(state).toBe('succeeded')
    await runner.stop()
  }
  const warnings = async () =>
    (await journalled(5))
      .filter(({ action }) => action.startsWith('connection.secret'))
      .map(({ action, after }) => [action, JSON.parse(after).state])
  const shown = async () => connectionView(await service().get(who(5), 5)).secretExpiry

  it('is shown, and each stage is warned of once for a secret', async () => {
    expect(await shown()).toEqual({ on: null, daysLeft: null, state: 'unknown' })
    await service().set(who(5), 5, { secretExpiresOn: '2026-12-11' })
    expect(await shown()).toEqual({ on: '2026-12-11', daysLeft: 40, state: 'fine' })
    await watch()
    expect(await warnings()).toEqual([])
    const told: string[][] = []
    for (const [day, action, state] of [
      ['2026-11-20', 'connection.secret-expiring', 'soon'],
      ['2026-12-05', 'connection.secret-expiring', 'urgent'],
      ['2026-12-12', 'connection.secret-expired', 'expired'],
    ] as const) {
      time.now = Date.parse(`${day}T12:00:00Z`)
      await watch()
      await watch()
      told.push([action, state])
      expect(await warnings()).toEqual(told)
    }
    const { rows } = await db.asOwner.query(
      `select payload from outbox_event where name = 'connection.secret-expiring'`,
    )
    expect(rows.map(({ payload }) => payload.state)).toEqual(['soon', 'urgent', 'expired'])
  })

  it('begins anew with a new secret, whose date the old one’s is not', async () => {
    await service().set(who(5), 5, { secret: 'new' })
    expect(await shown()).toMatchObject({ on: null, state: 'unknown' })
    await service().set(who(5), 5, { secret: 'newer', secretExpiresOn: '2026-12-20' })
    const before = (await warnings()).length
    await watch()
    expect((await warnings()).slice(before)).toEqual([['connection.secret-expiring', 'soon']])
    await service().set(who(5), 5, { casing: 'pascal' })
    await watch()
    expect((await warnings()).length).toBe(before + 1)
  })
})
