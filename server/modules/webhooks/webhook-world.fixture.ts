import { randomBytes, randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { allPermissions } from '../../../contract/permissions.ts'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import type { Clock } from '../../kernel/clock.ts'
import { jobPrincipal, type OperatorPrincipal } from '../../kernel/principal.ts'
import { createDispatcher, emit, type NewEvent } from '../../platform/events/index.ts'
import {
  createAddressGuard,
  createGuardedAgent,
  type PostOutcome,
  type PostRequest,
} from '../../platform/outbound/index.ts'
import { createSealer, parseMasterKeys } from '../../platform/secrets/index.ts'
import {
  createDeliveryEngine,
  createDeliveryService,
  createEventRelay,
  createWebhookSender,
  createWebhookService,
  guardedPost,
} from './index.ts'
import type { Post } from './webhook-sender.ts'

export const OPERATOR = 868
export const CHANNEL = 907
export const OTHER_CHANNEL = 908

/** A clock that only moves when it is told to. */
export type FakeClock = Clock & { advance(milliseconds: number): void }

export function fakeClock(start = '2026-11-22T08:00:00Z'): FakeClock {
  let now = Date.parse(start)
  return {
    now: () => new Date(now),
    advance(milliseconds) {
      now += milliseconds
    },
  }
}

/** An answer without a network. */
export const answered = (status: number, headers: Record<string, string> = {}): PostOutcome => ({
  ...{ kind: 'answered', status, headers, body: '', isBodyCut: false, durationMs: 1 },
})
export const refusedConnection: PostOutcome = {
  ...{ kind: 'failed', code: 'connection-failed', detail: 'The connection failed.', durationMs: 1 },
}

export type Receiver = (request: PostRequest) => PostOutcome | Promise<PostOutcome>

/** Operator 868 with channels 907 and 908, operator 869 with a channel 907; webhooks with a clock and a receiver of the test. */
export async function startWorld(receive: Receiver | null = null) {
  const db: FreshDatabase = await freshDatabase()
  for (const operatorId of [OPERATOR, 869]) {
    await db.asOwner.query('insert into operator (operator_id, name) values ($1, $2) on conflict do nothing', [
      operatorId,
      `Operator ${operatorId}`,
    ])
  }
  await db.asOwner.query(
    `insert into channel (operator_id, channel_id, name) values (868, 907, 'Riverside'), (868, 908, 'Lakeside'), (869, 907, 'Harbour')`,
  )
  const clock = fakeClock()
  const log = pino({ level: 'silent' })
  const { transact } = db
  const sealer = createSealer(parseMasterKeys(randomBytes(32).toString('base64')))
  const guard = createAddressGuard({ allowedRanges: ['127.0.0.0/8'] })
  const agent = createGuardedAgent({ guard, connections: 32 })
  const state = { receive }
  const post: Post = async (request, signal) =>
    state.receive ? state.receive(request) : guardedPost(agent)(request, signal)
  const sender = createWebhookSender({ sealer, post })
  const webhooks = createWebhookService({ transact, sealer, clock, guard, sender })
  const deliveries = createDeliveryService({ transact, clock })
  const makeEngine = () => createDeliveryEngine({ transact, sender, clock, log, pollMs: 20, random: () => 0 })
  const engine = makeEngine()
  const relay = createEventRelay({ clock, onTaken: () => engine.wake() })
  const dispatcher = createDispatcher({ transact, pool: db.pool, subscribers: {}, relays: [relay], log })

  const person = (channelId: number | null = null, operatorId = OPERATOR): OperatorPrincipal => ({
    ...{ kind: 'person', id: 'p1', name: 'Dana Wills', operatorId, channelId, permissions: new Set(allPermissions) },
    ...{ requestId: 'request-1', sourceIp: '192.0.2.1' },
  })

  return {
    ...{ db, clock, transact, webhooks, deliveries, engine, makeEngine, person, sealer },
    /** Who answers from now on; null: whoever listens at the address. */
    answerWith(next: Receiver | null) {
      state.receive = next
    },
    emit: (events: NewEvent[], operatorId = OPERATOR) =>
      transact(jobPrincipal('test', operatorId, 'run-1'), (tx) => emit(tx, events)),
    /** Everything that was emitted has been taken out of the outbox. */
    async routed(): Promise<void> {
      for (;;) {
        const { rows } = await db.asOwner.query('select count(*)::int as n from outbox_event where routed_at is null')
        if (rows[0].n === 0) return
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    count: async (state: string, webhookId?: string): Promise<number> => {
      const { rows } = await db.asOwner.query(
        `select count(*)::int as n from webhook_delivery where state = $1 and ($2::uuid is null or webhook_id = $2)`,
        [state, webhookId ?? null],
      )
      return rows[0].n
    },
    async close() {
      await dispatcher.stop()
      await engine.stop()
      await agent.destroy()
      await db.close()
    },
  }
}

export type World = Awaited<ReturnType<typeof startWorld>>

/** A lead that is deleted: the smallest event there is. `n` is told by its company, in the order of its key. */
export function leadEvent(leadId: string = randomUUID(), channelId: number | null = null): NewEvent {
  const payload = { leadId, tenantId: randomUUID() }
  return { name: 'lead.deleted', channelId, key: `lead/${leadId}`, payload }
}

export function commentEvent(leadId: string, commentId: string, channelId: number | null = null): NewEvent {
  return { name: 'lead.commented', channelId, key: `lead/${leadId}`, payload: { leadId, commentId } }
}
