import { isIP } from 'node:net'
import { MAILS_PAGE_SIZE_DEFAULT, type WireMailTest } from '../../../contract/mail.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError, badRequest, type FieldError, notFound } from '../../kernel/errors.ts'
import { isGuid, newId } from '../../kernel/ids.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import {
  buildMail,
  headerTextProblem,
  mailAddressProblem,
  type SmtpConnector,
  SmtpError,
  type SmtpStage,
} from '../../platform/mail/index.ts'
import type { AddressGuard } from '../../platform/outbound/index.ts'
import type { Sealer } from '../../platform/secrets/index.ts'
import { journal } from '../audit/index.ts'
import type { LoggedMail, MailSettings, MailState, MailTls } from './mail.ts'
import { mailQueueStore } from './mail-queue.store.ts'
import { mailSettingsStore } from './mail-settings.store.ts'
import { htmlText, plainText } from './mail-text.rules.ts'
import { passwordCell, smtpSettingsOf } from './smtp-settings.ts'

export type MailSettingsAsked = {
  enabled: boolean
  host: string
  port: number
  tls: MailTls
  userName: string | null
  password?: string
  senderName: string
  senderAddress: string
}

export type SeenMailSettings = { settings: MailSettings | null; waiting: number }

export type MailServiceOptions = {
  transact: Transact
  sealer: Sealer
  clock: Clock
  guard: AddressGuard
  connector: SmtpConnector
  /** Without a slash at the end. */
  publicUrl: string
}

export type MailService = ReturnType<typeof createMailService>

const TEST_TIMEOUT_MS = 55_000

