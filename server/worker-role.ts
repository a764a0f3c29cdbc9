import type { Context } from './context.ts'
import { newId } from './kernel/ids.ts'
import { jobPrincipal } from './kernel/principal.ts'
import { startJournalSealer } from './modules/audit/index.ts'
import { SYNC_ADDRESSES_JOB } from './modules/peering/index.ts'
import { createDeliveryEngine, createEventRelay } from './modules/webhooks/index.ts'
import { openDatabase } from './platform/db/database.ts'
import { createTransact, type Transact } from './platform/db/transaction.ts'
import { createDispatcher, type Subscribers } from './platform/events/index.ts'
import { startJobRunner } from './platform/jobs/index.ts'
import { startTaskRunner } from './platform/tasks/index.ts'
import { loadSandboxFacts, NORTHWIND } from './sandbox.ts'

/** The worker role: jobs, journal seals, and whoever listens to events. Any number of workers may share a database. */
export function startWorker(context: Context): { stop(): Promise<void> } {
  const { transact, signer, logger: log, metrics, registry, listOperators, database } = context
  const control = openControl(context)
  const runner = startJobRunner({ registry, transact, control: control.transact, listOperators, log, metrics })
  const taskRunner = startTaskRunner({ registry: context.taskRegistry, transact, control: control.transact, log })
  const sealer = startJournalSealer({ transact, signer, log })
  const webhooks = createDeliveryEngine({ transact, sender: context.webhookSender, clock: context.clock, log })
  const relay = createEventRelay({ clock: context.clock, onTaken: webhooks.wake })
  const dispatcher = createDispatcher({
    ...{ transact, pool: database.pool, log, subscribers: subscribers(context), relays: [relay] },
  })
  webhooks.start()
  log.info('worker is running')
  return {
    async stop() {
      await Promise.all([runner.stop(), taskRunner.stop(), sealer.stop(), dispatcher.stop(), webhooks.stop()])
      await control.close()
    },
  }
}

/** Connections of the runner's own: leases are renewed even when jobs use every other one. */
function openControl({ databaseUrl, logger }: Context): { transact: Transact; close(): Promise<void> } {
  const { pool, close } = openDatabase({
    url: databaseUrl,
    poolSize: 2,
    streamPoolSize: 1,
    // A heartbeat that takes longer comes too late: the lease is 10 s.
    statementTimeoutMs: 5_000,
    applicationName: 'leadline runner',
    onError: (error) => logger.warn({ err: error }, "a connection of the runner's broke; it will be replaced"),
  })
  return { transact: createTransact(pool), close }
}

/** Who hears of what. */
function subscribers({ config, transact, clock, registry }: Context): Subscribers {
  return {
    'peering.addresses-after-sync': {
      events: ['leads.synced'],
      async handle({ operatorId }) {
        const principal = jobPrincipal('events', operatorId, newId())
        await registry.requestRun(principal, { job: SYNC_ADDRESSES_JOB, operatorId, trigger: 'event' })
      },
    },
    ...(config.sandbox.enabled
      ? {
          'sandbox.facts': {
            events: ['leads.synced'],
            async handle({ operatorId }) {
              if (operatorId === NORTHWIND.operatorId) await loadSandboxFacts({ transact, clock })
            },
          },
        }
      : {}),
  }
}
