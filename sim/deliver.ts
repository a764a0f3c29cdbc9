import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultName } from './fault-catalogue.ts'
import type { StrikingFault } from './faults.ts'
import { type Exchange, type Reply, send } from './http-exchange.ts'
import { apiError } from './operator-api-errors.ts'

/** The reply of an answer fault; `hang` and `reset` have none and act on the connection itself. */
export function answerOfFault(fault: StrikingFault): Reply | 'hang' | 'reset' | undefined {
  switch (fault.name) {
    case 'throttle-1':
      return throttled('1')
    case 'throttle-60':
      return throttled('60')
    case 'throttle-315':
      return throttled('315')
    case 'throttle-no-header':
      return throttled(undefined)
    case 'throttle-date':
      return throttled(new Date(Date.now() + (fault.seconds ?? 2) * 1000).toUTCString())
    case 'error-500':
      return apiError(500, 'InternalServerError', 'An unexpected error occurred while the request was processed.')
    case 'error-503':
      return apiError(503, 'ServiceUnavailable', 'The service is temporarily unavailable.')
    case 'html-page':
      return {
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<!doctype html><title>Sign in</title><p>Sign in to the proxy to go on.</p>',
      }
    case 'unauthorized':
      return apiError(401, 'InvalidAuthenticationToken', 'The access token is no longer accepted.')
    case 'forbidden':
      return apiError(403, 'Forbidden', 'The application is not authorized for this operator.')
    case 'hang':
      return 'hang'
    case 'reset-connection':
      return 'reset'
    default:
      return undefined
  }
}

/** Sends a reply, or does not, as the faults have it. Resolves when it is sent, reset or left hanging. */
export async function deliver(exchange: Exchange, reply: Reply | 'hang' | 'reset', faults: StrikingFault[]) {
  if (reply === 'hang') return
  if (reply === 'reset') {
    exchange.request.socket.resetAndDestroy()
    return
  }
  const names = new Set<FaultName>(faults.map(({ name }) => name))
  const slow = faults.find(({ name }) => name === 'slow')
  if (slow !== undefined) await sleep(slow.delayMs ?? 3000, undefined, { ref: false })
  if (names.has('cut-connection')) return cutConnection(exchange, reply)
  if (names.has('truncated-json')) {
    const body = Buffer.from(reply.body)
    return send(exchange, { ...reply, body: body.subarray(0, Math.floor(body.length / 2)) })
  }
  send(exchange, reply)
}

function cutConnection(exchange: Exchange, reply: Reply): void {
  const body = Buffer.from(reply.body)
  exchange.response.writeHead(reply.status, { ...reply.headers, 'content-length': String(body.length) })
  exchange.response.write(body.subarray(0, Math.floor(body.length / 2)), () => {
    exchange.request.socket.resetAndDestroy()
  })
}

function throttled(retryAfter: string | undefined): Reply {
  const reply = apiError(429, 'TooManyRequests', 'Too many requests. Try again later.')
  if (retryAfter !== undefined) reply.headers['retry-after'] = retryAfter
  return reply
}