/** How operators send mail, and what became of it. The password goes in and never comes out again. */
export function createMailService({ transact, sealer, clock, guard, connector, publicUrl }: MailServiceOptions) {
  const see = async (tx: Tx): Promise<SeenMailSettings> => ({
    settings: (await mailSettingsStore(tx).find(tx.operatorId)) ?? null,
    waiting: await mailQueueStore(tx).countWaiting(),
  })

  /** Literal addresses are judged at once; names when they are connected to. */
  function problemsOf(asked: MailSettingsAsked): FieldError[] {
    const problems: [string, string | null][] = [
      ['senderAddress', mailAddressProblem(asked.senderAddress.trim())],
      ['senderName', headerTextProblem(asked.senderName)],
      ['userName', asked.userName === null ? null : headerTextProblem(asked.userName)],
      ['host', hostProblem(asked.host.trim(), asked.port, guard)],
    ]
    if (asked.userName === null && asked.password !== undefined) {
      problems.push(['password', 'A password needs a user name: leave it out, or give the name.'])
    }
    return problems.flatMap(([field, detail]) => (detail === null ? [] : [{ pointer: `/body/${field}`, detail }]))
  }

  return {
    get: (principal: OperatorPrincipal): Promise<SeenMailSettings> => transact(principal, see),

    async set(principal: OperatorPrincipal, asked: MailSettingsAsked): Promise<SeenMailSettings> {
      const errors = problemsOf(asked)
      if (errors.length > 0) throw badRequest(errors)
      const { operatorId } = principal
      return transact(principal, async (tx) => {
        const store = mailSettingsStore(tx)
        const before = await store.lock(operatorId)
        const wanted = { host: asked.host.trim(), port: asked.port, userName: asked.userName?.trim() ?? null }
        const isSameServer =
          before?.host === wanted.host &&
          before.port === wanted.port &&
          before.userName === wanted.userName &&
          // Nor is it told in the open because somebody has turned off what protected it.
          before.tls === asked.tls
        const kept = isSameServer ? before.passwordSealed : null
        if (wanted.userName !== null && asked.password === undefined && kept === null) {
          const detail =
            'Enter the password: with another server, port, security or user the one that is stored is not used again.'
          throw badRequest([{ pointer: '/body/password', detail }])
        }
        const settings: MailSettings = {
          ...{ operatorId, ...wanted, enabled: asked.enabled, tls: asked.tls },
          senderName: asked.senderName.trim(),
          senderAddress: asked.senderAddress.trim(),
          passwordSealed:
            wanted.userName === null
              ? null
              : asked.password === undefined
                ? kept
                : sealer.seal(asked.password, passwordCell(operatorId)),
          ...{ failingSince: null, lastError: null, lastSentAt: before?.lastSentAt ?? null },
          digestAt: before?.digestAt ?? clock.now(),
          ...{ changedAt: clock.now(), changedBy: principal.name },
        }
        await store.save(settings)
        await mailQueueStore(tx).hasten(clock.now())
        await journal(tx).append({
          action: 'mail.settings-changed',
          object: { type: 'mail-settings', id: String(operatorId), name: settings.host },
          before: before ? factsOf(before) : null,
          after: { ...factsOf(settings), passwordChanged: asked.password !== undefined },
        })
        return see(tx)
      })
    },

    /** Sends one mail past the queue, outside of any transaction, and tells what the server said. */
    async test(principal: OperatorPrincipal, to: string, signal: AbortSignal): Promise<WireMailTest> {
      const problem = mailAddressProblem(to)
      if (problem !== null) throw badRequest([{ pointer: '/body/to', detail: problem }])
      const settings = await transact(principal, (tx) => mailSettingsStore(tx).find(principal.operatorId))
      if (!settings) throw noSettings()
      const limit = AbortSignal.any([signal, AbortSignal.timeout(TEST_TIMEOUT_MS)])
      const result = await attempt(settings, principal, to, limit)
      const failed = result.steps.find(({ ok }) => !ok)
      await transact(principal, async (tx) => {
        await noteTested(tx, result.ok ? null : (failed ?? null))
        await journal(tx).append({
          action: 'mail.tested',
          object: { type: 'mail-settings', id: String(principal.operatorId), name: settings.host },
          result: result.ok ? 'ok' : 'failed',
          after: { to, ...(failed && { stage: failed.stage, said: failed.said }) },
        })
      })
      return result
    },

    async list(principal: OperatorPrincipal, query: { state?: MailState; cursor?: string; pageSize?: number }) {
      const limit = query.pageSize ?? MAILS_PAGE_SIZE_DEFAULT
      const filter = { state: query.state ?? null, after: cursorOf(query.cursor), limit }
      const data = await transact(principal, (tx) => mailQueueStore(tx).list(filter))
      const last = data.length === limit ? data.at(-1) : undefined
      return { data, nextCursor: last ? Buffer.from(last.mailId).toString('base64url') : null }
    },

    retry: (principal: OperatorPrincipal, mailId: string): Promise<LoggedMail> =>
      transact(principal, async (tx) => {
        const store = mailQueueStore(tx)
        const mail = await store.lock(mailId)
        if (!mail) throw notFound('The mail')
        if (mail.state === 'sent') {
          throw new AppError({ code: 'mail-sent', status: 409, detail: 'The mail was sent: it cannot be sent again.' })
        }
        await store.revive(mailId, clock.now())
        await journal(tx).append({
          action: 'mail.retried',
          object: { type: 'mail', id: mailId, name: mail.subject },
          before: { state: mail.state },
          after: { state: 'waiting' },
        })
        return (await store.lock(mailId)) ?? mail
      }),
  }

  /** What a test says of the server itself holds until it is known better; of one mailbox it says nothing. */
  async function noteTested(tx: Tx, failed: { stage: SmtpStage; said: string } | null): Promise<void> {
    const store = mailSettingsStore(tx)
    if (failed === null) await store.noteHealth(tx.operatorId, clock.now(), null)
    else if (failed.stage !== 'recipient' && failed.stage !== 'data') {
      await store.noteHealth(tx.operatorId, clock.now(), `${failed.stage}: ${failed.said}`)
    }
  }

  async function attempt(settings: MailSettings, { name }: OperatorPrincipal, to: string, signal: AbortSignal) {
    const draft = {
      sections: [
        {
          title: 'Mail of Leadline works',
          lines: [{ text: `${name} has sent this test to see whether mail arrives.` }],
        },
      ],
      foot: `Sent by Leadline for ${settings.senderName}.`,
      footUrl: publicUrl,
    }
    const raw = await buildMail({
      from: { name: settings.senderName, address: settings.senderAddress },
      to: { name: '', address: to },
      subject: `Test of ${settings.senderName}`,
      text: plainText(draft),
      html: htmlText(draft),
      messageId: `<${newId()}@${settings.senderAddress.split('@').at(-1)}>`,
      date: clock.now(),
      isAutomatic: true,
    })
    try {
      const session = await connector.open(smtpSettingsOf(settings, sealer), signal)
      try {
        const { steps } = await session.send({ from: settings.senderAddress, to, raw })
        return { ok: true, steps: steps.map((step) => ({ ...step, ok: true })) }
      } finally {
        session.close()
      }
    } catch (error) {
      if (!(error instanceof SmtpError)) throw error
      const { steps, failure } = error
      return { ok: false, steps: steps.map((step) => ({ ...step, ok: step.stage !== failure.stage })) }
    }
  }
}

export function noSettings(): AppError {
  const detail = 'No mail server is set for this operator: fill in the mail settings first.'
  return new AppError({ code: 'mail-not-set', status: 409, detail })
}

function hostProblem(host: string, port: number, guard: AddressGuard): string | null {
  if (isIP(host) !== 0) {
    const judgement = guard.judgeAddress(host, port)
    return judgement.ok ? null : judgement.reason
  }
  if (
    !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+\.?$/i.test(host) ||
    /\.\d+\.?$/.test(host)
  ) {
    return 'This is neither the name of a mail server, such as smtp.example.com, nor an IP address.'
  }
  return null
}

/** A settings row for the journal: no password, not even a sealed one. */
function factsOf({ enabled, host, port, tls, userName, senderName, senderAddress }: MailSettings) {
  return { enabled, host, port, tls, userName, senderName, senderAddress }
}

function cursorOf(cursor: string | undefined): string | null {
  if (cursor === undefined) return null
  const id = Buffer.from(cursor, 'base64url').toString('utf8')
  if (isGuid(id)) return id
  throw badRequest([{ pointer: '/query/cursor', detail: 'Send the nextCursor of the page before, as it came.' }])
}
