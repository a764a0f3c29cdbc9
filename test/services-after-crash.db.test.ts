import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { eventually } from './harness/client.ts'
import { killed } from './harness/leadline.ts'
import { applyLicense, expectWhole, type LicensingWorld, startLicensing, tasksOver } from './harness/licensing.ts'

// kill -9 of workers in the middle of sagas, and two workers at once: each license is wholly applied or wholly undone, no
// object is left on an SBC, no name is given twice. Source: design/quality.md R1, R2; issue 7, Figures.
// LEADLINE_TEST_LICENSES=500 and LEADLINE_TEST_CRASH_ROUNDS=20 for more.

const LICENSES = Number(process.env.LEADLINE_TEST_LICENSES ?? 60)
const ROUNDS = Number(process.env.LEADLINE_TEST_CRASH_ROUNDS ?? 1)
/** States of the steps of all tasks of this kind, by name of the step. */
async function stepsIn({ leadline }: LicensingWorld, state: string): Promise<Record<string, number>> {
  const { rows } = await leadline.db.asOwner.query(
    `select s.name, count(*)::int as count from task_step s join task t using (task_id)
     where t.kind like 'licensing.apply-license%' and s.state = $1 group by 1`,
    [state],
  )
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]))
}

describe('kill -9 of the worker', () => {
  test.for(Array.from({ length: ROUNDS }, (_, round) => round))(
    'at each step leaves a license to the next one, which applies it whole (round %i)',
    { timeout: 300_000 },
    async () => {
      const setting = await startLicensing(60)
      try {
        const chosen = { ...setting, leads: setting.leads.slice(0, 8) }
        for (const [i, lead] of chosen.leads.entries()) await applyLicense(setting, lead, `Crash-${i}`, i % 2 === 0)
        for (const step of ['reserve', 'agreement', 'connect', 'finish']) {
          const worker = setting.leadline.spawnWorker()
          await eventually(
            async () => {
              const [begun, done] = [await stepsIn(setting, 'running'), await stepsIn(setting, 'succeeded')]
              return (begun[step] ?? 0) + (done[step] ?? 0)
            },
            (count) => count > 0,
            60,
          )
          // Within the step, at its end, or in the next one.
          await sleep(Math.random() * 60)
          await killed(worker)
        }
        setting.leadline.spawnWorker()
        const tasks = await tasksOver(setting, 120)
        expect(tasks.map(({ state }) => state)).toEqual(Array(8).fill('succeeded'))
        expect(await expectWhole(chosen, /^Crash-/)).toHaveLength(8)
      } finally {
        await setting.leadline.close()
      }
    },
  )

  test('in the middle of deletions leaves nothing anywhere', { timeout: 300_000 }, async () => {
    const setting = await startLicensing(60)
    try {
      const chosen = { ...setting, leads: setting.leads.slice(0, 4) }
      let worker = setting.leadline.spawnWorker()
      for (const [i, lead] of chosen.leads.entries()) await applyLicense(setting, lead, `Gone-${i}`, true)
      await tasksOver(setting, 120)
      await killed(worker)
      const services = await expectWhole(chosen, /^Gone-/)
      for (const { service_id } of services) {
        expect((await setting.northwind.send('DELETE', `/api/v2/customer/${service_id}`)).status).toBe(200)
      }
      for (const groupsLeft of [6, 3]) {
        worker = setting.leadline.spawnWorker()
        await eventually(
          async () => (await setting.leadline.outside.control('GET', '/sbcs/sbc1')).ipGroups,
          (names: string[]) => names.filter((name) => name.startsWith('Gone-')).length <= groupsLeft,
          60,
        )
        await killed(worker)
      }
      setting.leadline.spawnWorker()
      const tasks = await tasksOver(setting, 120)
      expect(tasks.map(({ state }) => state)).toEqual(Array(8).fill('succeeded'))
      expect(await expectWhole(chosen, /^Gone-/)).toEqual([])
    } finally {
      await setting.leadline.close()
    }
  })
})

test(`two workers license ${LICENSES} leads at once, each once`, { timeout: 300_000 }, async () => {
  const setting = await startLicensing(Math.ceil(LICENSES * 1.8))
  try {
    const chosen = { ...setting, leads: setting.leads.slice(0, LICENSES) }
    expect(chosen.leads).toHaveLength(LICENSES)
    setting.leadline.spawnWorker()
    setting.leadline.spawnWorker()
    const queue = chosen.leads.entries()
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (const [i, lead] of queue) await applyLicense(setting, lead, `Bulk-${i}`, false)
      }),
    )
    const tasks = await tasksOver(setting, 200)
    expect(tasks.filter(({ state }) => state !== 'succeeded')).toEqual([])
    expect(await expectWhole(chosen, /^Bulk-/)).toHaveLength(LICENSES)
    const { rows } = await setting.leadline.db.asOwner.query(
      `select count(*)::int as events, count(distinct key)::int as services from outbox_event where name = 'service.created'`,
    )
    expect(rows).toEqual([{ events: LICENSES, services: LICENSES }])
  } finally {
    await setting.leadline.close()
  }
})
