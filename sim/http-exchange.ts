import type { IncomingMessage, ServerResponse } from 'node:http'

const BODY_LIMIT_BYTES = 1024 * 1024

/** One request on its way to an answer. */
export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  method: string
  url: URL
  /** Scheme and host as the caller knows them, for links in answers. */
  baseUrl: string
  receivedAtMs: number
  /** Names of the faults that struck, for the request log. */
  faults: string[]
  operator: string | undefined
}

export interface Reply {
  status: number
  headers: Record<string, string>
  body: Buffer | string
}

/** An input the caller has to correct; becomes a 400 (or the status given) with this message. */
export class BadRequest extends Error {
  readonly status: number

  constructor(message: string, status = 400) {
    super(message)
    this.status = status
  }
}

export function jsonReply(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  }
}

export function send(exchange: Exchange, reply: Reply): void {
  const { response } = exchange
  if (response.headersSent || response.destroyed) return
  response.writeHead(reply.status, {
    'cache-control': 'no-store',
    ...reply.headers,
    'content-length': String(Buffer.byteLength(reply.body)),
  })
  response.end(exchange.method === 'HEAD' ? undefined : reply.body)
}

/** The body as text. @throws BadRequest 413 above 1 MiB */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > BODY_LIMIT_BYTES) throw new BadRequest('The body is larger than 1 MiB.', 413)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Percent-decoding that leaves a malformed text as it is: whoever is asked for it will not know it. */
export function decodeText(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) return text
    throw error
  }
}
