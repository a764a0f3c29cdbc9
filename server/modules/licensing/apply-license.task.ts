import { AppError } from '../../kernel/errors.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import { emit } from '../../platform/events/index.ts'
import type { JobRegistry } from '../../platform/jobs/index.ts'
import { selectRun } from '../../platform/jobs/index.ts'
import { defineTask, type StepContext, type TaskEnd, waitFor } from '../../platform/tasks/index.ts'
import { journal } from '../audit/index.ts'
import {
  type LeadSource,
  leadLicense,
  type TellingRelationship,
  type ToldRelationship,
  takeBackRelationship,
  tellRelationship,
} from '../leads/index.ts'
import { dropService, makeService, objectOf, serviceStore, sipConnectionStore } from '../services/index.ts'
import { connect, disconnectAgain, isDone, locate, type SbcTools } from './connect-sbc.ts'
import { type LicenseOrder, newConnectionOf, newServiceOf } from './license-order.ts'
import { serviceFacts } from './service-events.ts'

export const APPLY_LICENSE_TASK = 'licensing.apply-license'
export const APPLY_LICENSE_ON_SBC_TASK = 'licensing.apply-license-on-sbc'
/** Run after Advanced Settings. Source: seed 004, step 8. */
export const SYNC_TRUNKS_JOB = 'peering.sync-trunks-job'

const LOOK_AGAIN_SECONDS = 2

type Context = StepContext<LicenseOrder>
export type LicenseTools = SbcTools & { source: LeadSource; registry: JobRegistry }

/** A lead becomes a service: each step idempotent, each with its undo, resumed after a crash. Source: issue 7, 1. */
export function applyLicenseTask({ source }: Pick<LicenseTools, 'source'>) {
  return defineTask<LicenseOrder>({
    kind: APPLY_LICENSE_TASK,
    summary: 'Applies a license: a lead becomes a service',
    ...COMMON,
    steps: [RESERVE, agreementStep(source), FINISH],
    onEnd: (tx, end) => settle(tx, end, APPLY_LICENSE_TASK),
  })
}

/** The same, with Advanced Settings: also what the customer needs on an SBC. */
export function applyLicenseOnSbcTask(tools: LicenseTools) {
  return defineTask<LicenseOrder>({
    kind: APPLY_LICENSE_ON_SBC_TASK,
    summary: 'Applies a license and connects the customer to an SBC: a lead becomes a service',
    ...COMMON,
    steps: [
      RESERVE,
      agreementStep(tools.source),
      {
        name: 'connect',
        title: 'Connect it to the SBC',
        timeoutSeconds: 600,
        run: (context) => connectFirst(context, tools),
        undo: (context) => disconnectFirst(context, tools),
      },
      { name: 'sync-trunks', title: 'Sync trunks', run: (context) => syncTrunks(context, tools.registry) },
      FINISH,
    ],
    onEnd: (tx, end) => settle(tx, end, APPLY_LICENSE_ON_SBC_TASK),
  })
}

const COMMON = {
  permissions: { see: 'services.read', run: 'services.write' },
  details: () => ['Converted'],
} as const
const RESERVE = { name: 'reserve', title: 'Take the short name', run: reserve, undo: unreserve, local: true } as const
const FINISH = { name: 'finish', title: 'Move the lead to Tenants', run: finish, local: true } as const

function agreementStep(source: LeadSource) {
  return {
    name: 'agreement',
    title: 'Tell Microsoft that the agreement is signed',
    run: (context: Context) => agree(context, source),
    undo: (context: Context) => disagree(context, source),
  }
}

/** Takes short name, license and lead for this task. Throws 409 or 422 where one of them cannot be had. */
export async function reserveService(tx: Tx, order: LicenseOrder, taskId: string): Promise<void> {
  // Looked at before anybody is kept waiting: mostly the request has done it already.
  const known = await serviceStore(tx).find(order.serviceId)
  if (known && known.taskId === taskId) return
  const lead = await leadLicense.demandActive(tx, order.leadId)
  await leadLicense.begin(tx, lead)
  await makeService(tx, newServiceOf({ ...order, channelId: lead.channelId }, taskId), {
    ...newConnectionOf({ ...order, channelId: lead.channelId }, order.advanced),
  })
}

async function reserve(context: Context) {
  await context.transact((tx) => reserveService(tx, context.input, context.taskId))
}

async function unreserve({ transact, input, taskId }: Context): Promise<void> {
  await transact(async (tx) => {
    await leadLicense.lock(tx, input.leadId)
    const service = await serviceStore(tx).lock(input.serviceId)
    // The password stays: whoever has the task tried again does not know it any more.
    if (service?.taskId === taskId && service.state === 'Creating')
      await dropService(tx, service, { keepSecrets: true })
  })
}

const AGREEMENT = { status: 'AgreementSigned', comment: '' } as const

