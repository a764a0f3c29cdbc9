import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { type Dispatcher, request } from 'undici'
import { abortedError, MicrosoftError, type MicrosoftOperation } from './microsoft-error.ts'
import { followSignals } from './waiting.ts'

const gunzipAsync = promisify(gunzip)

/** One HTTP answer, fully read and decoded. Header names are in lower case. */
export type Answer = { status: number; headers: Readonly<Record<string, string>>; text: string; requestId: string }

export type ExchangeRequest = {
  operation: MicrosoftOperation
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: URL
  headers: Record<string, string>
  body?: string
}

export type ExchangeLimits = { timeoutMs: number; maxBodyBytes: number }

/** One attempt failed on the way: nothing to read, so nothing to say about the request itself. */
const TIMEOUT_CODES = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
])

/**
 * Sends one request once and reads the whole answer, whatever its status. Never follows a redirect.
 * Throws MicrosoftError: `timeout`, `unavailable` (no connection, or a broken one), `malformed` (too large, not
 * decodable), `aborted`.
 */
export async function exchange(
  dispatcher: Dispatcher,
  wanted: ExchangeRequest,
  limits: ExchangeLimits,
  signal: AbortSignal,
): Promise<Answer> {
  const { operation } = wanted
  const sentId = randomUUID()
  const attempt = followSignals([signal])
  const outOfTime = Symbol('out of time')
  const timer = setTimeout(() => attempt.abort(outOfTime), limits.timeoutMs)
  try {
    const response = await request(wanted.url, {
      dispatcher,
      method: wanted.method,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'gzip',
        'user-agent': 'Leadline',
        'x-ms-client-request-id': sentId,
        ...wanted.headers,
      },
      body: wanted.body ?? null,
      signal: attempt.signal,
      headersTimeout: limits.timeoutMs,
      bodyTimeout: limits.timeoutMs,
    })
    const headers = plainHeaders(response.headers)
    const received = await readBody(response.body, limits.maxBodyBytes, operation)
    const text = await decodeBody(received, headers['content-encoding'], limits.maxBodyBytes, operation)
    return {
      status: response.statusCode,
      headers,
      text,
      requestId: headers['x-ms-request-id'] ?? headers['request-id'] ?? sentId,
    }
  } catch (error) {
    if (error instanceof MicrosoftError) throw error
    if (signal.aborted) throw abortedError(operation, signal.reason)
    if (attempt.signal.reason === outOfTime) throw timeoutError(operation, limits.timeoutMs, undefined)
    throw connectionError(operation, wanted.url, limits.timeoutMs, error)
  } finally {
    clearTimeout(timer)
    attempt.release()
  }
}

function plainHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const plain: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value
  }
  return plain
}

async function readBody(body: AsyncIterable<Buffer>, maxBytes: number, operation: MicrosoftOperation): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > maxBytes) throw tooLargeError(operation, maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, bytes)
}

async function decodeBody(
  received: Buffer,
  encoding: string | undefined,
  maxBytes: number,
  operation: MicrosoftOperation,
): Promise<string> {
  const name = encoding?.trim().toLowerCase() ?? ''
  if (name === '' || name === 'identity' || received.length === 0) return plainText(received)
  if (name !== 'gzip' && name !== 'x-gzip') {
    throw new MicrosoftError({
      kind: 'malformed',
      operation,
      detail: `The answer is encoded as "${name.slice(0, 40)}" although only gzip was asked for.`,
      remedy: 'Look for a proxy on the way that changes answers.',
    })
  }
  try {
    const decoded = await gunzipAsync(received, { maxOutputLength: maxBytes })
    return plainText(decoded)
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLargeError(operation, maxBytes)
    throw new MicrosoftError({
      kind: 'malformed',
      operation,
      transient: true,
      detail: 'The compressed answer is damaged or cut short.',
      remedy: 'Try again later; if it stays, look for a proxy on the way that changes answers.',
      cause: error,
    })
  }
}

/** Without the byte order mark that some servers put first, and JSON does not know. */
function plainText(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

function tooLargeError(operation: MicrosoftOperation, maxBytes: number): MicrosoftError {
  return new MicrosoftError({
    kind: 'malformed',
    operation,
    detail: `The answer is larger than the limit of ${maxBytes} bytes.`,
    remedy: 'Ask for fewer records a page.',
  })
}

function timeoutError(operation: MicrosoftOperation, timeoutMs: number, cause: unknown): MicrosoftError {
  return new MicrosoftError({
    kind: 'timeout',
    operation,
    transient: true,
    detail: `Microsoft did not answer within ${timeoutMs} ms.`,
    remedy: 'If this happens often, raise the request time-out of the connection.',
    cause,
  })
}

function connectionError(operation: MicrosoftOperation, url: URL, timeoutMs: number, error: unknown): MicrosoftError {
  const code = codeOf(error)
  if (code !== undefined && TIMEOUT_CODES.has(code)) return timeoutError(operation, timeoutMs, error)
  if (code !== undefined && /CERT|TLS|SSL|UNABLE_TO_VERIFY/.test(code)) {
    return new MicrosoftError({
      kind: 'unavailable',
      operation,
      detail: `The certificate of ${url.host} is not accepted (${code}).`,
      remedy: 'Check the address, and whether a proxy on the way opens TLS connections.',
      cause: error,
    })
  }
  const unknownHost = code === 'ENOTFOUND'
  return new MicrosoftError({
    kind: 'unavailable',
    operation,
    transient: true,
    detail: unknownHost
      ? `The host ${url.host} is not known to DNS.`
      : `The connection to ${url.host} failed or broke off${code === undefined ? '' : ` (${code})`}.`,
    remedy: unknownHost
      ? 'Check the address of the connection.'
      : 'Check that this machine may reach the host, directly or by its proxy.',
    cause: error,
  })
}

function codeOf(error: unknown): string | undefined {
  if (error === null || typeof error !== 'object' || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
