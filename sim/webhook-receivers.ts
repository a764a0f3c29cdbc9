import { setTimeout as sleep } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import { type Exchange, jsonReply, readBody, send } from './http-exchange.ts'

/** How a receiver behaves, by name. */
export const BEHAVIOURS = ['ok', 'slow', 'status', 'redirect', 'endless-body', 'huge-body', 'hang', 'reset'] as const
export type Behaviour = (typeof BEHAVIOURS)[number]

export interface ReceiverSettings {
  behaviour: Behaviour
  /** For `status`. */
  status: number
  /** For `slow`. */
  delayMs: number
  /** `whsec_…`: what signatures are verified with; empty: they are not. */
  secret: string
  /** Behaves so that many times, then is `ok` again; null: for good. */
  times: number | null
}

export interface Arrival {
  at: string
  headers: Record<string, string>
  body: string
  /** What the official library says of the signature. */
  signature: 'good' | 'bad' | 'missing' | 'not verified'
  /** It has come before, by its `webhook-id`. */
  isRepeated: boolean
  behaviour: Behaviour
}

export interface Receiver {
  settings: ReceiverSettings
  counters: { requests: number; distinct: number; good: number; bad: number }
  /** Newest last. */
  arrivals: Arrival[]
}

const REMEMBERED_ARRIVALS = 200
const REMEMBERED_RECEIVERS = 50
const ORDINARY: ReceiverSettings = { behaviour: 'ok', status: 500, delayMs: 3_000, secret: '', times: null }
const GIGABYTE = 1024 ** 3

/** Other people's systems that webhooks are sent to: `POST /webhooks/NAME`, any name. They forget all when the process ends. */
export class WebhookReceivers {
  private readonly receivers = new Map<string, Receiver & { seen: Set<string> }>()

  /** Made when it is first named. */
  named(name: string): Receiver & { seen: Set<string> } {
    const known = this.receivers.get(name)
    if (known !== undefined) return known
    const counters = { requests: 0, distinct: 0, good: 0, bad: 0 }
    const made = { settings: { ...ORDINARY }, counters, arrivals: [], seen: new Set<string>() }
    this.receivers.set(name, made)
    const [oldest] = this.receivers.keys()
    if (this.receivers.size > REMEMBERED_RECEIVERS && oldest !== undefined) this.receivers.delete(oldest)
    return made
  }

  change(name: string, change: Partial<ReceiverSettings>): Receiver {
    const receiver = this.named(name)
    receiver.settings = { ...receiver.settings, ...change }
    return receiver
  }

  list(): { name: string; receiver: Receiver }[] {
    return [...this.receivers].map(([name, receiver]) => ({ name, receiver }))
  }

  forget(name: string): void {
    this.receivers.delete(name)
  }

  clear(): void {
    this.receivers.clear()
  }
}

/** Takes a webhook in and answers as the receiver is told to; false when the path is none of a receiver. */
export async function receiveWebhook(receivers: WebhookReceivers, exchange: Exchange): Promise<boolean> {
  const name = /^\/webhooks\/([\w-]{1,80})$/.exec(exchange.url.pathname)?.[1]
  if (name === undefined || exchange.method !== 'POST') return false
  const body = await readBody(exchange.request)
  const receiver = receivers.named(name)
  const { settings, arrivals, counters, seen } = receiver
  const headers = Object.fromEntries(
    Object.entries(exchange.request.headers).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
  const id = headers['webhook-id'] ?? ''
  const signature = judge(settings.secret, headers, body)
  const behaviour = settings.times === 0 ? 'ok' : settings.behaviour
  if (settings.times !== null && settings.times > 0) settings.times--
  arrivals.push({ at: new Date().toISOString(), headers, body, signature, isRepeated: seen.has(id), behaviour })
  if (arrivals.length > REMEMBERED_ARRIVALS) arrivals.shift()
  counters.requests++
  if (signature === 'good') counters.good++
  if (signature === 'bad') counters.bad++
  seen.add(id)
  counters.distinct = seen.size
  await behave(exchange, behaviour, settings)
  return true
}

function judge(secret: string, headers: Record<string, string>, body: string): Arrival['signature'] {
  if (headers['webhook-signature'] === undefined) return 'missing'
  if (secret === '') return 'not verified'
  try {
    new Webhook(secret).verify(body, headers)
    return 'good'
  } catch {
    return 'bad'
  }
}

async function behave(exchange: Exchange, behaviour: Behaviour, { status, delayMs }: ReceiverSettings): Promise<void> {
  const { response, request } = exchange
  switch (behaviour) {
    case 'hang':
      return
    case 'reset':
      request.socket.resetAndDestroy()
      return
    case 'status':
      return send(exchange, jsonReply(status, { taken: status >= 200 && status < 300 }))
    case 'redirect':
      return send(exchange, { status: 307, headers: { location: '/webhooks/elsewhere' }, body: '' })
    case 'endless-body':
      return endless(exchange)
    case 'huge-body':
      response.writeHead(200, { 'content-length': String(GIGABYTE) })
      return pour(exchange)
    case 'slow':
      await sleep(delayMs, undefined, { ref: false })
      return send(exchange, jsonReply(200, { taken: true }))
    default:
      return send(exchange, jsonReply(200, { taken: true }))
  }
}

function endless({ response }: Exchange): void {
  response.writeHead(200, { 'content-type': 'text/plain' })
  const timer = setInterval(() => response.write('more and '), 100)
  timer.unref()
  response.once('close', () => clearInterval(timer))
}

function pour({ response }: Exchange): void {
  const chunk = Buffer.alloc(65_536, 'x')
  const more = () => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', more)
  }
  more()
}
