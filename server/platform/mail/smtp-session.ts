import { lookup } from 'node:dns/promises'
import { connect, isIP, type Socket } from 'node:net'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { AddressGuard, Resolve } from '../outbound/index.ts'

/** How a mail server is reached. `starttls` and `tls` demand a certificate that holds. */
export type SmtpSettings = {
  host: string
  port: number
  tls: 'none' | 'starttls' | 'tls'
  user: string | null
  password: string | null
}

/** In the order in which a mail meets them. */
export const smtpStages = ['connect', 'tls', 'sign-in', 'sender', 'recipient', 'data'] as const
export type SmtpStage = (typeof smtpStages)[number]

/** What the server said at a stage, in its own words; `said` empty: it said nothing. */
export type SmtpStep = { stage: SmtpStage; said: string }

/** `code` is SMTP's, null where the server gave none. */
export type SmtpFailure = { stage: SmtpStage; code: number | null; said: string }

/** Why a mail, or a whole connection, failed. */
export class SmtpError extends Error {
  readonly failure: SmtpFailure
  readonly steps: SmtpStep[]

  constructor(failure: SmtpFailure, steps: SmtpStep[]) {
    super(failure.said)
    this.name = 'SmtpError'
    this.failure = failure
    this.steps = steps
  }
}

export type SmtpSession = {
  /** The server has it; throws SmtpError. After a refusal of this one mail the session can send the next. */
  send(mail: { from: string; to: string; raw: Buffer }): Promise<{ said: string; steps: SmtpStep[] }>
  close(): void
}

export type SmtpConnector = {
  /** Connects and signs in; throws SmtpError. */
  open(settings: SmtpSettings, signal: AbortSignal): Promise<SmtpSession>
}

export type SmtpConnectorOptions = {
  guard: AddressGuard
  /** Default: the resolver of this machine. */
  resolve?: Resolve
  /** What we call ourselves. */
  ownName: string
}

const CONNECT_TIMEOUT_MS = 10_000
const ANSWER_TIMEOUT_MS = 30_000
const SAID_MAX = 1_000
const ADDRESSES_TRIED = 3

/**
 * Connects to mail servers, only where the guard allows: a name is resolved once, every address of it is judged, and the
 * connection is made to one of these very addresses. Source: quality.md S3; issue 6, 4.
 */
export function createSmtpConnector({ guard, resolve = systemResolve, ownName }: SmtpConnectorOptions): SmtpConnector {
  return {
    async open(settings, signal) {
      const socket = await reach(settings, signal)
      const talk = createTalk()
      const isLiteral = isIP(settings.host) !== 0
      const connection = new SMTPConnection({
        connection: socket,
        host: settings.host,
        port: settings.port,
        name: ownName,
        secure: settings.tls === 'tls',
        requireTLS: settings.tls === 'starttls',
        ignoreTLS: settings.tls === 'none',
        connectionTimeout: CONNECT_TIMEOUT_MS,
        greetingTimeout: CONNECT_TIMEOUT_MS,
        socketTimeout: ANSWER_TIMEOUT_MS,
        maxResponseSize: 16_384,
        logger: talk.logger,
        transactionLog: true,
        tls: { minVersion: 'TLSv1.2', ...(!isLiteral && { servername: settings.host }) },
      })
      let lost: Error | null = null
      const stop = () => connection.close()
      signal.addEventListener('abort', stop, { once: true })
      const close = () => {
        signal.removeEventListener('abort', stop)
        connection.close()
      }
      /** One command with its answer, or the loss of the connection. */
      const step = <T>(begin: (done: (error?: Error | null, value?: T) => void) => void): Promise<T | undefined> => {
        if (lost) return Promise.reject(talk.failed(lost, settings))
        const { promise, resolve: done, reject } = Promise.withResolvers<T | undefined>()
        const fail = (error: Error) => reject(talk.failed(error, settings))
        const onError = (error: Error) => {
          lost = error
          fail(error)
        }
        const onEnd = () => onError(new Error('The server has closed the connection.'))
        connection.once('error', onError)
        connection.once('end', onEnd)
        begin((error, value) => (error ? fail(error) : done(value)))
        return promise.finally(() => {
          connection.off('error', onError)
          connection.off('end', onEnd)
        })
      }
      connection.on('error', (error: Error) => {
        lost ??= error
      })
      try {
        await step<void>((done) => connection.connect((error) => done(error ?? null)))
        if (settings.user !== null) {
          const credentials = { user: settings.user, pass: settings.password ?? '' }
          talk.at('sign-in')
          await step<unknown>((done) => connection.login({ credentials }, (error) => done(error ?? null)))
        }
      } catch (error) {
        close()
        throw error
      }
      return {
        async send({ from, to, raw }) {
          talk.begin()
          const info = await step<{ response?: string }>((done) =>
            connection.send({ from, to: [to] }, raw, (error, value) =>
              done(error ?? null, value as { response?: string }),
            ),
          ).catch(async (error) => {
            if (!lost) await step<boolean>((done) => connection.reset((failed) => done(failed ?? null))).catch(() => {})
            throw error
          })
          return { said: line(info?.response ?? ''), steps: talk.steps(null) }
        },
        close,
      }
    },
  }

  async function reach({ host, port }: SmtpSettings, signal: AbortSignal): Promise<Socket> {
    const failed = (said: string) => new SmtpError({ stage: 'connect', code: null, said }, [{ stage: 'connect', said }])
    const name = host.replace(/\.$/, '')
    const addresses = isIP(name) !== 0 ? [name] : await resolve(name).catch(() => [])
    if (addresses.length === 0) throw failed(`${name} has no address.`)
    for (const address of addresses) {
      const judgement = guard.judgeAddress(address, port)
      if (!judgement.ok) throw failed(isIP(name) !== 0 ? judgement.reason : `${name} resolves to ${judgement.reason}`)
    }
    let problem = ''
    for (const address of addresses.slice(0, ADDRESSES_TRIED)) {
      try {
        const socket = await openSocket(address, port, signal)
        const judgement = guard.judgeAddress(socket.remoteAddress?.replace(/%.*$/, '') ?? '', port)
        if (judgement.ok) return socket
        socket.destroy()
        throw failed(judgement.reason)
      } catch (error) {
        if (error instanceof SmtpError) throw error
        problem = connectWords(error, name, port)
      }
    }
    throw failed(problem)
  }
}

