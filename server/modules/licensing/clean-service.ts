import type { StepContext } from '../../platform/tasks/index.ts'
import type { Place, SbcWork, Survey } from '../sbcs/index.ts'
import { sipConnectionStore } from '../services/index.ts'
import { asPlain, disconnectForGood, isDone, locate, type SbcTools } from './connect-sbc.ts'
import { isOwnTag } from './dial-plan.rules.ts'
import { type RemovedRules, type RuleOwner, removeRules, restoreRules } from './dial-plan-cleaning.ts'
import { ownerOf, ownerOfService } from './license-order.ts'
import { restoreConnection } from './reconnect-service.task.ts'

type Context = StepContext<RuleOwner>

/** What a service had on SBCs before it was taken off them: remembered, since nothing else knows of it afterwards. */
export type Cleaning = {
  connections: {
    connectionId: string
    name: string
    sbcId: number
    objectName: string
    onboardingScript: number | null
    objects: Place[]
    /** Who has ticked the script off that removes it; null: Leadline has done it, or nothing had to be. */
    appliedBy: string | null
  }[]
  /** Taken out of dial plans. */
  rules: RemovedRules
}

/** What a system was looked at for, and what was found. */
export type Finding = { system: string; ok: boolean; text: string }

/** Takes all that a service has off its SBCs: objects, then its rules in dial plans. To be repeated as any step. */
export async function cleanSbcs(context: Context, tools: SbcTools) {
  const cleaning = context.memory<Cleaning>() ?? (await lookBefore(context, tools.sbcs))
  for (const known of cleaning.connections) {
    const located = await locate(context, known.connectionId, tools)
    if (!located) continue
    const outcome = await disconnectForGood(context, located, tools)
    if (!isDone(outcome)) return outcome
    if (outcome.by !== 'person') continue
    known.appliedBy = outcome.appliedBy
    await remember(context, cleaning)
  }
  for (const sbcId of new Set(cleaning.connections.map((one) => one.sbcId))) {
    const outcome = await removeRules(context, tools.sbcs, {
      ...{ owner: context.input, sbcId, removed: cleaning.rules },
      remember: () => remember(context, cleaning),
    })
    if (outcome) return outcome
  }
  const { connections } = cleaning
  return {
    sbcs: connections.map(({ sbcId, objectName, objects, appliedBy }) => ({ sbcId, objectName, objects, appliedBy })),
  }
}

/** Puts a service back on its SBCs as it was, as far as there are scripts for it. */
export async function restoreSbcs(context: Context, tools: SbcTools): Promise<void> {
  const cleaning = context.memory<Cleaning>() ?? { connections: await connectionsOf(context), rules: [] }
  const warn = (text: string) => context.transact((tx) => context.message(tx, 'Warning', text))
  for (const { connectionId, name, sbcId, onboardingScript, objects } of cleaning.connections) {
    await tools.sbcs.giveUp(asPlain(context), { sbcId, key: `remove-left/${connectionId}` })
    await restoreConnection(context, connectionId, tools)
    if (onboardingScript !== null || objects.length === 0) continue
    const list = objects.map(({ table, name: object }) => `${table} ${object}`).join(', ')
    await warn(
      `${name} was adopted, and no script makes what it had on its SBC: look whether ${list} must be made again.`,
    )
  }
  await restoreRules(context, tools.sbcs, cleaning.rules)
  await context.transact((tx) => context.remember(tx, null))
}

/**
 * Asks each SBC itself whether anything is left: what the books say is no proof, since a person may have ticked off what was
 * never done. Source: issue 7, 4.
 */
