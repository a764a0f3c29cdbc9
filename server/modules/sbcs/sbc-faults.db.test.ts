import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SbcBehaviour } from '../../../sim/sbc/sbc-device.ts'
import { fc } from '../../../test/harness/fast-check.ts'
import { SbcError } from '../../sbc/index.ts'
import { BUILT_IN_TEMPLATE_IDS as ID, type ScriptJob } from './index.ts'
import { OPERATOR, type SbcWorld, startSbcWorld } from './sbc-world.fixture.ts'

// R1 for the device: whatever goes wrong at whichever call, a script ends wholly applied or wholly taken back, the books say the
// same as the device, and nothing of anybody else is touched.

let world: SbcWorld
let sbcId: number
let round = 0

beforeAll(async () => {
  world = await startSbcWorld()
  sbcId = await world.register({ timeoutMs: 1_000 })
})
afterAll(() => world?.close())

const TROUBLES: SbcBehaviour[] = [
  ...(['busy', 'cut-answer', 'nothing-applied', 'half-applied', 'restart-in-between', 'save-fails'] as const),
  ...(['error-500', 'garbage', 'normal'] as const),
]
/** What happens at one attempt: a trouble that lasts for so many calls. */
const trouble = fc.record({ behaviour: fc.constantFrom(...TROUBLES), times: fc.integer({ min: 1, max: 4 }) })
const ATTEMPTS_MAX = 12

const values = (shortName: string) => ({
  ...{ ShortName: shortName, FullName: 'Acme', MsTenantId: 'd1382f6b-4846-45d7-9ac8-0349c1ed5ead' },
})
const jobOf = (shortName: string): ScriptJob => ({
  ...{ sbcId, purpose: 'onboarding', templateId: ID.ipGroupOnboarding, owner: `service/${shortName}` },
  ...{ title: `Connect ${shortName}`, key: 'connect' },
  variables: {
    ...values(shortName),
    ProxySet: `${shortName}-ps`,
    ProxyAddress: '192.0.2.7:5060',
    CarrierUserName: 'a',
  },
})

const ofCustomer = (shortName: string) =>
  ['ip-group', 'proxy-set', 'sip-definition account'].flatMap((table) =>
    world.device.namesOf(table).filter((name) => name.startsWith(shortName)),
  )

/** Tries as the runner of tasks does: again after what waiting helps against, until the troubles are over. */
async function stubbornly(troubles: { behaviour: SbcBehaviour; times: number }[], work: () => Promise<unknown>) {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    Object.assign(world.device, { ...(troubles[attempt] ?? { behaviour: 'normal', times: null }) })
    try {
      return { done: await work() }
    } catch (error) {
      if (!(error instanceof SbcError)) throw error
      if (!error.retryable) return { failed: error }
    }
  }
  throw new Error('It never ended.')
}

it('ends wholly applied or wholly taken back', { timeout: 300_000 }, async () => {
  const before = world.device.text
  const ended = { done: 0, failed: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.array(trouble, { maxLength: 5 }),
      fc.array(trouble, { maxLength: 3 }),
      async (troubles, troublesOfUndo) => {
        const shortName = `r${++round}x`
        const job = jobOf(shortName)
        const step = world.step(`wst_${shortName}`)
        const applied = await stubbornly(troubles, () => world.sbcs.work.apply(step, job))
        ended['done' in applied ? 'done' : 'failed'] += 1
        const books = () => world.sbcs.work.objectsOf(OPERATOR, job.owner)
        if ('done' in applied) {
          expect(ofCustomer(shortName)).toEqual([...[`${shortName}-c`, `${shortName}-t`, `${shortName}-ps`, shortName]])
          expect(await books()).toHaveLength(4)
          world.device.restart()
          expect(ofCustomer(shortName)).toHaveLength(4)
        }
        const cleanup = { templateId: ID.ipGroupCleanup, variables: values(shortName) }
        // What fails for good is tried again by a person, until it is done.
        for (let tries = 0; tries < 3; tries++) {
          const undone = await stubbornly(tries === 0 ? troublesOfUndo : [], () =>
            world.sbcs.work.takeBack(step, job, cleanup),
          )
          if ('done' in undone) break
        }
        expect(ofCustomer(shortName)).toEqual([])
        expect(await books()).toEqual([])
        world.device.restart()
        expect(ofCustomer(shortName)).toEqual([])
        expect(world.device.text).toBe(before)
      },
    ),
    { numRuns: 60 },
  )
  expect(Math.min(ended.done, ended.failed)).toBeGreaterThan(5)
})
