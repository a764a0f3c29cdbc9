import { randomBytes, randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { allPermissions } from '../../../contract/permissions.ts'
import { freshDatabase } from '../../../test/harness/database.ts'
import { jobPrincipal, type OperatorPrincipal } from '../../kernel/principal.ts'
import { createDispatcher, emit, type NewEvent } from '../../platform/events/index.ts'
import type { SmtpConnector } from '../../platform/mail/index.ts'
import { SmtpError, type SmtpFailure } from '../../platform/mail/index.ts'
import { createAddressGuard } from '../../platform/outbound/index.ts'
import { createSealer, parseMasterKeys } from '../../platform/secrets/index.ts'
import {
  createCustomerMailService,
  createMailEngine,
  createMailService,
  createMailTemplateService,
  createNoticeRelay,
} from './index.ts'

export const OPERATOR = 868
export const PUBLIC_URL = 'https://leads.example.com'

/** A mail as the server of the test got it. */
export type Arrived = { to: string; from: string; raw: string }

/** What the server of the test says: nothing, or where it refuses. */
export type Behaviour = (mail: { to: string }) => SmtpFailure | null

export const REFUSED_CONNECTION: SmtpFailure = { stage: 'connect', code: null, said: 'Nobody listens.' }

/** Operators 868 (with channels 907 and 908) and 869; mail with a clock and a server of the test. */
export async function startMailWorld() {
  const db = await freshDatabase()
  for (const operatorId of [OPERATOR, 869]) {
    await db.asOwner.query('insert into operator (operator_id, name) values ($1, $2) on conflict do nothing', [
      operatorId,
      operatorId === OPERATOR ? 'Northwind Voice' : 'Fabrikam',
    ])
  }
  await db.asOwner.query(
    `insert into channel (operator_id, channel_id, name) values (868, 907, 'Riverside'), (868, 908, 'Lakeside')`,
  )
  // Events bear the time of the database: the clock begins there, and moves only when it is told to.
  let now = Date.now()
  const clock = {
    now: () => new Date(now),
    advance(milliseconds: number) {
      now += milliseconds
    },
  }
  const log = pino({ level: 'silent' })
  const { transact } = db
  const sealer = createSealer(parseMasterKeys(randomBytes(32).toString('base64')))
  const state = {
    isDown: false,
    behave: (() => null) as Behaviour,
    arrived: [] as Arrived[],
    /** Called when the server has taken a mail, before anybody is told so. */
    onTaken: async () => {},
  }
  const fail = (failure: SmtpFailure) => new SmtpError(failure, [])
  const connector: SmtpConnector = {
    async open() {
      if (state.isDown) throw fail(REFUSED_CONNECTION)
      return {
        async send({ from, to, raw }) {
          const failure = state.behave({ to })
          if (failure) throw fail(failure)
          state.arrived.push({ to, from, raw: raw.toString('utf8') })
          await state.onTaken()
          return { said: '250 Ok', steps: [] }
        },
        close() {},
      }
    },
  }
  const guard = createAddressGuard({ allowedRanges: ['127.0.0.0/8'], protocol: 'smtp' })
  const mail = createMailService({ transact, sealer, clock, guard, connector, publicUrl: PUBLIC_URL })
  const makeEngine = () =>
    createMailEngine({ transact, connector, sealer, publicUrl: PUBLIC_URL, clock, log, pollMs: 20 })
  const dispatcher = createDispatcher({
    ...{ transact, pool: db.pool, subscribers: {}, relays: [createNoticeRelay()], log },
  })
  const person = (operatorId = OPERATOR, channelId: number | null = null): OperatorPrincipal => ({
    ...{
      kind: 'person',
      id: '019f2c6a-7b1e-7c40-9a53-2f6d1c0e8a00',
      name: 'Dana Wills',
      operatorId,
      channelId,
      permissions: new Set(allPermissions),
    },
    ...{ requestId: 'r1', sourceIp: null },
  })
  return {
    ...{ db, clock, state, mail, makeEngine, person, transact },
    customerMail: createCustomerMailService({ transact, clock }),
    mailTemplates: createMailTemplateService({ transact, clock }),
    set: (operatorId = OPERATOR) =>
      mail.set(person(operatorId), {
        ...{ enabled: true, host: '127.0.0.1', port: 2525, tls: 'none', userName: 'u', password: 'hunter-secret' },
        ...{ senderName: 'Northwind Voice', senderAddress: 'leads@northwind.example' },
      }),
    async addPerson(
      email: string,
      tier: string,
      level: string,
      channelId: number | null = null,
      operatorId = OPERATOR,
    ) {
      const personId = randomUUID()
      await db.asOwner.query('insert into person (person_id, email, name, created_at) values ($1, $2, $3, now())', [
        personId,
        email,
        email.split('@')[0],
      ])
      await db.asOwner.query(
        `insert into membership (membership_id, person_id, tier, level, operator_id, channel_id, created_at)
         values ($1, $2, $3, $4, $5, $6, now())`,
        [randomUUID(), personId, tier, level, operatorId, channelId],
      )
      return personId
    },
    choose: (personId: string, kind: string, delivery: string) =>
      db.asOwner.query('insert into mail_choice (person_id, kind, delivery) values ($1, $2, $3)', [
        ...[personId, kind, delivery],
      ]),
    emit: (events: NewEvent[], operatorId = OPERATOR) =>
      transact(jobPrincipal('test', operatorId, 'r1'), (tx) => emit(tx, events)),
    /** Waits until the dispatcher has routed every event. */
    async routed() {
      for (;;) {
        const { rows } = await db.asOwner.query(
          'select count(*)::int as open from outbox_event where routed_at is null',
        )
        if (rows[0].open === 0) return
        await new Promise((done) => setTimeout(done, 20))
      }
    },
    async rows(): Promise<{ recipient_address: string; subject: string; state: string; attempts: number }[]> {
      const { rows } = await db.asOwner.query('select * from mail order by mail_id')
      return rows
    },
    async close() {
      await dispatcher.stop()
      await db.close()
    },
  }
}
