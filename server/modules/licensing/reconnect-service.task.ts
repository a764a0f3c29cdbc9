import type { DeploymentState } from '../../../contract/services.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import { defineTask, type StepContext, type TaskDefinition, type TaskEnd } from '../../platform/tasks/index.ts'
import { type SipConnection, serviceStore, sipConnectionStore } from '../services/index.ts'
import { requestTask } from '../tasks/index.ts'
import { connect, isDone, locate, type SbcTools } from './connect-sbc.ts'
import { releaseService } from './service-task.ts'

export type Reconnection = { serviceId: string; connectionIds: string[] }
export type ReconnectTask = TaskDefinition<Reconnection>
type Context = StepContext<Reconnection>

/** Makes again what a task has taken off an SBC and could not make again itself, since undoing waits for nobody. */
export function reconnectServiceTask(tools: SbcTools): ReconnectTask {
  return defineTask<Reconnection>({
    kind: 'licensing.reconnect-service',
    summary: 'Connects a service again after a task that was taken back',
    permissions: { see: 'services.read', run: 'services.write' },
    steps: [
      {
        name: 'connect',
        title: 'Connect it to the SBC again',
        timeoutSeconds: 600,
        run: (context) => connectAll(context, tools),
        // What somebody was asked to apply is asked for no more; what is made stays.
        undo: (context) => withdrawAll(context, tools),
      },
    ],
    onEnd: settle,
  })
}

async function connectAll(context: Context, tools: SbcTools) {
  for (const connectionId of context.input.connectionIds) {
    const located = await locate(context, connectionId, tools)
    if (!located || located.connection.deployment === 'Deployed') continue
    const outcome = await connect(context, located, tools)
    if (!isDone(outcome)) return outcome
  }
}

async function withdrawAll(context: Context, tools: SbcTools): Promise<void> {
  for (const connectionId of context.input.connectionIds) {
    const located = await locate(context, connectionId, tools)
    if (located) await giveUp(context, located.connection, 'connect', tools)
  }
}

/** Those that are not back say so. */
async function settle(tx: Tx, { state, input, taskId, error }: TaskEnd<Reconnection>): Promise<void> {
  const service = await serviceStore(tx).lock(input.serviceId)
  if (service && state !== 'succeeded') {
    const store = sipConnectionStore(tx)
    const deploymentDetail = error?.message ?? 'Nobody has connected it again.'
    for (const { connectionId, deployment } of await store.ofService(input.serviceId)) {
      if (!input.connectionIds.includes(connectionId) || !isUnderWay(deployment)) continue
      await store.update(service, connectionId, { deployment: 'Failed', deploymentDetail })
    }
  }
  await releaseService(tx, input.serviceId, taskId)
}

/**
 * Takes back what a step with `disconnect` may have done: a connection that nobody has removed is as it was, one that
 * Leadline has removed is made again, and one that a person has removed is Pending until `reconnectLater` sees to it.
 * `was`: how it stood before.
 */
export async function restoreConnection(
  context: StepContext<unknown>,
  connectionId: string,
  tools: SbcTools,
  was: DeploymentState = 'Deployed',
): Promise<void> {
  const located = await locate(context, connectionId, tools)
  if (!located) return
  const removal = await giveUp(context, located.connection, 'remove', tools)
  if (removal === 'by-driver') {
    const outcome = await connect(context, located, tools)
    if (!isDone(outcome)) await context.transact((tx) => context.message(tx, 'Warning', outcome.reason))
    return
  }
  if (removal === 'untouched' && !isUnderWay(located.connection.deployment)) return
  await context.transact(async (tx) => {
    const service = await serviceStore(tx).lock(located.service.serviceId)
    const deployment = removal === 'untouched' ? was : 'Pending'
    if (service) await sipConnectionStore(tx).update(service, connectionId, { deployment, deploymentDetail: null })
  })
}

/** For the end of a task with such steps: what could not wait to be made again gets a task that can. */
export async function reconnectLater(
  tx: Tx,
  task: ReconnectTask,
  { state, undoReason }: Pick<TaskEnd<unknown>, 'state' | 'undoReason'>,
  serviceId: string,
): Promise<void> {
  if (undoReason === null || (state !== 'failed' && state !== 'cancelled')) return
  const service = await serviceStore(tx).lock(serviceId)
  if (service?.state !== 'Active' || service.taskId !== null) return
  const left = (await sipConnectionStore(tx).ofService(serviceId)).filter(
    ({ sbcId, deployment }) => sbcId !== null && isUnderWay(deployment),
  )
  if (left.length === 0) return
  const { taskId } = await requestTask(tx, task, {
    title: `Connect ${service.fullName} again`,
    input: { serviceId, connectionIds: left.map(({ connectionId }) => connectionId) },
    about: { type: 'service', id: serviceId, name: service.fullName },
  })
  await serviceStore(tx).update(service, { taskId })
}

function giveUp(
  context: StepContext<unknown>,
  { sbcId, connectionId }: SipConnection,
  what: 'connect' | 'remove',
  { sbcs }: SbcTools,
) {
  if (sbcId === null) return 'untouched'
  return sbcs.giveUp(context as StepContext, { sbcId, key: `${what}/${connectionId}` })
}

function isUnderWay(deployment: DeploymentState): boolean {
  return deployment === 'Waiting' || deployment === 'Pending' || deployment === 'Removing'
}
