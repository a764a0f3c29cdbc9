import { AppError } from '../../kernel/errors.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import { emit } from '../../platform/events/index.ts'
import { defineTask, type StepContext, type TaskEnd } from '../../platform/tasks/index.ts'
import { journal } from '../audit/index.ts'
import {
  type LeadSource,
  leadLicense,
  type TellingRelationship,
  type ToldRelationship,
  takeBackRelationship,
  tellRelationship,
} from '../leads/index.ts'
import { dropService, objectOf, type Service, serviceStore } from '../services/index.ts'
import { cleanSbcs, restoreSbcs, surveySbcs } from './clean-service.ts'
import type { RestoringTools } from './connection.tasks.ts'
import { reconnectLater } from './reconnect-service.task.ts'
import { serviceFacts } from './service-events.ts'
import { heldAtMicrosoft, releaseFirst, type TenantNumbers } from './tenant-numbers.ts'

export const DELETE_SERVICE_TASK = 'licensing.delete-service'

export type Deletion = {
  serviceId: string
  leadId: string
  tenantId: string
  shortName: string
  /** Microsoft is told ContractTerminated with this reason; null: it is told nothing. */
  terminate: { reason: string } | null
}

type Context = StepContext<Deletion>
export type DeletionTools = RestoringTools & { source: LeadSource; numbers: TenantNumbers }

/**
 * "Delete Customer". Until something was taken away a failure puts everything back by itself; after that it stops where it
 * is, and somebody has it tried again or undone. Source: issue 7, 4; portal.md 11.
 */
export function deleteServiceTask(tools: DeletionTools) {
  return defineTask<Deletion>({
    kind: DELETE_SERVICE_TASK,
    summary: 'Deletes a customer: takes a service down and proves it',
    permissions: { see: 'services.read', run: 'services.write' },
    onFailure: 'stop',
    details: () => ['Deleted'],
    steps: [
      {
        name: 'numbers',
        title: 'Ask for phone numbers',
        run: (context) => checkNumbers(context, tools.numbers),
        undo: standAgain,
      },
      {
        name: 'clean',
        title: 'Take it off the SBCs',
        timeoutSeconds: 600,
        run: (context) => clean(context, tools),
        undo: (context) => restoreSbcs(context, tools),
      },
      {
        name: 'terminate',
        title: 'Tell Microsoft that the contract has ended',
        run: (context) => terminate(context, tools.source),
        undo: (context) => unterminate(context, tools.source),
      },
      {
        name: 'verify',
        title: 'Look whether anything is left',
        timeoutSeconds: 300,
        run: (context) => verify(context, tools),
      },
      { name: 'finish', title: 'Return the lead to New Leads', run: finish },
    ],
    async onEnd(tx, end) {
      await settle(tx, end)
      await reconnectLater(tx, tools.reconnect, end, end.input.serviceId)
    },
  })
}

/** The service is being deleted from now on, and its lead says Updating. Throws 409 where something else is at work. */
export async function beginDeletion(tx: Tx, deletion: Deletion, taskId: string): Promise<Service | null> {
  const lead = await leadLicense.lock(tx, deletion.leadId)
  const service = await serviceStore(tx).lock(deletion.serviceId)
  if (!service) return null
  if (lead && lead.processing !== 'Updating' && service.taskId === taskId) {
    await leadLicense.mark(tx, lead, 'Updating')
  }
  if (service.taskId === taskId && service.state === 'Deleting') return service
  if (service.taskId !== null && service.taskId !== taskId) {
    const detail = `The task ${service.taskId} is at work on it: wait for its end.`
    throw new AppError({ code: 'service-busy', status: 409, detail })
  }
  await serviceStore(tx).update(service, { state: 'Deleting', taskId })
  if (lead) await leadLicense.mark(tx, lead, 'Updating')
  return service
}

async function checkNumbers({ transact, input, taskId, principal, signal, message }: Context, numbers: TenantNumbers) {
  await transact((tx) => beginDeletion(tx, input, taskId))
  const count = await numbers.count({ ...principal, channelId: null }, input.tenantId, signal)
  if (count !== null && count > 0) {
    throw new AppError({ code: 'numbers-at-microsoft', status: 409, detail: releaseFirst(count) })
  }
  if (count === null) {
    const text = 'Microsoft has no list of numbers for this tenant: look in its operator portal whether any are left.'
    await transact((tx) => message(tx, 'Information', text))
  }
  // From here on something may have been taken away.
  return { begun: true }
}