function telling({ principal, input, signal, transact }: Context): TellingRelationship {
  return { principal, tenantId: input.tenantId, wanted: AGREEMENT, signal, transact }
}

async function agree(context: Context, source: LeadSource): Promise<void> {
  const told = context.memory<ToldRelationship>()
  await tellRelationship(source, told, telling(context), (tx, known) => context.remember(tx, known))
}

async function disagree(context: Context, source: LeadSource): Promise<void> {
  await takeBackRelationship(source, context.memory<ToldRelationship>(), telling(context))
  await context.transact((tx) => context.remember(tx, null))
}

async function connectFirst(context: Context, tools: SbcTools) {
  if (!context.input.advanced) return
  const located = await locate(context, context.input.connectionId, tools)
  if (!located) throw new AppError({ code: 'not-found', status: 404, detail: 'The SIP connection is gone.' })
  const outcome = await connect(context, located, tools)
  return isDone(outcome) ? undefined : outcome
}

async function disconnectFirst(context: Context, tools: SbcTools): Promise<void> {
  if (!context.input.advanced) return
  const located = await locate(context, context.input.connectionId, tools)
  if (located) await disconnectAgain(context, located, tools)
}

/** Once, and until it is over; what comes of it is told, and stops nothing: the schedule syncs trunks again. */
async function syncTrunks(context: Context, registry: JobRegistry) {
  const { input, operatorId, memory, transact, remember, message } = context
  if (!input.advanced || !registry.find(SYNC_TRUNKS_JOB)) return
  // Runs belong to the operator as a whole, whoever has asked for the license.
  const known = memory<{ runId: string }>()
  if (!known) {
    const operator = { ...context.principal, channelId: null }
    const { run } = await registry.requestRun(operator, { job: SYNC_TRUNKS_JOB, operatorId, trigger: 'event' })
    await transact((tx) => remember(tx, { runId: run.runId }))
    return waitFor('Trunks are being synced with Microsoft.', LOOK_AGAIN_SECONDS)
  }
  const run = await transact((tx) => selectRun(tx, known.runId))
  if (run && (run.state === 'queued' || run.state === 'running') && !run.error) {
    return waitFor('Trunks are being synced with Microsoft.', LOOK_AGAIN_SECONDS)
  }
  if (run?.error) {
    const { error } = run
    await transact((tx) => message(tx, 'Warning', `Trunks could not be synced: ${error.message}`))
  }
}

async function finish({ transact, input, message, taskId }: Context) {
  await transact(async (tx) => {
    const lead = await leadLicense.demandActive(tx, input.leadId)
    const service = await serviceStore(tx).lock(input.serviceId)
    if (!service || (service.taskId !== taskId && service.state === 'Creating')) {
      throw new AppError({ code: 'not-found', status: 404, detail: 'What was reserved for this task is gone.' })
    }
    // Done before a crash: the whole of it is one transaction.
    if (service.state === 'Active') return
    await leadLicense.grant(tx, lead, input.serviceId, input.license)
    await serviceStore(tx).update(service, { state: 'Active', taskId: null })
    const { channelId, lcCustomerId, model } = service
    await journal(tx).append({
      action: 'service.created',
      object: objectOf(service),
      channelId,
      after: { ...serviceFacts(service), leadId: input.leadId, lcCustomerId, model },
    })
    await emit(tx, {
      name: 'service.created',
      channelId,
      key: `service/${service.serviceId}`,
      payload: { ...serviceFacts(service), leadId: input.leadId },
    })
    await message(tx, 'Information', `The service ${service.shortName} is there.`)
  })
  return { umpCustomerGuid: input.serviceId }
}

/** What the lead says in the end; one that another task has taken up meanwhile says what that one does. */
async function settle(
  tx: Tx,
  { state, undoReason, input, taskId, error }: TaskEnd<LicenseOrder>,
  kind: string,
): Promise<void> {
  if (state === 'succeeded') return
  const lead = await leadLicense.lock(tx, input.leadId)
  const service = await serviceStore(tx).ofLead(input.leadId)
  if (service && service.taskId !== taskId) return
  if (lead && lead.umpCustomerGuid === null) {
    const isWanted = state === 'cancelled'
    await leadLicense.mark(tx, lead, isWanted ? null : 'Failed')
  }
  if (state === 'cancelled') await sipConnectionStore(tx).dropPasswords(service ? [] : [input.connectionId])
  if (undoReason === 'cancel' || undoReason === 'asked' || state === 'cancelled') return
  await emit(tx, {
    name: 'service.failed',
    channelId: lead?.channelId ?? null,
    key: `service/${input.serviceId}`,
    payload: {
      serviceId: input.serviceId,
      tenantId: input.tenantId,
      shortName: input.shortName,
      fullName: input.fullName,
      license: input.license,
      taskId,
      kind,
      error: error?.code ?? null,
      message: error?.message ?? null,
    },
  })
}
