import type { DeploymentState } from '../../../contract/services.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import { defineTask, type StepContext, type TaskEnd } from '../../platform/tasks/index.ts'
import { journal } from '../audit/index.ts'
import {
  type NewConnection,
  objectOf,
  type SipConnection,
  serviceStore,
  sipConnectionStore,
} from '../services/index.ts'
import { connect, disconnect, disconnectAgain, isDone, locate, type SbcTools } from './connect-sbc.ts'
import { type RemovedRules, removeRules, restoreRules } from './dial-plan-cleaning.ts'
import { type ReconnectTask, reconnectLater, restoreConnection } from './reconnect-service.task.ts'
import { releaseService } from './service-task.ts'

const permissions = { see: 'services.read', run: 'services.write' } as const

export type AddedConnection = { serviceId: string; connectionId: string; connection: NewConnection }
/** `was`: how it stood before; left out by older versions. */
export type RemovedConnection = { serviceId: string; connectionId: string; was?: DeploymentState }
/** What of a connection may change on its device. */
export type ConnectionFacts = Pick<
  SipConnection,
  'name' | 'cacProfile' | 'proxySet' | 'carrierHostName' | 'carrierUserName' | 'carrierMainLine' | 'variables'
>
export type ChangedConnection = RemovedConnection & { before: ConnectionFacts; after: ConnectionFacts }

/** What tasks need that may have to make again what they took off an SBC. */
export type RestoringTools = SbcTools & { reconnect: ReconnectTask }

export const ADD_CONNECTION_TASK = 'licensing.add-connection'
export const CHANGE_CONNECTION_TASK = 'licensing.change-connection'
export const REMOVE_CONNECTION_TASK = 'licensing.remove-connection'

/** A further SIP connection of a service. Source: rest-api.md S2. */
export function addConnectionTask(tools: SbcTools) {
  type Context = StepContext<AddedConnection>
  return defineTask<AddedConnection>({
    kind: ADD_CONNECTION_TASK,
    summary: 'Adds a SIP connection to a service',
    permissions,
    steps: [
      {
        name: 'write-down',
        title: 'Write it down',
        run: ({ transact, input }: Context) =>
          transact(async (tx) => {
            await insertConnection(tx, input)
          }),
        undo: ({ transact, input }: Context) =>
          transact(async (tx) => {
            const service = await serviceStore(tx).lock(input.serviceId)
            if (service) await sipConnectionStore(tx).remove(service, input.connectionId)
          }),
      },
      connectStep(tools),
      {
        name: 'finish',
        title: 'Tell of it',
        run: (context: Context) => tell(context, 'service.connection-added', { name: context.input.connection.name }),
      },
    ],
    onEnd: release,
  })
}

/** As it was asked for; one that is there already stays. */
export async function insertConnection(tx: Tx, { serviceId, connection }: AddedConnection): Promise<void> {
  const service = await serviceStore(tx).lock(serviceId)
  if (!service) throw new AppError({ code: 'not-found', status: 404, detail: 'The service is gone.' })
  await sipConnectionStore(tx).insert(service, { ...connection, channelId: service.channelId })
}

/** Takes the objects off and makes them as they shall be. Source: rest-api.md S3. */
export function changeConnectionTask(tools: RestoringTools) {
  type Context = StepContext<ChangedConnection>
  const write = ({ transact, input }: Context, facts: ConnectionFacts) =>
    transact(async (tx) => {
      const service = await serviceStore(tx).lock(input.serviceId)
      if (service) await sipConnectionStore(tx).update(service, input.connectionId, facts)
    })
  return defineTask<ChangedConnection>({
    kind: CHANGE_CONNECTION_TASK,
    summary: 'Changes a SIP connection of a service',
    permissions,
    steps: [
      {
        ...disconnectStep(tools),
        // As it was: nothing of the change is written down by then.
        undo: (context: Context) => restoreConnection(context, context.input.connectionId, tools, context.input.was),
      },
      {
        name: 'write-down',
        title: 'Write the change down',
        run: (context: Context) => write(context, context.input.after),
        undo: (context: Context) => write(context, context.input.before),
      },
      connectStep(tools),
      {
        name: 'finish',
        title: 'Tell of it',
        run: (context: Context) => tell(context, 'service.connection-changed', { name: context.input.after.name }),
      },
    ],
    onEnd: (tx, end) => releaseAndReconnect(tx, end, tools),
  })
}

