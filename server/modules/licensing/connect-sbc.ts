import type { StepContext } from '../../platform/tasks/index.ts'
import { BUILT_IN_TEMPLATE_IDS, type SbcWork, type ScriptJob, type Wait, type WorkDone } from '../sbcs/index.ts'
import { type Service, type SipConnection, serviceStore, sipConnectionStore } from '../services/index.ts'
import { knownTo, ownerOf, scriptVariables } from './license-order.ts'
import { withTrunk } from './sbc-choice.ts'
import { type SipPasswords, withSecrets } from './sip-passwords.ts'

/** What steps need to work on SBCs. */
export type SbcTools = {
  sbcs: SbcWork
  passwords: SipPasswords
  /** Names of all variables that a template may be given, folded. */
  variablesOf(operatorId: number, templateId: number): Promise<ReadonlySet<string>>
}

/** A connection with its service, as both are at this moment; its secret variables and its trunk are among the others. */
export type Located = { service: Service; connection: SipConnection; password: string | null }

/** Null when the connection is gone. */
export async function locate(
  context: StepContext<unknown>,
  connectionId: string,
  { passwords, sbcs }: SbcTools,
): Promise<Located | null> {
  const devices = await sbcs.devices(context.operatorId)
  return context.transact(async (tx) => {
    const connection = await sipConnectionStore(tx).find(connectionId)
    const service = connection && (await serviceStore(tx).find(connection.serviceId))
    if (!connection || !service) return null
    const secrets = await passwords.open(tx, connectionId)
    return { service, connection: withTrunk(withSecrets(connection, secrets), devices), password: secrets.password }
  })
}

/**
 * Makes the objects of a connection on its device; `Deployed`, or `None` where its template writes nothing. Those of a barred
 * service are barred at once, since the script that makes them knows nothing of that.
 */
export async function connect(
  context: StepContext<unknown>,
  located: Located,
  tools: SbcTools,
): Promise<WorkDone | Wait> {
  const job = onboardingJob(located)
  if (!job) return NOTHING
  const made = await tools.sbcs.apply(asPlain(context), job)
  const done = isDone(made) && made.by !== 'nothing' ? await keepBarred(context, located, tools, made) : made
  await follow(context, located, done, (work) => (work.by === 'nothing' ? 'None' : 'Deployed'))
  return done
}

/** Takes back what `connect` may have done. */
export async function disconnectAgain(context: StepContext<unknown>, located: Located, tools: SbcTools): Promise<void> {
  const job = onboardingJob(located)
  if (job) await tools.sbcs.takeBack(asPlain(context), job, await cleanupOf(context, located, tools))
}

/** Takes the objects of a connection off its device, by its cleanup script. */
export async function disconnect(
  context: StepContext<unknown>,
  located: Located,
  tools: SbcTools,
): Promise<WorkDone | Wait> {
  const { connection, service } = located
  // What was adopted could not be made again.
  if (connection.sbcId === null || connection.onboardingScript === null) return NOTHING
  const cleanup = await cleanupOf(context, located, tools)
  if (!cleanup) return removeLeft(context, located, tools)
  const done = await tools.sbcs.apply(asPlain(context), {
    sbcId: connection.sbcId,
    purpose: 'cleanup',
    ...cleanup,
    owner: ownerOf(connection),
    title: `Remove ${service.shortName} (${connection.name})`,
    key: `remove/${connection.connectionId}`,
  })
  await follow(context, located, done, () => 'None')
  return done
}

/** Takes all that a connection has off its device, and for good: also what was adopted, and what its cleanup script leaves. */
export async function disconnectForGood(
  context: StepContext<unknown>,
  located: Located,
  tools: SbcTools,
): Promise<WorkDone | Wait> {
  const done = await disconnect(context, located, tools)
  if (!isDone(done)) return done
  const left = await removeLeft(context, located, tools)
  return isDone(left) && left.by === 'nothing' ? done : left
}

/** Object by object, as they stand in our books. */
async function removeLeft(
  context: StepContext<unknown>,
  located: Located,
  { sbcs }: SbcTools,
): Promise<WorkDone | Wait> {
  const { connection, service } = located
  if (connection.sbcId === null) return NOTHING
  const done = await sbcs.removeOwned(asPlain(context), {
    sbcId: connection.sbcId,
    owner: ownerOf(connection),
    title: `Remove what is left of ${service.shortName} (${connection.name})`,
    key: `remove-left/${connection.connectionId}`,
  })
  if (!isDone(done) || done.by !== 'nothing') await follow(context, located, done, () => 'None')
  return done
}