export async function surveySbcs(context: Context, sbcs: SbcWork): Promise<Finding[]> {
  const { input, operatorId, signal, output } = context
  const owner = ownerOfService(input.serviceId)
  // Tasks that a version before this one has begun did not write down what there was.
  const had = (output.sbcs as Had[] | undefined) ?? (await connectionsOf(context))
  const findings: Finding[] = []
  let read = 0
  let unread = 0
  for (const [sbcId, here] of Map.groupBy(had, (one) => one.sbcId)) {
    const objects = here.flatMap((one) => one.objects)
    const names = here.flatMap(({ objectName }) => [objectName, `${objectName}-c`, `${objectName}-t`])
    const survey = await sbcs.survey(operatorId, sbcId, { owner, objects, names }, signal)
    if (survey.unread === null) read++
    else unread++
    findings.push(...findingsOf(survey, input, here))
  }
  // Of SIP connections that are gone already, on SBCs where there is no other.
  const elsewhere = (await sbcs.objectsOf(operatorId, owner)).filter(
    ({ sbcId }) => !had.some((one) => one.sbcId === sbcId),
  )
  if (elsewhere.length > 0) findings.push({ system: 'sbc', ok: false, text: `Still there: ${listed(elsewhere)}.` })
  if (findings.some(({ ok }) => !ok) || (unread > 0 && read === 0)) return findings
  const where = unread === 0 ? 'any SBC' : 'the SBCs that could be read'
  return [{ system: 'sbc', ok: true, text: `Nothing of it is left on ${where}.` }, ...findings]
}

type Had = Pick<Cleaning['connections'][number], 'sbcId' | 'objectName' | 'objects' | 'appliedBy'>

function findingsOf({ sbcName, unread, left, others, dialPlans }: Survey, owner: RuleOwner, here: Had[]): Finding[] {
  const findings: Finding[] = []
  const say = (ok: boolean, text: string) => void findings.push({ system: 'sbc', ok, text })
  if (left.length > 0) say(false, `Still there on ${sbcName}: ${listed(left)}.`)
  for (const { name, rules } of dialPlans) {
    const own = rules.filter(({ tag }) => isOwnTag(tag, owner)).map(({ prefix }) => prefix)
    if (own.length > 0) say(false, `Still there on ${sbcName}: rules of ${name} for ${own.slice(0, 20).join(', ')}.`)
  }
  if (others.length > 0) say(true, `${sbcName} has ${listed(others)}, which Leadline has not made: it was left there.`)
  if (unread !== null) {
    const people = [...new Set(here.flatMap(({ appliedBy }) => appliedBy ?? []))]
    const by = people.length > 0 ? ` ${people.join(', ')} has ticked off that it was removed.` : ''
    say(true, `Not verified: ${sbcName} could not be read. ${unread.detail}${by}`)
  }
  return findings
}

function listed(places: readonly Place[]): string {
  return places.map(({ table, name }) => `${table} ${name}`).join(', ')
}

async function lookBefore(context: Context, sbcs: SbcWork): Promise<Cleaning> {
  const connections = await connectionsOf(context)
  const all = await sbcs.objectsOf(context.operatorId, ownerOfService(context.input.serviceId))
  for (const one of connections) {
    const mine = all.filter(({ sbcId, owner }) => sbcId === one.sbcId && owner === one.owner)
    one.objects = mine.map(({ table, name }) => ({ table, name }))
  }
  const cleaning: Cleaning = { connections: connections.map(({ owner: _owner, ...one }) => one), rules: [] }
  await remember(context, cleaning)
  return cleaning
}

function connectionsOf({ transact, input }: Context): Promise<(Cleaning['connections'][number] & { owner: string })[]> {
  return transact(async (tx) =>
    (await sipConnectionStore(tx).ofService(input.serviceId)).flatMap((connection) => {
      const { connectionId, name, sbcId, objectName, onboardingScript } = connection
      if (sbcId === null) return []
      const known = { connectionId, name, sbcId, objectName, onboardingScript, owner: ownerOf(connection) }
      return [{ ...known, objects: [], appliedBy: null }]
    }),
  )
}

function remember(context: Context, cleaning: Cleaning): Promise<void> {
  return context.transact((tx) => context.remember(tx, cleaning))
}
