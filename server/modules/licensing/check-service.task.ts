import type { HealthState, WireCheckResult } from '../../../contract/services.ts'
import { AppError, messageOf } from '../../kernel/errors.ts'
import { defineTask, type StepContext } from '../../platform/tasks/index.ts'
import { journal } from '../audit/index.ts'
import type { LeadSource } from '../leads/index.ts'
import type { OwnerCheck } from '../sbcs/index.ts'
import { objectOf, type Service, serviceStore, sipConnectionStore } from '../services/index.ts'
import { barringJob, type SbcTools } from './connect-sbc.ts'
import { ownerOfService } from './license-order.ts'
import { trunkResult } from './trunk-check.ts'

export const CHECK_SERVICE_TASK = 'licensing.check-service'

export type CheckInput = { serviceId: string }
type Context = StepContext<CheckInput>
export type CheckTools = Pick<SbcTools, 'sbcs' | 'variablesOf'> & {
  source: LeadSource
  /** FQDNs of the trunks that Microsoft lists; null: never synced. */
  trunkFqdns(operatorId: number): Promise<ReadonlySet<string> | null>
}

/** "Does it work?": looks at every system and changes none. Source: issue 7, 1. */
export function checkServiceTask(tools: CheckTools) {
  return defineTask<CheckInput>({
    kind: CHECK_SERVICE_TASK,
    summary: 'Looks whether a service works',
    permissions: { see: 'services.read', run: 'services.write' },
    steps: [
      { name: 'look', title: 'Ask Microsoft and the SBC', timeoutSeconds: 300, run: (context) => look(context, tools) },
    ],
  })
}

async function look(context: Context, tools: CheckTools) {
  const { transact, input, operatorId, signal } = context
  const service = await transact((tx) => serviceStore(tx).find(input.serviceId))
  if (!service) throw new AppError({ code: 'not-found', status: 404, detail: 'The service is gone.' })
  const results = [
    ...(await askMicrosoft(context, service, tools.source)),
    ...sbcResults(service, await tools.sbcs.checkOwner(operatorId, ownerOfService(service.serviceId), signal)),
    ...(await barResults(context, service, tools)),
    await trunkOf(context, service, tools),
  ]
  const health = healthOf(results)
  await transact(async (tx) => {
    const now = await serviceStore(tx).lock(service.serviceId)
    if (!now) return
    await serviceStore(tx).update(now, { health, checkedAt: new Date(), checkResults: results })
    await journal(tx).append({
      action: 'service.checked',
      object: objectOf(now),
      channelId: now.channelId,
      after: { health, results: results.map(({ code, result }) => ({ code, result })) },
    })
  })
  return { health }
}

type Relation = { status?: unknown }

async function askMicrosoft(
  { principal, signal }: Context,
  service: Service,
  source: LeadSource,
): Promise<WireCheckResult[]> {
  const tenant = { code: 'microsoft-tenant', title: 'Microsoft answers for the tenant' }
  try {
    const { remote } = await source.recordOf({ ...principal, channelId: null }, service.tenantId, signal)
    const isActive = remote.status.toLowerCase() === 'active'
    const status = `Microsoft calls the customer ${remote.status}.`
    const relation = (remote.extras.customerRelationship ?? null) as Relation | null
    const told = typeof relation?.status === 'string' ? relation.status : null
    const isSigned = told === 'AgreementSigned'
    return [
      {
        ...tenant,
        result: isActive ? 'ok' : 'warning',
        detail: isActive ? status : `${status} Ask the customer, then decide whether the service goes on.`,
      },
      {
        code: 'relationship',
        title: 'Microsoft knows that the agreement is signed',
        result: isSigned ? 'ok' : 'warning',
        detail: isSigned
          ? 'It is AgreementSigned there.'
          : `It is ${told ?? 'not set'} there: set the relationship of the lead to AgreementSigned.`,
      },
    ]
  } catch (error) {
    if (signal.aborted) throw error
    const isGone = error instanceof AppError && error.code === 'consent-gone'
    return [{ ...tenant, result: isGone ? 'error' : 'warning', detail: messageOf(error) }]
  }
}

/** What is on the devices, in words; a service that shares the trunk has nothing there that could be looked at. */
export function sbcResults(service: Pick<Service, 'model' | 'deployment'>, check: OwnerCheck): WireCheckResult[] {
  const objects = { code: 'sbc-objects', title: 'Its objects on the SBC are as they should be' }
  const { objects: seen, unasked } = check
  if (seen.length === 0 && unasked.length === 0) {
    const expected = service.model === 'ip-group'
    const detail = expected
      ? 'No object of it is known on any SBC, although it should have IP groups of its own.'
      : 'It has none of its own: its calls share the trunk of the operator.'
    return [{ ...objects, result: expected ? 'error' : 'skipped', detail }]
  }
  const wrong = seen.filter(({ state }) => state !== 'as-expected')
  const list = wrong.map(({ sbcName, table, name, state }) => `${table} ${name} on ${sbcName} is ${state}`).join('; ')
  const results: WireCheckResult[] = unasked.map(({ sbcName, detail, remedy }) => ({
    code: 'sbc-not-asked',
    title: `${sbcName} answers`,
    result: 'warning',
    detail: `${detail} ${remedy}`.trim(),
  }))
  if (seen.length > 0) {
    results.unshift({
      ...objects,
      result: wrong.length === 0 ? 'ok' : 'error',
      detail: wrong.length === 0 ? `${seen.length} objects were read back.` : `${list}. Have the script applied again.`,
    })
  }
  return results
}

/** Whether a barred service is barred on its devices, too, where they can be asked; a script writes its tags anew. */
async function barResults(context: Context, service: Service, tools: CheckTools): Promise<WireCheckResult[]> {
  if (service.barredSince === null) return []
  const { transact, operatorId, signal } = context
  const connections = await transact((tx) => sipConnectionStore(tx).ofService(service.serviceId))
  const results: WireCheckResult[] = []
  for (const connection of connections.filter(({ model }) => model === 'ip-group')) {
    const job = await barringJob(operatorId, { service, connection, password: null }, tools, 'bar')
    if (!job) continue
    const { asked, trouble, changes } = await tools.sbcs.preflight(operatorId, job, signal)
    // Of devices that do not answer it is told already.
    if (!asked || trouble) continue
    const isBarred = changes.every(({ what }) => what === 'keep')
    results.push({
      code: 'bar',
      title: 'It is barred on the SBC',
      result: isBarred ? 'ok' : 'error',
      detail: isBarred
        ? `${connection.name}: the mark is there.`
        : `${connection.name} can call, although the service is barred: let it call again, then bar it.`,
    })
  }
  return results
}

/** Whether calls find a way between Microsoft and its SBCs, as far as it was last heard of. */
async function trunkOf({ transact, operatorId }: Context, service: Service, tools: CheckTools) {
  const connections = await transact((tx) => sipConnectionStore(tx).ofService(service.serviceId))
  const used = new Set(connections.map(({ sbcId }) => sbcId))
  const all = await tools.sbcs.devices(operatorId)
  const own = all.filter(({ sbcId }) => used.has(sbcId))
  return trunkResult(own, all, await tools.trunkFqdns(operatorId))
}

/** As the worst of what was found. */
export function healthOf(results: readonly WireCheckResult[]): HealthState {
  if (results.some(({ result }) => result === 'error')) return 'error'
  if (results.some(({ result }) => result === 'warning')) return 'warning'
  return results.some(({ result }) => result === 'ok') ? 'ok' : 'unknown'
}