function openSocket(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const socket = connect({ host, port, signal, noDelay: true })
  socket.setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy(Object.assign(new Error('late'), { code: 'ETIMEDOUT' })))
  socket.once('error', reject)
  socket.once('connect', () => {
    socket.setTimeout(0)
    socket.off('error', reject)
    resolve(socket)
  })
  return promise
}

function connectWords(error: unknown, host: string, port: number): string {
  const { code } = error as { code?: string }
  if (code === 'ECONNREFUSED') return `Nobody listens at ${host}, port ${port}.`
  if (code === 'ETIMEDOUT') return `${host}, port ${port}, did not answer within ${CONNECT_TIMEOUT_MS / 1_000} s.`
  return `${host}, port ${port}, cannot be reached (${code ?? 'unknown reason'}).`
}

/** Follows what both sides say, so that it can be told what the server answered at each stage. */
function createTalk() {
  let stage: SmtpStage = 'connect'
  let said = new Map<SmtpStage, string>()
  let reached: SmtpStage[] = ['connect']
  // Several commands may be on their way at once (RFC 2920); they are answered in their order.
  let unanswered: SmtpStage[] = []
  const at = (next: SmtpStage) => {
    stage = next
    if (!reached.includes(next)) reached.push(next)
  }
  const hear = (entry: { tnx?: string } | null, text: string) => {
    if (entry?.tnx === 'client') {
      at(stageOf(text, stage))
      unanswered.push(stage)
    } else if (entry?.tnx === 'server') said.set(unanswered.shift() ?? stage, line(text))
  }
  const silent = () => {}
  const told = (entry: object, format: string, ...values: unknown[]) =>
    hear(entry as { tnx?: string }, format === '%s' ? String(values[0]) : [format, ...values].join(' '))
  const steps = (failure: SmtpFailure | null): SmtpStep[] =>
    reached.map((one) => ({ stage: one, said: failure?.stage === one ? failure.said : (said.get(one) ?? '') }))
  return {
    at,
    steps,
    /** A new mail on the same connection. */
    begin() {
      const before = reached.filter((one) => ['connect', 'tls', 'sign-in'].includes(one))
      reached = [...before]
      said = new Map([...said].filter(([one]) => before.includes(one)))
      stage = before.at(-1) ?? 'connect'
      unanswered = []
    },
    failed(error: Error, { tls, host }: SmtpSettings): SmtpError {
      if (error instanceof SmtpError) return error
      const {
        response,
        responseCode,
        code,
        command = '',
      } = error as {
        response?: string
        responseCode?: number
        code?: string
        command?: string
      }
      const isTls =
        code === 'ETLS' || (tls === 'tls' && reached.length === 1 && response === undefined && code !== 'ETIMEDOUT')
      if (isTls) at('tls')
      const own = isTls ? `No secure connection to ${host}: ${error.message}` : error.message
      if (!isTls && response !== undefined) stage = stageOf(command, stage)
      reached = reached.slice(0, reached.indexOf(stage) + 1)
      const failure = { stage, code: responseCode ?? null, said: line(response || own) }
      return new SmtpError(failure, steps(failure))
    },
    logger: { trace: silent, debug: told, info: told, warn: silent, error: silent, fatal: silent },
  }
}

function stageOf(command: string, stage: SmtpStage): SmtpStage {
  const verb = command.trimStart().slice(0, 8).toUpperCase()
  if (verb.startsWith('STARTTLS')) return 'tls'
  if (verb.startsWith('AUTH')) return 'sign-in'
  if (verb.startsWith('MAIL')) return 'sender'
  if (verb.startsWith('RCPT')) return 'recipient'
  if (verb.startsWith('DATA')) return 'data'
  return stage
}

function line(text: string): string {
  const clean = text.toWellFormed().replaceAll('\u0000', '\ufffd').trim()
  return clean.length > SAID_MAX ? `${clean.slice(0, SAID_MAX)}…` : clean
}

async function systemResolve(name: string): Promise<string[]> {
  const found = await lookup(name, { all: true, verbatim: true })
  return found.map(({ address }) => address)
}
