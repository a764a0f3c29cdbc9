import { type Dispatcher, request } from 'undici'
import { AddressRefusedError } from './guarded-agent.ts'

export type PostRequest = { url: string; headers: Record<string, string>; body: string }

export type PostLimits = {
  /** For connecting, sending and the head of the answer. */
  deadlineMs: number
  /** For the body of the answer after its head; what has not come by then is cut off. */
  bodyMs: number
  /** Of the body of the answer; the rest is not read. */
  bodyBytes: number
}

/** What became of a request: an answer, whatever its status, or why there was none. */
export type PostOutcome =
  | {
      kind: 'answered'
      status: number
      headers: Record<string, string>
      body: string
      /** Longer, or slower, than is read. */
      isBodyCut: boolean
      durationMs: number
    }
  | { kind: 'failed'; code: PostFailure; detail: string; durationMs: number }

export type PostFailure =
  | 'address-refused'
  | 'name-unknown'
  | 'certificate-refused'
  | 'connection-failed'
  | 'timed-out'
  | 'answer-malformed'
  | 'stopped'

/**
 * Sends one POST once. No redirect is followed; of the answer a small part is read, within a short time, and a connection
 * that has more to say is closed. Never throws.
 */
export async function post(
  dispatcher: Dispatcher,
  { url, headers, body }: PostRequest,
  limits: PostLimits,
  signal?: AbortSignal,
): Promise<PostOutcome> {
  const startedAt = performance.now()
  const took = () => Math.round(performance.now() - startedAt)
  // One controller and one timer: composed signals cost more than the request.
  const ended = new AbortController()
  let isOutOfTime = false
  const deadline = setTimeout(() => {
    isOutOfTime = true
    ended.abort()
  }, limits.deadlineMs)
  const stop = () => ended.abort()
  if (signal?.aborted) stop()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    const response = await request(url, {
      dispatcher,
      method: 'POST',
      headers,
      body,
      signal: ended.signal,
      headersTimeout: limits.deadlineMs + 1_000,
      bodyTimeout: limits.bodyMs + 1_000,
    })
    const read = await readSome(response.body, limits)
    return {
      kind: 'answered',
      status: response.statusCode,
      headers: plainHeaders(response.headers),
      body: read.text,
      isBodyCut: read.isCut,
      durationMs: took(),
    }
  } catch (error) {
    const failure = isOutOfTime
      ? { code: 'timed-out' as const, detail: `No answer within ${limits.deadlineMs / 1_000} s.` }
      : signal?.aborted
        ? { code: 'stopped' as const, detail: 'Leadline was being stopped.' }
        : failureOf(error, URL.parse(url)?.host ?? '')
    return { kind: 'failed', ...failure, durationMs: took() }
  } finally {
    clearTimeout(deadline)
    signal?.removeEventListener('abort', stop)
  }
}

async function readSome(
  body: Dispatcher.ResponseData['body'],
  { bodyBytes, bodyMs }: PostLimits,
): Promise<{ text: string; isCut: boolean }> {
  const chunks: Buffer[] = []
  let bytes = 0
  let isCut = false
  const cut = () => {
    isCut = true
    body.destroy()
  }
  const late = setTimeout(cut, bodyMs)
  // An error after the head says nothing about whether the receiver has taken what was sent.
  body.on('error', () => {})
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > bodyBytes) break
    }
  } catch {
    isCut = true
  } finally {
    clearTimeout(late)
  }
  if (bytes > bodyBytes) cut()
  return { text: Buffer.concat(chunks, bytes).subarray(0, bodyBytes).toString('utf8'), isCut }
}

function plainHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
    ),
  )
}

const CERTIFICATES: Record<string, string> = {
  CERT_HAS_EXPIRED: 'has expired: the receiver must renew it',
  CERT_NOT_YET_VALID: 'is not valid yet: look at the clocks',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is signed by nobody but itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'is signed by an authority that is not known',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'comes without the certificate of its authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'is signed by an authority that is not known',
  CERT_REVOKED: 'was revoked',
}

function failureOf(error: unknown, host: string): { code: PostFailure; detail: string } {
  if (error instanceof AddressRefusedError) return { code: 'address-refused', detail: error.message }
  const code = codeOf(error)
  const certificate = CERTIFICATES[code]
  if (certificate)
    return { code: 'certificate-refused', detail: `The certificate of ${host} ${certificate} (${code}).` }
  if (/CERT|TLS|SSL/.test(code)) {
    return { code: 'certificate-refused', detail: `The TLS connection to ${host} could not be made (${code}).` }
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'ENODATA') {
    return { code: 'name-unknown', detail: `The name ${host} is not known to DNS (${code}).` }
  }
  if (/TIMEOUT|ETIMEDOUT/.test(code))
    return { code: 'timed-out', detail: `${host} could not be reached in time (${code}).` }
  if (/^HPE_|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES/.test(code)) {
    return { code: 'answer-malformed', detail: `What ${host} answered is no HTTP, or its head is too large (${code}).` }
  }
  return { code: 'connection-failed', detail: `The connection to ${host} failed or broke off (${code}).` }
}

function codeOf(error: unknown): string {
  for (let at = error; typeof at === 'object' && at !== null; at = (at as { cause?: unknown }).cause) {
    if ('code' in at && typeof at.code === 'string') return at.code
  }
  return 'no reason was given'
}
