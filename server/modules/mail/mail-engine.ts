import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Clock } from '../../kernel/clock.ts'
import { messageOf } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { installationPrincipal, jobPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { createBell } from '../../platform/events/index.ts'
import {
  buildMail,
  type SmtpConnector,
  SmtpError,
  type SmtpFailure,
  type SmtpSession,
} from '../../platform/mail/index.ts'
import type { Sealer } from '../../platform/secrets/index.ts'
import { CUSTOMER_PURPOSE, tellOfFailure } from './customer-mail-told.ts'
import type { ClaimedMail, MailSettings } from './mail.ts'
import { mailQueueStore, type SettledMail } from './mail-queue.store.ts'
import { mailSettingsStore } from './mail-settings.store.ts'
import { noticeStore } from './notice.store.ts'
import { tellAtOnce } from './notice-writer.ts'
import { isServerTrouble, judgeFailure } from './retry.rules.ts'
import { smtpSettingsOf } from './smtp-settings.ts'

export type MailEngineSettings = {
  transact: Transact
  connector: SmtpConnector
  sealer: Sealer
  /** Without a slash at the end. */
  publicUrl: string
  clock: Clock
  log: Logger
  /** Looks for what is due by itself that often. Default 2,000. */
  pollMs?: number
}

export type MailEngine = {
  /** Writes and sends whatever is due now; for tests, instead of `start`. */
  drain(): Promise<void>
  start(): void
  /** Gives back what is claimed and not yet under way. */
  stop(): Promise<void>
}

/** Mails that one worker takes of an operator at a time, over one connection. */
const AT_ONCE = 20
const CLAIM_MS = 180_000
/** No mail is begun when less than this is left of the claim: the longest that sending one may take. */
const MARGIN_MS = 70_000
const CONNECT_LIMIT_MS = 45_000
/** What happens within this belongs into one mail; a stream without end is told at least every two minutes. */
const QUIET_MS = 20_000
const LONGEST_MS = 120_000

/**
 * Sends the queue: at least once each, any number of workers at a time. A worker that dies lets its claims run out; a mail that
 * the server had taken by then comes a second time, with the same Message-ID. Source: issue 6, 4.
 */
export function createMailEngine(settings: MailEngineSettings): MailEngine {
  const { transact, connector, sealer, publicUrl, clock, log, pollMs = 2_000 } = settings
  const background = installationPrincipal('mail', 'mail')
  const bell = createBell()
  const stopping = new AbortController()
  let running: Promise<void> | null = null

  /** Mails from what happened; how many. */
  async function tell(): Promise<number> {
    const now = clock.now()
    const waiting = await transact(background, (tx) => noticeStore(tx).waiting())
    let written = 0
    for (const { operatorId, first, last } of waiting) {
      const isDue = last.getTime() <= now.getTime() - QUIET_MS || first.getTime() <= now.getTime() - LONGEST_MS
      if (!isDue) continue
      written += await transact(jobPrincipal('mail', operatorId, newId()), (tx) => tellAtOnce(tx, { publicUrl, now }))
    }
    return written
  }

  /** One turn of each operator; how many mails were attempted. */
  async function send(): Promise<number> {
    const operators = await transact(background, (tx) => mailSettingsStore(tx).enabled())
    const counts = await Promise.all(
      operators.map((operatorId) =>
        sendOf(operatorId).catch((error) => {
          log.error({ err: error, operatorId }, 'mail could not be sent; it is tried again')
          return 0
        }),
      ),
    )
    return counts.reduce((sum, count) => sum + count, 0)
  }

  async function sendOf(operatorId: number): Promise<number> {
    const claim = randomUUID()
    const begunAt = performance.now()
    const { mails, found } = await transact(background, async (tx) => ({
      mails: await mailQueueStore(tx).claim(operatorId, claim, clock.now(), CLAIM_MS, AT_ONCE),
      found: await mailSettingsStore(tx).find(operatorId),
    }))
    if (mails.length === 0 || !found) return 0
    const session = await open(found)
    if ('stage' in session) {
      for (const mail of mails) await settle(mail, failed(mail, claim, session), session)
      return mails.length
    }
    try {
      for (const mail of mails) {
        const isLate = performance.now() - begunAt > CLAIM_MS - MARGIN_MS
        if (stopping.signal.aborted || isLate) await settle(mail, returned(mail, claim), null)
        else await sendOne(session, found, mail, claim)
      }
    } finally {
      session.close()
    }
    return mails.length
  }

  async function open(found: MailSettings): Promise<SmtpSession | SmtpFailure> {
    try {
      const limit = AbortSignal.timeout(CLAIM_MS - MARGIN_MS + CONNECT_LIMIT_MS)
      return await connector.open(smtpSettingsOf(found, sealer), limit)
    } catch (error) {
      return failureOf(error)
    }
  }

  async function sendOne(session: SmtpSession, found: MailSettings, mail: ClaimedMail, claim: string): Promise<void> {
    try {
      const raw = await buildMail({
        from: { name: found.senderName, address: found.senderAddress },
        to: { name: mail.recipientName, address: mail.recipientAddress },
        ...{ subject: mail.subject, text: mail.text, html: mail.html, messageId: mail.messageId, date: mail.createdAt },
        replyTo: mail.replyTo,
        isAutomatic: mail.purpose !== CUSTOMER_PURPOSE,
      })
      const { said } = await session.send({ from: found.senderAddress, to: mail.recipientAddress, raw })
      await settle(mail, { ...result(mail, claim), state: 'sent', stage: 'data', code: 250, said }, null)
    } catch (error) {
      const failure = failureOf(error)
      await settle(mail, failed(mail, claim, failure), failure)
    }
  }

  async function settle(mail: ClaimedMail, settled: SettledMail, failure: SmtpFailure | null): Promise<void> {
    const now = clock.now()
    const { operatorId } = mail
    // In the operator's own name: it is told in the history of the lead.
    await transact(jobPrincipal('mail', operatorId, newId()), async (tx) => {
      const isOurs = await mailQueueStore(tx).settle(operatorId, settled, now)
      if (settled.returned) return
      if (isOurs) await tellOfFailure(tx, mail, settled)
      const isTrouble = failure !== null && isServerTrouble(failure)
      if (isTrouble) await mailSettingsStore(tx).noteHealth(operatorId, now, `${failure.stage}: ${failure.said}`)
      else if (failure === null) await mailSettingsStore(tx).noteHealth(operatorId, now, null)
    })
    if (settled.state === 'bounced' || settled.state === 'given-up')
      log.warn({ operatorId, mailId: settled.mailId, state: settled.state, code: settled.code }, 'mail not delivered')
  }

  const result = (mail: ClaimedMail, claim: string) => ({ mailId: mail.mailId, claim, dueAt: clock.now() })
  const returned = (mail: ClaimedMail, claim: string): SettledMail => ({
    ...{ ...result(mail, claim), state: 'waiting', returned: true, stage: null, code: null, said: null },
  })

  function failed(mail: ClaimedMail, claim: string, failure: SmtpFailure): SettledMail {
    const { stage, code, said } = failure
    const verdict = judgeFailure(failure, mail.attempts)
    if (verdict.kind !== 'again') return { ...result(mail, claim), state: verdict.kind, stage, code, said }
    const dueAt = new Date(clock.now().getTime() + verdict.delayMs)
    return { mailId: mail.mailId, claim, state: 'waiting', dueAt, stage, code, said }
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      const done = await tell()
        .then(async (written) => written + (await send()))
        .catch((error) => {
          log.error({ err: error }, 'looking for mail to send failed')
          return 0
        })
      if (done === 0) await bell.wait(pollMs)
    }
  }

  return {
    async drain() {
      await tell()
      while ((await send()) > 0);
    },
    start() {
      running ??= loop()
    },
    async stop() {
      stopping.abort()
      bell.ring()
      await running
    },
  }
}

function failureOf(error: unknown): SmtpFailure {
  if (error instanceof SmtpError) return error.failure
  return { stage: 'connect', code: null, said: messageOf(error) }
}