/** The service goes on as it was. */
async function standAgain({ transact, input, taskId }: Context): Promise<void> {
  await transact((tx) => putBack(tx, input, taskId))
}

async function putBack(tx: Tx, { leadId, serviceId }: Deletion, taskId: string): Promise<void> {
  const lead = await leadLicense.lock(tx, leadId)
  const service = await serviceStore(tx).lock(serviceId)
  if (!service || service.taskId !== taskId) return
  await serviceStore(tx).update(service, { state: 'Active', taskId: null })
  if (lead) await leadLicense.mark(tx, lead, 'Success')
}

async function clean(context: Context, tools: DeletionTools) {
  await context.transact((tx) => beginDeletion(tx, context.input, context.taskId))
  return cleanSbcs(context, tools)
}

function telling({ principal, input, signal, transact }: Context): TellingRelationship {
  const wanted = { status: 'ContractTerminated' as const, comment: input.terminate?.reason ?? '' }
  return { principal, tenantId: input.tenantId, wanted, signal, transact }
}

async function terminate(context: Context, source: LeadSource): Promise<void> {
  if (!context.input.terminate) return
  const told = context.memory<ToldRelationship>()
  try {
    await tellRelationship(source, told, telling(context), (tx, known) => context.remember(tx, known))
  } catch (error) {
    // Nobody is left there to be told.
    if (!(error instanceof AppError) || error.code !== 'consent-gone') throw error
    await context.transact((tx) => context.message(tx, 'Information', error.message))
  }
}

async function unterminate(context: Context, source: LeadSource): Promise<void> {
  await takeBackRelationship(source, context.memory<ToldRelationship>(), telling(context))
  await context.transact((tx) => context.remember(tx, null))
}

async function verify(context: Context, { sbcs, numbers }: DeletionTools) {
  const { input, signal, principal } = context
  const findings = await surveySbcs(context, sbcs)
  const count = await numbers.count({ ...principal, channelId: null }, input.tenantId, signal)
  if (count !== null) {
    findings.push({ system: 'microsoft', ok: count === 0, text: heldAtMicrosoft(count) })
  }
  const bad = findings.filter(({ ok }) => !ok)
  if (bad.length > 0) {
    throw Object.assign(new Error(bad.map(({ text }) => text).join(' ')), {
      code: 'service-not-clean',
      remedy: 'Look at the systems named, remove what is left or have the task tried again.',
    })
  }
  await context.transact(async (tx) => {
    for (const { text } of findings) await context.message(tx, 'Information', text)
  })
  return { report: findings.map(({ system, text }) => ({ system, text })) }
}

async function finish({ transact, input, message }: Context) {
  await transact(async (tx) => {
    const lead = await leadLicense.lock(tx, input.leadId)
    const service = await serviceStore(tx).lock(input.serviceId)
    // Done before a crash: the whole of it is one transaction.
    if (!service) return
    await dropService(tx, service)
    if (lead?.umpCustomerGuid === service.serviceId) await leadLicense.takeBack(tx, lead)
    const { channelId } = service
    const before = { ...serviceFacts(service), leadId: service.leadId, lcCustomerId: service.lcCustomerId }
    await journal(tx).append({ action: 'service.deleted', object: objectOf(service), channelId, before, after: null })
    await emit(tx, {
      name: 'service.deleted',
      channelId,
      key: `service/${service.serviceId}`,
      payload: { ...serviceFacts(service), leadId: service.leadId },
    })
    await message(tx, 'Information', `${service.shortName} is deleted. The lead is back in New Leads.`)
  })
  return { umpCustomerGuid: input.serviceId }
}

async function settle(tx: Tx, { state, undoReason, input, output, error, taskId }: TaskEnd<Deletion>): Promise<void> {
  if (state === 'succeeded' || undoReason === 'asked' || undoReason === 'cancel') return
  const service = await serviceStore(tx).find(input.serviceId)
  // Nothing was taken away yet, so nothing need stay as it is.
  if (output.begun !== true) await putBack(tx, input, taskId)
  else if (service?.taskId === taskId) {
    const lead = await leadLicense.lock(tx, input.leadId)
    if (lead) await leadLicense.mark(tx, lead, 'Failed')
  }
  if (!service) return
  await emit(tx, {
    name: 'service.failed',
    channelId: service.channelId,
    key: `service/${service.serviceId}`,
    payload: {
      ...serviceFacts(service),
      taskId,
      kind: DELETE_SERVICE_TASK,
      error: error?.code ?? null,
      message: error?.message ?? null,
    },
  })
}
