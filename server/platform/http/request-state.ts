import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Principal } from '../../kernel/principal.ts'
import type { KeepAnswer, PublicContext } from './route.ts'
import { preferredEncoding } from './send-answer.ts'

/** A request on its way: what the log line, the context and the errors need of it. */
export class RequestState implements PublicContext {
  readonly requestId: string
  readonly sourceIp: string
  readonly path: string
  readonly search: string
  readonly baseUrl: string
  readonly startedAt = performance.now()
  operationId = 'unknown'
  principal: Principal | undefined
  keepAnswer: KeepAnswer = async () => {}
  keyHash: string | null = null
  /** What was thrown, for the log. */
  error: unknown
  /** The last byte of the answer has been handed over. */
  isComplete = false
  readonly #request: FastifyRequest
  readonly #reply: FastifyReply
  #controller: AbortController | undefined

  constructor(request: FastifyRequest, reply: FastifyReply, publicUrl: string) {
    this.#request = request
    this.#reply = reply
    this.requestId = request.id
    this.sourceIp = request.ip
    const url = request.raw.url ?? '/'
    const mark = url.indexOf('?')
    this.path = mark < 0 ? url : url.slice(0, mark)
    this.search = mark < 0 ? '' : url.slice(mark + 1)
    this.baseUrl = /^\/tenantui\//i.test(this.path) ? `${publicUrl}/tenantui` : publicUrl
  }

  get headers(): IncomingMessage['headers'] {
    return this.#request.headers
  }

  get acceptsEncoding(): 'zstd' | 'gzip' | null {
    return preferredEncoding(this.#request.headers['accept-encoding'])
  }

  // Made on demand: most requests end before anyone listens.
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#reply.raw.closed && !this.isComplete) this.clientGone()
    }
    return this.#controller.signal
  }

  complete(): void {
    this.isComplete = true
  }

  clientGone(): void {
    this.#controller?.abort(new Error('The client went away.'))
  }
}

const SANE_ID = /^[A-Za-z0-9][A-Za-z0-9._:=+/-]{0,127}$/

/** The caller's own request id when it is short and plain, so that both logs can be joined. */
export function acceptableRequestId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && SANE_ID.test(header) ? header : undefined
}
