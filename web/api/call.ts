import type { WireProblem } from '../../contract/problem.ts'
import { takeEarly } from '../early.ts'
import { noteServerDate } from '../ui/clock.ts'
import { hasSessionEnded, isReachable } from './link.ts'
import { ApiProblem, NoAnswer } from './problem.ts'
import { viewedChannelOf } from './viewed-channel.ts'

export type QueryValues = Record<string, string | number | boolean | undefined>

export type CallOptions = {
  /** The operator the call is for; left out for what belongs to the person. */
  operatorId?: number
  query?: QueryValues
  body?: unknown
  signal?: AbortSignal
  /** Default 30; testing a connection takes longer. */
  timeoutSeconds?: number
  /** The tag of the state that is to be changed; null: whatever it is by now. */
  ifMatch?: string | null
  /** What is asked for again with the same key is done once. */
  idempotencyKey?: string
  /** A 401 is the answer to this very call (wrong password), not the end of a session. */
  isSignIn?: boolean
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

const TIMEOUT_SECONDS = 30
const DAY_SECONDS = 86_400

/**
 * Calls the public API as the signed-in person and gives back the JSON of the answer.
 * Throws ApiProblem when the server says no, NoAnswer when it says nothing.
 */
export async function call<T>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
  const response = await send(method, path, options, {})
  return (response.status === 204 ? undefined : await response.json()) as T
}

/** An answer with the tag of its state, for the change that comes next. */
export type Tagged<T> = { body: T; tag: string | null }

export async function callWithTag<T>(method: Method, path: string, options: CallOptions = {}): Promise<Tagged<T>> {
  const response = await send(method, path, options, {})
  return { body: (await response.json()) as T, tag: response.headers.get('etag') }
}

/** Answers that were tagged, so that an unchanged one is neither sent nor parsed again and keeps its identity. */
const tagged = new Map<string, { tag: string; body: unknown }>()
const TAGGED_MAX = 60

/** A GET that costs next to nothing while nothing changes: gives back the very same object then. */
export async function callTagged<T>(path: string, options: CallOptions = {}): Promise<T> {
  const channelId = viewedChannelOf(options.operatorId)
  const key = `${options.operatorId ?? ''}/${channelId ?? ''} ${addressOf(path, options.query)}`
  const known = tagged.get(key)
  const response = await send('GET', path, options, known ? { 'if-none-match': known.tag } : {})
  tagged.delete(key)
  const tag = known && response.status === 304 ? known.tag : response.headers.get('etag')
  const body = known && response.status === 304 ? known.body : await response.json()
  if (tag) tagged.set(key, { tag, body })
  for (const oldest of tagged.keys()) {
    if (tagged.size <= TAGGED_MAX) break
    tagged.delete(oldest)
  }
  return body as T
}

/** A body that is still coming, piece by piece, with what its headers said. */
export type Streamed = { headers: Headers; pieces: AsyncGenerator<Uint8Array<ArrayBuffer>> }

/** A file may take minutes; but not one of them without a single byte. */
const SILENCE_SECONDS = 60

/**
 * Begins to fetch a file of any length. Throws as `call` does, and NoAnswer where the body stops or breaks off: what came
 * until then is not the file.
 */
export async function callStream(
  path: string,
  options: CallOptions & { accept: string; method?: 'GET' | 'POST' },
): Promise<Streamed> {
  const { accept, method = 'GET', signal: asked, ...others } = options
  const silence = new AbortController()
  const signal = asked ? AbortSignal.any([asked, silence.signal]) : silence.signal
  let timer = setTimeout(() => silence.abort(), SILENCE_SECONDS * 1_000)
  const failureOf = (error: unknown) => {
    if (asked?.aborted || error instanceof ApiProblem || error instanceof NoAnswer) return error
    isReachable.set(false)
    return new NoAnswer(error)
  }
  async function* pieces(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const reader = body.getReader()
    try {
      for (;;) {
        const { done, value } = await reader.read()
        clearTimeout(timer)
        if (done) return
        timer = setTimeout(() => silence.abort(), SILENCE_SECONDS * 1_000)
        yield value
      }
    } catch (error) {
      throw failureOf(error)
    } finally {
      clearTimeout(timer)
      reader.cancel().catch(() => undefined)
    }
  }
  try {
    const response = await send(method, path, { ...others, signal, timeoutSeconds: DAY_SECONDS }, { accept })
    return { headers: response.headers, pieces: pieces(response.body ?? new Blob().stream()) }
  } catch (error) {
    clearTimeout(timer)
    throw failureOf(error)
  }
}

/** Nothing of one person may be shown to the next. */
export function forgetAnswers(): void {
  tagged.clear()
}

async function send(
  method: Method,
  path: string,
  { operatorId, query, body, signal, timeoutSeconds = TIMEOUT_SECONDS, ...how }: CallOptions,
  extra: Record<string, string>,
): Promise<Response> {
  const { ifMatch, idempotencyKey, isSignIn = false } = how
  const headers: Record<string, string> = { accept: 'application/json', ...extra }
  if (operatorId !== undefined) headers['x-leadline-operator'] = String(operatorId)
  const channelId = viewedChannelOf(operatorId)
  if (channelId !== null) headers['x-ovoc-channel-id'] = String(channelId)
  if (ifMatch) headers['if-match'] = ifMatch
  if (idempotencyKey) headers['idempotency-key'] = idempotencyKey
  if (body !== undefined) headers['content-type'] = 'application/json'
  // A form of another site cannot set this header, so it cannot act in our name.
  if (method !== 'GET') headers['x-leadline-csrf'] = '1'
  const timeout = AbortSignal.timeout(timeoutSeconds * 1_000)
  let response: Response
  const address = addressOf(path, query)
  const isPlain = method === 'GET' && channelId === null && Object.keys(extra).length === 0
  try {
    // What was refused then is asked for again: somebody may have signed in since.
    const early = isPlain ? await takeEarly(address, operatorId)?.catch(() => null) : null
    response = early?.ok
      ? early
      : await fetch(address, {
          method,
          headers,
          body: body === undefined ? null : JSON.stringify(body),
          signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
          credentials: 'same-origin',
          redirect: 'error',
        })
  } catch (error) {
    if (signal?.aborted) throw error
    isReachable.set(false)
    throw new NoAnswer(error)
  }
  isReachable.set(true)
  noteServerDate(response.headers.get('date'))
  if (response.ok || response.status === 304) return response
  const problem = await problemOf(response, path)
  if (problem.status === 401 && !isSignIn) hasSessionEnded.set(true)
  throw problem
}

function addressOf(path: string, query: QueryValues = {}): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value))
  const text = parameters.toString()
  return text === '' ? path : `${path}?${text}`
}

/** A proxy in between answers with pages of its own: these become a problem too. */
async function problemOf(response: Response, path: string): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null)
  const known = isProblem(body) ? body : foreignProblem(response, path)
  const seconds = Number(response.headers.get('retry-after'))
  return new ApiProblem(known, response.headers.has('retry-after') && seconds >= 0 ? seconds : null)
}

function isProblem(body: unknown): body is WireProblem {
  const { code, detail } = (body ?? {}) as Partial<WireProblem>
  return typeof code === 'string' && typeof detail === 'string'
}

function foreignProblem(response: Response, path: string): WireProblem {
  return {
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    detail: `${response.status} ${response.statusText}`.trim(),
    instance: path,
    code: 'foreign-answer',
    requestId: response.headers.get('x-request-id') ?? '',
  }
}
