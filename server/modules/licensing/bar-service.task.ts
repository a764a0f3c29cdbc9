import { AppError } from '../../kernel/errors.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import { emit } from '../../platform/events/index.ts'
import { defineTask, type StepContext, type TaskEnd } from '../../platform/tasks/index.ts'
import { journal } from '../audit/index.ts'
import { objectOf, serviceStore, sipConnectionStore } from '../services/index.ts'
import { type BarPurpose, bar, isDone, locate, type SbcTools } from './connect-sbc.ts'
import { serviceFacts } from './service-events.ts'
import { releaseService } from './service-task.ts'

export type Barring = { serviceId: string; reason: string }
type Context = StepContext<Barring>

export const BAR_SERVICE_TASK = 'licensing.bar-service'
export const UNBAR_SERVICE_TASK = 'licensing.unbar-service'

const OPPOSITE: Record<BarPurpose, BarPurpose> = { bar: 'unbar', unbar: 'bar' }

/** No calls but emergency calls, by a script on the SBC. Source: issue 7, 4. */
export const barServiceTask = (tools: SbcTools) => barringTask(tools, 'bar')
export const unbarServiceTask = (tools: SbcTools) => barringTask(tools, 'unbar')

function barringTask(tools: SbcTools, purpose: BarPurpose) {
  const isBar = purpose === 'bar'
  return defineTask<Barring>({
    kind: isBar ? BAR_SERVICE_TASK : UNBAR_SERVICE_TASK,
    summary: isBar ? 'Bars a service: only emergency calls pass' : 'Lets a barred service call again',
    permissions: { see: 'services.read', run: 'services.write' },
    steps: [
      {
        name: purpose,
        title: isBar ? 'Bar it on the SBC' : 'Let it call again on the SBC',
        timeoutSeconds: 600,
        run: (context) => runScripts(context, tools, purpose),
        undo: async (context) => {
          const outcome = await runScripts(context, tools, OPPOSITE[purpose])
          if (outcome) await context.transact((tx) => context.message(tx, 'Warning', outcome.reason))
        },
      },
      { name: 'finish', title: 'Write it down', run: (context) => finish(context, isBar) },
    ],
    onEnd: (tx, end) => release(tx, end),
  })
}

async function runScripts(context: Context, tools: SbcTools, purpose: BarPurpose) {
  const connections = await context.transact((tx) => sipConnectionStore(tx).ofService(context.input.serviceId))
  for (const { connectionId } of connections) {
    const located = await locate(context, connectionId, tools)
    if (!located) continue
    const outcome = await bar(context, located, tools, purpose)
    if (!isDone(outcome)) return outcome
  }
}

async function finish({ transact, input }: Context, isBar: boolean): Promise<void> {
  await transact(async (tx) => {
    const service = await serviceStore(tx).lock(input.serviceId)
    if (!service) throw new AppError({ code: 'not-found', status: 404, detail: 'The service is gone.' })
    if ((service.barredSince !== null) === isBar) return
    const change = isBar ? { barredSince: new Date(), barReason: input.reason } : { barredSince: null, barReason: null }
    await serviceStore(tx).update(service, change)
    const { channelId } = service
    const key = `service/${service.serviceId}`
    const action = isBar ? 'service.barred' : 'service.unbarred'
    const after = isBar ? { reason: input.reason } : null
    await journal(tx).append({ action, object: objectOf(service), channelId, after })
    const payload = serviceFacts(service)
    if (isBar) {
      await emit(tx, { name: 'service.barred', channelId, key, payload: { ...payload, reason: input.reason } })
    } else await emit(tx, { name: 'service.unbarred', channelId, key, payload })
  })
}

function release(tx: Tx, { input, taskId }: TaskEnd<Barring>): Promise<void> {
  return releaseService(tx, input.serviceId, taskId)
}