/** Source: rest-api.md S4. */
export function removeConnectionTask(tools: RestoringTools) {
  type Context = StepContext<RemovedConnection>
  return defineTask<RemovedConnection>({
    kind: REMOVE_CONNECTION_TASK,
    summary: 'Takes a SIP connection off a service',
    permissions,
    steps: [
      {
        ...disconnectStep(tools),
        run: async (context: Context) =>
          (await disconnectStep(tools).run(context)) ?? (await removeLastRules(context, tools)),
        async undo(context: Context) {
          await restoreConnection(context, context.input.connectionId, tools, context.input.was)
          await restoreRules(context, tools.sbcs, context.memory<RemovedRules>() ?? [])
        },
      },
      {
        name: 'finish',
        title: 'Strike it out',
        run: ({ transact, input }: Context) =>
          transact(async (tx) => {
            const service = await serviceStore(tx).lock(input.serviceId)
            const connection = await sipConnectionStore(tx).find(input.connectionId)
            if (!service || !connection) return
            await sipConnectionStore(tx).remove(service, input.connectionId)
            await sipConnectionStore(tx).dropPasswords([input.connectionId])
            await journal(tx).append({
              action: 'service.connection-removed',
              object: objectOf(service),
              channelId: service.channelId,
              before: { connectionId: input.connectionId, name: connection.name },
              after: null,
            })
          }),
      },
    ],
    onEnd: (tx, end) => releaseAndReconnect(tx, end, tools),
  })
}

type OnConnection = StepContext<RemovedConnection>

function connectStep(tools: SbcTools) {
  return {
    name: 'connect',
    title: 'Connect it to the SBC',
    timeoutSeconds: 600,
    async run(context: OnConnection) {
      const located = await locate(context, context.input.connectionId, tools)
      if (!located) throw new AppError({ code: 'not-found', status: 404, detail: 'The SIP connection is gone.' })
      const outcome = await connect(context, located, tools)
      return isDone(outcome) ? undefined : outcome
    },
    async undo(context: OnConnection) {
      const located = await locate(context, context.input.connectionId, tools)
      if (located) await disconnectAgain(context, located, tools)
    },
  }
}

function disconnectStep(tools: SbcTools) {
  return {
    name: 'disconnect',
    title: 'Take it off the SBC',
    timeoutSeconds: 600,
    async run(context: OnConnection) {
      const located = await locate(context, context.input.connectionId, tools)
      if (!located) return
      const outcome = await disconnect(context, located, tools)
      return isDone(outcome) ? undefined : outcome
    },
  }
}

/** With the last SIP connection on a device the rules of the service go, too. */
async function removeLastRules(context: OnConnection, tools: SbcTools) {
  const { connectionId } = context.input
  const located = await locate(context, connectionId, tools)
  const sbcId = located?.connection.sbcId ?? null
  if (!located || sbcId === null) return
  const all = await context.transact((tx) => sipConnectionStore(tx).ofService(located.service.serviceId))
  if (all.some((one) => one.connectionId !== connectionId && one.sbcId === sbcId)) return
  const removed = context.memory<RemovedRules>() ?? []
  const remember = () => context.transact((tx) => context.remember(tx, removed))
  return (await removeRules(context, tools.sbcs, { owner: located.service, sbcId, removed, remember })) ?? undefined
}

async function tell(context: OnConnection, action: string, after: Record<string, unknown>): Promise<void> {
  const { transact, input } = context
  await transact(async (tx) => {
    const service = await serviceStore(tx).find(input.serviceId)
    if (!service) return
    const { channelId } = service
    const told = { connectionId: input.connectionId, ...after }
    await journal(tx).append({ action, object: objectOf(service), channelId, after: told })
  })
}

function release(tx: Tx, { input, taskId }: TaskEnd<{ serviceId: string }>): Promise<void> {
  return releaseService(tx, input.serviceId, taskId)
}

async function releaseAndReconnect(
  tx: Tx,
  end: TaskEnd<{ serviceId: string }>,
  { reconnect }: RestoringTools,
): Promise<void> {
  await release(tx, end)
  await reconnectLater(tx, reconnect, end, end.input.serviceId)
}