/** Runs a barring script for a connection. */
export async function bar(
  context: StepContext<unknown>,
  located: Located,
  tools: SbcTools,
  purpose: BarPurpose,
): Promise<WorkDone | Wait> {
  const job = await barringJob(context.operatorId, located, tools, purpose)
  return job ? tools.sbcs.apply(asPlain(context), job) : NOTHING
}

export type BarPurpose = 'bar' | 'unbar'

const BARRING_TEMPLATES: Record<BarPurpose, number> = {
  bar: BUILT_IN_TEMPLATE_IDS.ipGroupBar,
  unbar: BUILT_IN_TEMPLATE_IDS.ipGroupUnbar,
}

/** The script that bars a connection; null where it has nothing of its own on a device. */
export async function barringJob(
  operatorId: number,
  { service, connection, password }: Located,
  { variablesOf }: Pick<SbcTools, 'variablesOf'>,
  purpose: BarPurpose,
): Promise<ScriptJob | null> {
  if (connection.sbcId === null || connection.deployment !== 'Deployed') return null
  const templateId = BARRING_TEMPLATES[purpose]
  const declared = await variablesOf(operatorId, templateId)
  return {
    ...{ sbcId: connection.sbcId, purpose, templateId },
    variables: knownTo(scriptVariables(service, connection, password), declared),
    owner: ownerOf(connection),
    title: `${purpose === 'bar' ? 'Bar' : 'Let call again'}: ${service.shortName} (${connection.name})`,
    key: `${purpose}/${connection.connectionId}`,
  }
}

/** What was just made, or a wait until it is barred, too. */
async function keepBarred(
  context: StepContext<unknown>,
  located: Located,
  tools: SbcTools,
  made: WorkDone,
): Promise<WorkDone | Wait> {
  const { service, connection } = located
  if (service.barredSince === null || connection.model !== 'ip-group') return made
  const present = { ...located, connection: { ...connection, deployment: 'Deployed' as const } }
  const barred = await bar(context, present, tools, 'bar')
  return isDone(barred) ? made : barred
}

export function isDone(outcome: WorkDone | Wait): outcome is WorkDone {
  return 'by' in outcome
}

const NOTHING: WorkDone = { by: 'nothing', templateId: 0, templateVersion: 0, changes: [], output: '', appliedBy: null }

function onboardingJob({ service, connection, password }: Located): ScriptJob | null {
  const { sbcId, onboardingScript } = connection
  if (sbcId === null || onboardingScript === null) return null
  return {
    sbcId,
    purpose: 'onboarding',
    templateId: onboardingScript,
    variables: scriptVariables(service, connection, password),
    owner: ownerOf(connection),
    title: `Connect ${service.shortName} (${connection.name})`,
    key: `connect/${connection.connectionId}`,
  }
}

async function cleanupOf(
  { operatorId }: StepContext<unknown>,
  { service, connection, password }: Located,
  { variablesOf }: SbcTools,
) {
  const { cleanupScript } = connection
  if (cleanupScript === null) return null
  const declared = await variablesOf(operatorId, cleanupScript)
  return { templateId: cleanupScript, variables: knownTo(scriptVariables(service, connection, password), declared) }
}

/** Writes down how the connection stands after a try: done, or waiting and for what. */
async function follow(
  context: StepContext<unknown>,
  { service, connection }: Located,
  outcome: WorkDone | Wait,
  stateOf: (done: WorkDone) => SipConnection['deployment'],
): Promise<void> {
  const change = isDone(outcome)
    ? { deployment: stateOf(outcome), deploymentDetail: null }
    : { deployment: 'Waiting' as const, deploymentDetail: outcome.reason }
  await context.transact(async (tx) => {
    const now = await serviceStore(tx).lock(service.serviceId)
    if (!now) return
    await sipConnectionStore(tx).update(now, connection.connectionId, change)
    if (!isDone(outcome) || outcome.output === '') return
    const by = outcome.appliedBy === null ? '' : `, applied by ${outcome.appliedBy}`
    await context.message(tx, 'Information', `${connection.name}${by}: ${outcome.output}`)
  })
}

/** The work on SBCs does not look at what the task was given. */
export function asPlain(context: StepContext<unknown>): StepContext {
  return context as StepContext
}
