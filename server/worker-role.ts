import { Counter, Histogram, type Registry } from 'prom-client'
import type { Context } from './context.ts'
import { newId } from './kernel/ids.ts'
import { jobPrincipal } from './kernel/principal.ts'
import { startJournalSealer } from './modules/audit/index.ts'
import { createHandoverRelay } from './modules/home/index.ts'
import { createMailEngine, createNoticeRelay as createMailNoticeRelay } from './modules/mail/index.ts'
import { createNoticeRelay } from './modules/notices/index.ts'
import { SYNC_ADDRESSES_JOB } from './modules/peering/index.ts'
import { createDeliveryEngine, createEventRelay, type DeliveryEngineSettings } from './modules/webhooks/index.ts'
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
  const taskRunner = startTaskRunner({
    ...{ registry: context.taskRegistry, transact, transactJointly: context.transactJointly, log },
    control: control.transact,
  })
  const journalSealer = startJournalSealer({ transact, signer, log })
  const webhooks = createDeliveryEngine({
    ...{ transact, sender: context.webhookSender, clock: context.clock, log, onAttempt: webhookMetrics(metrics) },
    perSecond: context.config.webhooks.deliveriesPerSecond,
  })
  const relay = createEventRelay({ clock: context.clock, onTaken: webhooks.wake })
  const { publicUrl } = context.config.http
  const { smtp: connector, sealer, clock } = context
  const mail = createMailEngine({ transact, connector, sealer, publicUrl, clock, log })
  const relays = [relay, createMailNoticeRelay(), createNoticeRelay(), createHandoverRelay()]
  const dispatcher = createDispatcher({
    ...{ transact, pool: database.pool, log, subscribers: subscribers(context), relays },
  })
  webhooks.start()
  mail.start()
  log.info('worker is running')
  return {
    async stop() {
      const parts = [runner, taskRunner, journalSealer, dispatcher, webhooks, mail]
      await Promise.all(parts.map((part) => part.stop()))
      await control.close()
    },
  }
}

function webhookMetrics(metrics: Registry): NonNullable<DeliveryEngineSettings['onAttempt']> {
  const attempts = new Counter({
    name: 'leadline_webhook_attempts_total',
    help: 'Attempts to deliver an event to a webhook',
    labelNames: ['outcome'],
    registers: [metrics],
  })
  const seconds = new Histogram({
    name: 'leadline_webhook_attempt_seconds',
    help: 'How long receivers of webhooks take',
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 15],
    registers: [metrics],
  })
  return ({ outcome, durationMs }) => {
    attempts.inc({ outcome })
    seconds.observe(durationMs / 1_000)
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
function subscribers({ config, transact, clock, registry, licensing }: Context): Subscribers {
  return {
    ...licensing.subscribers,
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
