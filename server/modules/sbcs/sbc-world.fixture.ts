import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { allPermissions } from '../../../contract/permissions.ts'
import { SbcDevice } from '../../../sim/sbc/sbc-device.ts'
import { SbcServer } from '../../../sim/sbc/sbc-server.ts'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import { createAddressGuard } from '../../platform/outbound/index.ts'
import { createSealer, parseMasterKeys } from '../../platform/secrets/index.ts'
import type { StepContext } from '../../platform/tasks/index.ts'
import { createSbcs } from './index.ts'

export const OPERATOR = 868
export const CERTIFICATE = '31a92c00970606ac9373b13231b1c5902c1a101cb012082bcc30108e3bf15ad5'
export const PASSWORD = 'sbc-sandbox-secret'

/** Operators 868 and 869, and a simulated device over TLS that nobody knows yet. */
export async function startSbcWorld() {
  const db: FreshDatabase = await freshDatabase()
  for (const operatorId of [OPERATOR, 869]) {
    await db.asOwner.query('insert into operator (operator_id, name) values ($1, $2) on conflict do nothing', [
      operatorId,
      `Operator ${operatorId}`,
    ])
  }
  const device = new SbcDevice('sbc1', '1')
  const server = new SbcServer(device, '127.0.0.1')
  await server.listen(0)
  let now = Date.parse('2026-11-22T18:00:00Z')
  const clock: Clock = { now: () => new Date(now) }
  const { transact } = db
  const sealer = createSealer(parseMasterKeys(randomBytes(32).toString('base64')))
  const guard = createAddressGuard({ allowedRanges: ['127.0.0.0/8'] })
  const sbcs = createSbcs({ transact, sealer, clock, guard })
  const person = (operatorId = OPERATOR): OperatorPrincipal => ({
    ...{ kind: 'person', id: 'p1', name: 'Dana Wills', operatorId, channelId: null },
    ...{ permissions: new Set(allPermissions), requestId: 'request-1', sourceIp: null },
  })
  const messages: string[] = []

  return {
    ...{ db, device, server, sbcs, person, messages, transact, clock },
    setNow(instant: string) {
      now = Date.parse(instant)
    },
    address: `https://127.0.0.1:${server.port}`,
    async register(change: Partial<Parameters<typeof sbcs.devices.create>[1]> = {}): Promise<number> {
      const { sbc } = await sbcs.devices.create(person(), {
        ...{ name: `Seattle ${Math.random()}`, mode: 'automatic', address: `https://127.0.0.1:${server.port}` },
        ...{ user: 'leadline', password: PASSWORD, trust: { kind: 'fingerprint', sha256: CERTIFICATE } },
        ...{ trunkFqdns: ['sbc1.northwind.example'], ipGroupsMax: 250 },
        ...change,
      })
      return sbc.sbcId
    },
    /** What a step of a task is given, without a task. */
    step(taskId = 'wst_test', signal: AbortSignal = new AbortController().signal): StepContext {
      const principal = person()
      return {
        ...{ taskId, operatorId: OPERATOR, input: {}, output: {}, principal, signal, attempt: 1, signals: {} },
        memory: () => null,
        transact: (work) => transact(principal, work),
        remember: async () => {},
        noteItem: async () => {},
        message: async (_tx, _level, message) => {
          messages.push(message)
        },
        progress: () => {},
        log: pino({ level: 'silent' }),
      }
    },
    async events(): Promise<{ name: string; payload: unknown }[]> {
      const { rows } = await db.asOwner.query(
        `select name, payload from outbox_event where name like 'sbc.%' order by event_id`,
      )
      return rows.map(({ name, payload }) => ({
        name,
        payload: typeof payload === 'string' ? JSON.parse(payload) : payload,
      }))
    },
    async close() {
      await sbcs.close()
      await server.close()
      await db.close()
    },
  }
}

export type SbcWorld = Awaited<ReturnType<typeof startSbcWorld>>
