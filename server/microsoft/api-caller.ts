import { performance } from 'node:perf_hooks'
import { Agent, type Dispatcher } from 'undici'
import { systemClock } from '../kernel/clock.ts'
import { type AccessToken, createTokenSource, readToken, tokenRequest } from './access-token.ts'
import { type Answer, type ExchangeRequest, exchange } from './exchange.ts'
import { abortedError, MicrosoftError, type MicrosoftOperation } from './microsoft-error.ts'
import type { CallOptions, CallReport, OperatorConnectClientOptions } from './operator-connect-port.ts'
import { refusal } from './refusal.ts'
import { DEFAULT_RETRY_POLICY, type Retried, withRetries } from './retries.ts'
import type { OperatorConnectSettings } from './settings.ts'
import { createThrottleGate } from './throttle-gate.ts'
import { createRedact } from './upstream-words.ts'
import { followSignals, systemSleep } from './waiting.ts'

const DEFAULT_MAX_BODY_BYTES = 64 * 1024 * 1024
const CONNECT_TIMEOUT_MS = 10_000

export type ApiCall<T> = {
  operation: MicrosoftOperation
  /** Default GET. */
  method?: ExchangeRequest['method']
  url: URL
  /** Sent as JSON. */
  body?: object
  /** Turns an accepted answer into the result; a MicrosoftError of it counts as the failure of the attempt. */
  read: (answer: Answer) => T | Promise<T>
  /** Statuses besides 200 that are answers and not refusals. */
  accepts?: (answer: Answer) => boolean
}

/** Authorised, throttled, retried calls of one operator's API. A call that must not be sent twice narrows its retries. */
export type ApiCaller = {
  dispatcher: Dispatcher
  closing: AbortSignal
  send<T>(wanted: ApiCall<T>, call: CallOptions): Promise<T>
  close(): Promise<void>
}

/** Puts token, throttle gate, retries, counters and log around single exchanges. */
export function createApiCaller(settings: OperatorConnectSettings, options: OperatorConnectClientOptions): ApiCaller {
  const tools = {
    clock: options.clock ?? systemClock,
    sleep: options.sleep ?? systemSleep,
    random: options.random ?? Math.random,
  }
  const policy = { ...DEFAULT_RETRY_POLICY, ...options.retry }
  const limits = { timeoutMs: settings.requestTimeoutMs, maxBodyBytes: options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES }
  const redact = createRedact([settings.secret])
  const closing = new AbortController()
  const gate = createThrottleGate(tools.clock, tools.sleep)
  const { dispatcher, destroyDispatcher } = openDispatcher(options.dispatcher, settings.requestTimeoutMs)
  const nowMs = () => tools.clock.now().getTime()

  const attempted = async <T>(
    operation: MicrosoftOperation,
    attempt: number,
    send: () => Promise<Answer>,
    read: (answer: Answer) => T | Promise<T>,
  ): Promise<T> => {
    const startedMs = performance.now()
    let status: number | null = null
    let outcome: CallReport['outcome'] = 'ok'
    try {
      const answer = await send()
      status = answer.status
      return await read(answer)
    } catch (error) {
      if (error instanceof MicrosoftError) outcome = error.kind
      throw error
    } finally {
      const report: CallReport = { operation, status, durationMs: performance.now() - startedMs, attempt, outcome }
      options.logger?.debug(report, 'Called Microsoft')
      options.onCall?.(report)
    }
  }

  const onWait: Retried<unknown>['onWait'] = (failure, attempt, waitMs) =>
    options.logger?.warn(
      { ...facts(failure), attempt, waitMs },
      'Microsoft could not answer; trying again after a wait',
    )

  // Shared by all callers, so no single caller's signal or patience applies to it.
  const fetchToken = () =>
    withRetries(tools, {
      operation: 'token',
      policy,
      signal: closing.signal,
      onWait,
      once: (attempt) =>
        attempted(
          'token',
          attempt,
          async () => exchange(dispatcher, await tokenRequest(settings, nowMs()), limits, closing.signal),
          (answer) => readToken(answer, nowMs(), redact),
        ),
    })
  const tokens = createTokenSource(tools.clock, fetchToken, (error) => {
    if (!closing.signal.aborted)
      options.logger?.warn(facts(error), 'The token could not be renewed ahead of time; the old one serves on')
  })

  const readAnswer = <T>(wanted: ApiCall<T>, answer: Answer, token: AccessToken): T | Promise<T> => {
    if (answer.status === 200 || wanted.accepts?.(answer) === true) return wanted.read(answer)
    const failure = refusal(wanted.operation, answer, token, nowMs(), redact)
    if (failure.kind === 'throttled' && failure.retryAfterMs !== undefined) gate.closeFor(failure.retryAfterMs)
    throw failure
  }

  const send: ApiCaller['send'] = async (wanted, call) => {
    const { operation, url, method = 'GET' } = wanted
    const body = wanted.body === undefined ? {} : { body: JSON.stringify(wanted.body) }
    const contentType = wanted.body === undefined ? {} : { 'content-type': 'application/json' }
    const following = followSignals([call.signal, closing.signal])
    const { signal } = following
    const callPolicy = { ...policy, ...call.retry }
    let used: AccessToken | null = null
    let renewed = false
    try {
      return await withRetries(tools, {
        operation,
        policy: callPolicy,
        signal,
        onWait,
        once: async (attempt, budgetLeftMs) => {
          await gate.enter(operation, Math.min(callPolicy.maxRetryAfterMs, budgetLeftMs), signal)
          const token = await tokens.get(signal)
          used = token
          const headers = { authorization: `Bearer ${token.value}`, ...contentType }
          const once = () => exchange(dispatcher, { operation, method, url, headers, ...body }, limits, signal)
          return await attempted(operation, attempt, once, (answer) => readAnswer(wanted, answer, token))
        },
        recover: (failure) => {
          // Roles are written into the token: one that lacks them must not be kept until it expires.
          const stale = failure.operation === operation && (failure.status === 401 || failure.kind === 'role-missing')
          if (!stale || used === null) return false
          tokens.forget(used)
          const again = failure.status === 401 && !renewed
          renewed = true
          return again
        },
      })
    } catch (error) {
      if (signal.aborted && !(error instanceof MicrosoftError)) throw abortedError(operation, signal.reason)
      throw error
    } finally {
      following.release()
    }
  }

  return {
    dispatcher,
    closing: closing.signal,
    send,
    async close() {
      closing.abort(new Error('The client of Microsoft was closed.'))
      await destroyDispatcher()
    },
  }
}

function facts(failure: unknown): object {
  if (!(failure instanceof MicrosoftError)) return { err: failure }
  const { operation, kind, status, requestId, detail } = failure
  return { operation, kind, status, requestId, detail }
}

function openDispatcher(
  given: Dispatcher | undefined,
  timeoutMs: number,
): { dispatcher: Dispatcher; destroyDispatcher: () => Promise<void> } {
  if (given !== undefined) return { dispatcher: given, destroyDispatcher: async () => {} }
  const agent = new Agent({
    // Multiplexing brings nothing to one page at a time, and one broken HTTP/2 session would break every call on it.
    allowH2: false,
    connections: 32,
    connect: { timeout: Math.min(CONNECT_TIMEOUT_MS, timeoutMs) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 30_000,
  })
  return { dispatcher: agent, destroyDispatcher: () => agent.destroy() }
}
