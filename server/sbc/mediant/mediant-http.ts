import { randomBytes } from 'node:crypto'
import { type Dispatcher, request } from 'undici'
import type { CallOptions, SbcConnection } from '../sbc-driver.ts'
import { SbcError, type SbcErrorKind, type SbcOperation } from '../sbc-error.ts'

export type MediantAnswer = { status: number; body: unknown }

export type MediantCaller = (
  call: { operation: SbcOperation; method: 'GET' | 'PUT' | 'POST'; path: string; file?: string },
  options: CallOptions,
) => Promise<MediantAnswer>

const ANSWER_LIMIT_BYTES = 32 * 1024 * 1024
/** Scripts and the whole configuration take longer than a status. */
const LONG_FACTOR = 4
const BUSY_RETRY_MS = 15_000

/** Calls of the REST interface, each with a time limit; every failure is an SbcError. Source: domain/sbc.md, REST interface. */
export function createMediantCaller(connection: SbcConnection, dispatcher: Dispatcher): MediantCaller {
  const { address, user, password, timeoutMs } = connection
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

  return async ({ operation, method, path, file }, { signal }) => {
    const limitMs = operation === 'status' ? timeoutMs : timeoutMs * LONG_FACTOR
    const outOfTime = AbortSignal.timeout(limitMs)
    const form = file === undefined ? null : formOf(file)
    try {
      const response = await request(new URL(`/api/v1${path}`, address), {
        dispatcher,
        method,
        headers: { authorization, accept: 'application/json', ...form?.headers },
        body: form?.body ?? null,
        signal: AbortSignal.any([signal, outOfTime]),
        headersTimeout: limitMs + 1_000,
        bodyTimeout: limitMs + 1_000,
      })
      const text = await readText(response.body)
      return judged(operation, response.statusCode, text)
    } catch (error) {
      if (error instanceof SbcError) throw error
      if (signal.aborted)
        throw new SbcError({ kind: 'aborted', operation, detail: 'The call to the SBC was called off.', cause: error })
      if (outOfTime.aborted) {
        throw new SbcError({
          kind: 'timeout',
          operation,
          detail: `The SBC did not answer within ${limitMs / 1_000} s.`,
          cause: error,
        })
      }
      throw failureOf(operation, error)
    }
  }
}

function judged(operation: SbcOperation, status: number, text: string): MediantAnswer {
  const refuse = (kind: SbcErrorKind, words: string, retryAfterMs?: number) =>
    new SbcError({
      kind,
      operation,
      detail: `${words}${saidBy(text)}`,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    })
  if (status === 401 || status === 403) throw refuse('credentials', 'The SBC refuses user or password.')
  if (status === 409) throw refuse('busy', 'The SBC takes no change now.', BUSY_RETRY_MS)
  if (status >= 500) throw refuse('unreachable', `The SBC answers ${status}.`)
  const body = decode(text)
  // A script that is refused is told with 400 and what was printed; who sent it reads it.
  if (status === 400 && operation === 'script' && body !== undefined) return { status, body }
  if (status >= 300) throw refuse('rejected', `The SBC answers ${status}.`)
  if (body === undefined && operation !== 'save') throw refuse('malformed', 'What the SBC answers is no JSON.')
  return { status, body }
}

/** The device's own words, as far as they are words. */
function saidBy(text: string): string {
  const body = decode(text)
  const said = isRecord(body) && typeof body.description === 'string' ? body.description : ''
  return said === '' ? '' : ` It says: ${said.slice(0, 300)}`
}

function decode(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Whoever needs an answer says that there is none.
    return undefined
  }
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > ANSWER_LIMIT_BYTES) {
      throw new SbcError({ kind: 'malformed', detail: 'The SBC answers more than 32 MB.' })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** One part named `file`, as documented. */
function formOf(content: string): { headers: Record<string, string>; body: string } {
  let boundary: string
  do boundary = `leadline-${randomBytes(12).toString('hex')}`
  while (content.includes(boundary))
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body:
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="cli.txt"\r\n` +
      `content-type: application/octet-stream\r\n\r\n${content}\r\n--${boundary}--\r\n`,
  }
}

const CERTIFICATE_CODES: Record<string, string> = {
  CERT_HAS_EXPIRED: 'The certificate of the SBC has expired.',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'The certificate of the SBC is signed by itself, and nobody has said that it is trusted.',
  SELF_SIGNED_CERT_IN_CHAIN: 'The certificate of the SBC comes from an issuer that is not trusted.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'The certificate of the SBC comes from an issuer that is not trusted.',
  UNABLE_TO_GET_ISSUER_CERT: 'The certificate of the SBC comes from an issuer that is not trusted.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'The certificate of the SBC comes from an issuer that is not trusted.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate of the SBC is for another name than that of its address.',
}

const NETWORK_WORDS: Record<string, string> = {
  ECONNREFUSED: 'Nobody listens at the address of the SBC.',
  ENOTFOUND: 'The name of the SBC is not known.',
  EAI_AGAIN: 'The name of the SBC cannot be looked up now.',
  EHOSTUNREACH: 'There is no way to the SBC in the network.',
  ENETUNREACH: 'There is no way to the SBC in the network.',
  ECONNRESET: 'The SBC broke the connection off.',
  UND_ERR_SOCKET: 'The SBC broke the connection off.',
  UND_ERR_CONNECT_TIMEOUT: 'The SBC does not take the connection.',
  ETIMEDOUT: 'The SBC does not take the connection.',
}

function failureOf(operation: SbcOperation, cause: unknown): SbcError {
  const { code = '', message } = cause as { code?: string; message?: string }
  if (code === 'certificate-refused')
    return new SbcError({ kind: 'certificate', operation, detail: message ?? '', cause })
  if (code === 'address-refused') {
    return new SbcError({
      ...{ kind: 'settings', operation, cause },
      detail: message ?? 'Calls may not go to this address.',
      remedy: 'Give another address, or have whoever runs Leadline allow it by LEADLINE_SBC_ALLOWED_RANGES.',
    })
  }
  const certificate = CERTIFICATE_CODES[code]
  if (certificate) return new SbcError({ kind: 'certificate', operation, detail: certificate, cause })
  const words = NETWORK_WORDS[code] ?? `The SBC cannot be reached${code === '' ? '' : ` (${code})`}.`
  return new SbcError({ kind: 'unreachable', operation, detail: words, cause })
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
