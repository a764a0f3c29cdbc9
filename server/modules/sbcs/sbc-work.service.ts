import type { Clock } from '../../kernel/clock.ts'
import { AppError, notFound } from '../../kernel/errors.ts'
import { jobPrincipal, type OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { type StepContext, waitFor } from '../../platform/tasks/index.ts'
import { type AppliedScript, type SbcDriver, SbcError, type ScriptPlan } from '../../sbc/index.ts'
import { journal } from '../audit/index.ts'
import { createApplyByHand } from './apply-by-hand.ts'
import { askDevice } from './ask-device.ts'
import { isOpen, opensAt } from './change-window.rules.ts'
import type { DeviceTurn } from './device-turn.ts'
import { sbcStore } from './sbc.store.ts'
import type { Sbc } from './sbc.ts'
import { noteAnswer, noteTrouble, withLimit } from './sbc-check.ts'
import { makeFacts, type SbcDrivers } from './sbc-drivers.ts'
import { type OwnedObject, sbcObjectStore } from './sbc-object.store.ts'
import type { OwnerCheck, RenderedTemplate, SbcWork, ScriptJob, Wait, WorkDone } from './sbc-work.ts'
import { findTemplate, renderTemplate, writesNothing } from './script-template.service.ts'
import { createSurvey } from './survey-device.ts'

/** Another task changes the device: looked at again after so long. */
const TURN_WAIT_SECONDS = 2
/** For all that a device is asked before a person goes on. */
const ASK_MS = 30_000
const NOT_ASKED = {
  code: 'sbc-not-asked',
  detail: 'There is no driver for this device.',
  remedy: 'Look at it by hand.',
}

export function createSbcWork({
  transact,
  clock,
  drivers,
  turn,
}: {
  transact: Transact
  clock: Clock
  drivers: SbcDrivers
  turn: DeviceTurn
}): SbcWork {
  const byHand = createApplyByHand({ transact, clock })
  const acting = (operatorId: number, requestId: string): OperatorPrincipal =>
    jobPrincipal('sbcs', operatorId, requestId)

  const deviceOf = (operatorId: number, sbcId: number): Promise<Sbc> =>
    transact(acting(operatorId, 'sbcs'), async (tx) => {
      const sbc = await sbcStore(tx).find(sbcId)
      if (!sbc) throw notFound('The SBC')
      return sbc
    })

  const render: SbcWork['render'] = (operatorId, { templateId, templateVersion, variables }) =>
    transact(acting(operatorId, 'sbcs'), async (tx) => {
      const template = await findTemplate(tx, templateId, templateVersion)
      const rendering = renderTemplate(template, variables)
      if (!rendering.ok) throw wrongVariables(template.name, rendering.problems)
      const { name, version } = template
      const { script } = rendering.rendered
      const named = { templateId, templateName: name, version, writesNothing: writesNothing(script) }
      return { ...named, ...rendering.rendered }
    })

  /** What of a device is this owner's. */
  async function ownedBy(operatorId: number, sbcId: number, owner: string) {
    const objects = await transact(acting(operatorId, 'sbcs'), (tx) => sbcObjectStore(tx).ofDevice(sbcId))
    const mine = new Set(objects.filter((one) => one.owner === owner).map(placeOf))
    return (place: { table: string; name: string }) => mine.has(placeOf(place))
  }

  /** What another SIP connection of the same service has is not made again: its settings would be written over. */
  async function demandApart(operatorId: number, sbc: Sbc, job: ScriptJob, { script }: RenderedTemplate) {
    const facts = makeFacts(sbc.make)
    if (job.purpose !== 'onboarding' || !facts) return
    const objects = await transact(acting(operatorId, 'sbcs'), (tx) => sbcObjectStore(tx).ofDevice(sbc.sbcId))
    const siblings = objects.filter(({ owner }) => owner !== job.owner && rootOf(owner) === rootOf(job.owner))
    if (siblings.length === 0) return
    const wanted = new Set(
      facts
        .wishes(script)
        .expected.filter(({ isShared }) => !isShared)
        .map(placeOf),
    )
    const taken = siblings.find((one) => wanted.has(placeOf(one)))
    if (taken) throw takenBySibling(sbc, taken)
  }

  /** Works with the driver while nobody else does; what goes wrong is kept with the device, too. */
  async function inTurn<T>(
    context: Pick<StepContext, 'taskId' | 'operatorId' | 'signal'>,
    sbc: Sbc,
    work: (driver: SbcDriver, signal: AbortSignal) => Promise<T>,
  ): Promise<T | Wait> {
    const driver = drivers.driverOf(sbc)
    if (!driver) throw unreadable(sbc)
    const principal = acting(context.operatorId, context.taskId)
    try {
      const turned = await turn(principal, sbc.sbcId, context.taskId, context.signal, (signal) => work(driver, signal))
      if (turned.taken) return turned.result
      return waitFor(`${sbc.name} is being changed by another task.`, TURN_WAIT_SECONDS)
    } catch (error) {
      if (error instanceof SbcError && ABOUT_DEVICE.has(error.kind)) {
        await transact(principal, (tx) => noteTrouble(tx, sbc, error, clock.now()))
      }
      throw error
    }
  }

  async function applyByDriver(
    context: StepContext,
    sbc: Sbc,
    job: ScriptJob,
    rendered: RenderedTemplate,
  ): Promise<WorkDone | Wait> {
    const principal = acting(context.operatorId, context.taskId)
    const applied = await inTurn(context, sbc, async (driver, signal) => {
      // Read when it is our turn, and again once we have said what we mean to make: what the device shows of it later,
      // whole or in part, is ours.
      let isOurs = await ownedBy(context.operatorId, sbc.sbcId, job.owner)
      return driver.apply(rendered.script, {
        ...{ signal, secrets: rendered.secrets, isOurs: (place) => isOurs(place) },
        async beforeSending(plan) {
          await transact(principal, (tx) => intend(tx, sbc.sbcId, job.owner, plan, context.taskId))
          isOurs = await ownedBy(context.operatorId, sbc.sbcId, job.owner)
        },
      })
    })
    if (!isApplied(applied)) return applied
    await transact(principal, (tx) => settle(tx, sbc, job, applied))
    return {
      ...{ by: 'driver', templateId: rendered.templateId, templateVersion: rendered.version },
      ...{ changes: applied.plan.changes, output: applied.output, appliedBy: 'Leadline' },
    }
  }

  /** What stands in the books once a script is applied. */
  async function settle(tx: Tx, sbc: Sbc, job: ScriptJob, { plan, sent, tables }: AppliedScript): Promise<void> {
    const store = sbcObjectStore(tx)
    await store.markApplied(sbc.sbcId, job.owner, plan.expected, clock.now())
    await store.forget(sbc.sbcId, job.owner, plan.gone)
    await noteAnswer(tx, sbc, tables, clock.now())
    if (!sent) return
    await journal(tx).append({
      action: 'sbc.script-applied',
      object: { type: 'sbc', id: String(sbc.sbcId), name: sbc.name },
      after: {
        ...{ purpose: job.purpose, owner: job.owner, templateId: job.templateId },
        changes: plan.changes.map(({ table, name, what }) => ({ table, name, what })),
      },
      detail: job.title,
    })
  }

  async function removeLeft(context: StepContext, sbc: Sbc, job: ScriptJob, wholeOwner: boolean): Promise<void> {
    const principal = acting(context.operatorId, context.taskId)
    const left = await transact(principal, (tx) => sbcObjectStore(tx).ofDevice(sbc.sbcId))
    const isMeant = (taskId: string | null) => wholeOwner || taskId === context.taskId
    const mine = left.filter(({ owner, taskId }) => owner === job.owner && isMeant(taskId))
    if (!isDone(await removeObjects(context, sbc, job, mine))) throw busy(sbc)
  }

  async function removeObjects(
    context: StepContext,
    sbc: Sbc,
    job: ScriptJob,
    mine: readonly OwnedObject[],
  ): Promise<WorkDone | Wait> {
    const facts = makeFacts(sbc.make)
    if (mine.length === 0 || !facts) return NOTHING_DONE
    const removed = await inTurn(context, sbc, (driver, signal) =>
      driver.apply(facts.removalScript(mine), {
        signal,
        isOurs: (place) => mine.some((one) => placeOf(one) === placeOf(place)),
      }),
    )
    if (!isApplied(removed)) return removed
    await transact(acting(context.operatorId, context.taskId), (tx) =>
      settle(tx, sbc, { ...job, purpose: 'cleanup' }, removed),
    )
    const { plan, output } = removed
    return { ...NOTHING_DONE, by: 'driver', changes: plan.changes, output, appliedBy: 'Leadline' }
  }

  return {
    render,

    async preflight(operatorId, asked, signal) {
      const sbc = await deviceOf(operatorId, asked.sbcId)
      const rendered = await render(operatorId, asked)
      const opens = opensAt(sbc.changeWindow, clock.now())
      const base = {
        sbc: {
          ...{ sbcId: sbc.sbcId, name: sbc.name, mode: sbc.mode },
          ...{ version: sbc.facts?.version ?? null, state: sbc.facts?.state ?? null },
        },
        tables: withLeft(sbc.tables),
        ...{ changes: [], conflicts: [], missingReferences: [], opensAt: opens?.toISOString() ?? null },
      }
      const driver = drivers.driverOf(sbc)
      if (!driver) return { ...base, ok: true, asked: false, trouble: null }
      try {
        const isOurs = await ownedBy(operatorId, sbc.sbcId, asked.owner)
        const { facts, tables, plan } = await askDevice(signal, ASK_MS, async (limited) => ({
          facts: await driver.status({ signal: limited }),
          tables: withLeft(withLimit(await driver.tables({ signal: limited }), sbc.ipGroupsMax)),
          plan: await driver.plan(rendered.script, { signal: limited, secrets: rendered.secrets, isOurs }),
        }))
        const trouble = roomTrouble(tables, plan)
        const { changes, missingReferences } = plan
        const conflicts = plan.conflicts.map(({ table, name }) => ({ table, name }))
        const seen = { ...base.sbc, version: facts.version, state: facts.state }
        const ok = trouble === null && conflicts.length === 0 && missingReferences.length === 0
        return { ...base, sbc: seen, tables, changes, conflicts, missingReferences, ok, asked: true, trouble }
      } catch (error) {
        if (!(error instanceof SbcError) || error.kind === 'aborted') throw error
        const { code, detail, remedy } = error
        return { ...base, ok: false, asked: true, trouble: { code, detail, remedy } }
      }
    },

    async apply(context, job) {
      const sbc = await deviceOf(context.operatorId, job.sbcId)
      const rendered = await render(context.operatorId, job)
      if (rendered.writesNothing) {
        const done = { by: 'nothing', templateId: rendered.templateId, templateVersion: rendered.version } as const
        return { ...done, changes: [], output: '', appliedBy: null }
      }
      await demandApart(context.operatorId, sbc, job, rendered)
      if (sbc.mode === 'manual') return byHand.apply(context, sbc, job, rendered)
      if (!isOpen(sbc.changeWindow, clock.now())) return waitForWindow(sbc, clock.now())
      return applyByDriver(context, sbc, job, rendered)
    },

    async takeBack(context, job, cleanup) {
      const { operatorId, taskId } = context
      const sbc = await transact(acting(operatorId, taskId), (tx) => sbcStore(tx).find(job.sbcId))
      // One that was taken out meanwhile, or never was, holds nothing of anybody.
      if (!sbc) return
      const cleaning: ScriptJob = {
        ...{ ...job, ...(cleanup ?? {}), purpose: 'cleanup', key: `${job.key}/cleanup` },
        title: `Take back: ${job.title}`,
      }
      if (
        await byHand.takeBack(
          context,
          job,
          cleanup ? { job: cleaning, render: () => render(context.operatorId, cleaning) } : null,
        )
      )
        return
      if (sbc.mode === 'manual') return
      // Nothing was ever to be written there.
      const mine = await transact(acting(context.operatorId, context.taskId), (tx) =>
        sbcObjectStore(tx).ofOwner(job.owner),
      )
      if (!mine.some(({ sbcId }) => sbcId === job.sbcId)) return
      if (cleanup) {
        const rendered = await render(context.operatorId, cleaning)
        if (!rendered.writesNothing) {
          const done = await applyByDriver(context, sbc, cleaning, rendered)
          if (!isDone(done)) throw busy(sbc)
        }
      }
      await removeLeft(context, sbc, job, cleanup === null)
    },

    async giveUp(context, { sbcId, key }) {
      const byPerson = await byHand.giveUp(context, key)
      if (byPerson) return byPerson
      const sbc = await transact(acting(context.operatorId, context.taskId), (tx) => sbcStore(tx).find(sbcId))
      return sbc?.mode === 'automatic' ? 'by-driver' : 'untouched'
    },

    async removeOwned(context, asked) {
      const sbc = await deviceOf(context.operatorId, asked.sbcId)
      const job: ScriptJob = { ...asked, purpose: 'cleanup', templateId: 0, variables: {} }
      const done = await byHand.done(context, job.key)
      if (done) return done
      const mine = (
        await transact(acting(context.operatorId, context.taskId), (tx) => sbcObjectStore(tx).ofOwner(job.owner))
      ).filter((one) => one.sbcId === sbc.sbcId)
      const script = mine.length > 0 ? makeFacts(sbc.make)?.removalScript(mine) : undefined
      if (script === undefined) return NOTHING_DONE
      if (sbc.mode === 'manual') return byHand.apply(context, sbc, job, { ...WITHOUT_TEMPLATE, script, shown: script })
      if (!isOpen(sbc.changeWindow, clock.now())) return waitForWindow(sbc, clock.now())
      return removeObjects(context, sbc, job, mine)
    },

    survey: createSurvey({ transact, drivers, limitMs: ASK_MS }),

    async checkOwner(operatorId, owner, signal) {
      const objects = await transact(acting(operatorId, 'sbcs'), (tx) => sbcObjectStore(tx).under(owner))
      const found: OwnerCheck = { objects: [], unasked: [] }
      for (const sbcId of new Set(objects.map((one) => one.sbcId))) {
        const sbc = await deviceOf(operatorId, sbcId)
        const named = { sbcId, sbcName: sbc.name }
        const driver = drivers.driverOf(sbc)
        try {
          if (!driver) {
            found.unasked.push({ ...named, ...NOT_ASKED })
            continue
          }
          const checks = await askDevice(signal, ASK_MS, (limited) =>
            driver.check(
              objects.filter((one) => one.sbcId === sbcId),
              { signal: limited },
            ),
          )
          found.objects.push(...checks.map((check) => ({ ...named, ...check })))
        } catch (error) {
          if (!(error instanceof SbcError) || error.kind === 'aborted') throw error
          const { code, detail, remedy } = error
          found.unasked.push({ ...named, code, detail, remedy })
        }
      }
      return found
    },

    objectsOf: (operatorId, owner) =>
      transact(acting(operatorId, 'sbcs'), async (tx) =>
        (await sbcObjectStore(tx).under(owner)).map(({ sbcId, owner: whose, table, name }) => ({
          ...{ sbcId, owner: whose, table, name },
        })),
      ),

    async findObjects(operatorId, sbcId, names, signal) {
      const sbc = await deviceOf(operatorId, sbcId)
      const driver = drivers.driverOf(sbc)
      if (!driver) throw unreadable(sbc)
      return askDevice(signal, ASK_MS, (limited) => driver.find(names, { signal: limited }))
    },

    adoptObjects: (principal, sbcId, owner, objects) =>
      transact(acting(principal.operatorId, principal.requestId), async (tx) => {
        await sbcObjectStore(tx).put(sbcId, owner, objects, { taskId: null, appliedAt: clock.now() })
        if (objects.length === 0) return
        await journal(tx).append({
          action: 'sbc.objects-adopted',
          object: { type: 'sbc', id: String(sbcId) },
          after: { owner, objects: objects.map(({ table, name }) => ({ table, name })) },
        })
      }),

    async dialPlan(operatorId, sbcId, name, signal) {
      const driver = drivers.driverOf(await deviceOf(operatorId, sbcId))
      return driver ? askDevice(signal, ASK_MS, (limited) => driver.dialPlan(name, { signal: limited })) : null
    },

    async dialPlans(operatorId, sbcId, signal) {
      const sbc = await deviceOf(operatorId, sbcId)
      const driver = sbc.mode === 'manual' ? null : drivers.driverOf(sbc)
      return driver ? askDevice(signal, ASK_MS, (limited) => driver.dialPlans({ signal: limited })) : null
    },

    async changeDialPlan(context, sbcId, name, change, options) {
      const sbc = await deviceOf(context.operatorId, sbcId)
      if (sbc.mode === 'manual') throw manual(sbc)
      if (!options?.anyTime && !isOpen(sbc.changeWindow, clock.now())) return waitForWindow(sbc, clock.now())
      return inTurn(context, sbc, (driver, signal) => driver.changeDialPlan(name, change, { signal }))
    },

    devices: (operatorId) =>
      transact(acting(operatorId, 'sbcs'), async (tx) =>
        (await sbcStore(tx).list()).map(({ sbcId, name, trunkFqdns, trouble }) => ({
          ...{ sbcId, name, trunkFqdns },
          trouble: trouble && `${trouble.detail} ${trouble.remedy}`.trim(),
        })),
      ),
  }
}

const placeOf = ({ table, name }: { table: string; name: string }) => `${table}\n${name}`

const NOTHING_DONE: WorkDone = {
  ...{ by: 'nothing', templateId: 0, templateVersion: 0 },
  ...{ changes: [], output: '', appliedBy: null },
}
/** A script that was made of what is to go. */
const WITHOUT_TEMPLATE = { templateId: 0, templateName: '', version: 0, secrets: [], writesNothing: false }

/** `service/<guid>` of what is that service's, or of one of its connections. */
const rootOf = (owner: string) => owner.split('/').slice(0, 2).join('/')

const ABOUT_DEVICE: ReadonlySet<string> = new Set(['unreachable', 'timeout', 'credentials', 'certificate', 'malformed'])

function isApplied(outcome: AppliedScript | Wait): outcome is AppliedScript {
  return 'plan' in outcome
}

function isDone(outcome: WorkDone | Wait): outcome is WorkDone {
  return 'by' in outcome
}

/** Objects that a script makes, or finds as its owner's: not what others have made, nor what all share. */
function ownObjects(plan: ScriptPlan) {
  const made = new Set(plan.changes.filter(({ what }) => what === 'add' || what === 'change').map(placeOf))
  return plan.expected.filter((object) => !object.isShared && made.has(placeOf(object)))
}

/** Written before anything is sent: after a crash it is known what is ours. */
async function intend(tx: Tx, sbcId: number, owner: string, plan: ScriptPlan, taskId: string): Promise<void> {
  await sbcObjectStore(tx).put(sbcId, owner, ownObjects(plan), { taskId, appliedAt: null })
}

function withLeft(tables: readonly { table: string; used: number; limit: number | null }[]) {
  return tables.map((use) => ({ ...use, left: use.limit === null ? null : Math.max(0, use.limit - use.used) }))
}

function roomTrouble(tables: readonly { table: string; left: number | null }[], plan: ScriptPlan) {
  for (const { table, left } of tables) {
    const wanted = plan.changes.filter((change) => change.table === table && change.what === 'add').length
    if (left === null || wanted <= left) continue
    const { code, detail, remedy } = new SbcError({
      kind: 'full',
      detail: `${wanted} ${table} are needed, and ${left} are left.`,
    })
    return { code, detail, remedy }
  }
  return null
}

function waitForWindow(sbc: Sbc, now: Date): Wait {
  const opens = opensAt(sbc.changeWindow, now) ?? now
  const zone = sbc.changeWindow?.timeZone ?? 'UTC'
  const words = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(
    opens,
  )
  const seconds = Math.max(1, Math.ceil((opens.getTime() - now.getTime()) / 1_000))
  return waitFor(`The change window of ${sbc.name} opens on ${words} (${zone}).`, Math.min(seconds, 3_600))
}

function busy(sbc: Sbc): SbcError {
  return new SbcError({
    ...{ kind: 'busy', detail: `${sbc.name} is being changed by another task.` },
    retryAfterMs: TURN_WAIT_SECONDS * 1_000,
  })
}

function takenBySibling({ name }: Sbc, { table, name: object }: { table: string; name: string }): SbcError {
  return new SbcError({
    ...{
      kind: 'conflict',
      detail: `The ${table} "${object}" on ${name} belongs to another SIP connection of the customer.`,
    },
    remedy: 'Choose a script that names its objects by {{ObjectName}}, or another name for what it makes.',
  })
}

function unreadable(sbc: Sbc): SbcError {
  return new SbcError({
    kind: 'settings',
    detail: `${sbc.name} cannot be asked: it has no driver, address or password.`,
  })
}

function manual({ name }: Sbc): AppError {
  return new AppError({
    ...{ code: 'sbc-manual', status: 409 },
    detail: `${name} is worked by hand: Leadline changes nothing on it by itself.`,
  })
}

function wrongVariables(name: string, problems: readonly { variable: string; detail: string }[]): AppError {
  return new AppError({
    ...{ code: 'script-variables', status: 422 },
    detail: `The script "${name}" cannot be made of these values.`,
    errors: problems.map(({ variable, detail }) => ({ pointer: `/body/scriptParameters/${variable}`, detail })),
  })
}
