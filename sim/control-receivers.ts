import { ControlBody } from './control-body.ts'
import type { ControlCall } from './control-call.ts'
import { BadRequest } from './http-exchange.ts'
import { BEHAVIOURS, type Receiver, type ReceiverSettings } from './webhook-receivers.ts'

/** All receivers with what has arrived at them, newest first. */
export function listReceivers({ simulation }: ControlCall) {
  return { status: 200, body: { behaviours: BEHAVIOURS, receivers: simulation.receivers.list().map(describe) } }
}

export function showReceiver({ simulation, subject }: ControlCall) {
  demandName(subject)
  return { status: 200, body: describe({ name: subject, receiver: simulation.receivers.named(subject) }) }
}

/** How it behaves, how often, and what it verifies signatures with. */
export async function changeReceiver({ simulation, exchange, subject }: ControlCall) {
  demandName(subject)
  const body = await ControlBody.read(exchange, ['behaviour', 'status', 'delayMs', 'secret', 'times'])
  const change: Partial<ReceiverSettings> = {}
  const behaviour = body.oneOf('behaviour', BEHAVIOURS)
  // A new behaviour is for good, unless it says how often.
  if (behaviour !== undefined) Object.assign(change, { behaviour, times: null })
  const status = body.number('status', 200, 599)
  if (status !== undefined) change.status = status
  const delayMs = body.number('delayMs', 0, 600_000)
  if (delayMs !== undefined) change.delayMs = delayMs
  const times = body.number('times', 0, 1_000_000)
  if (times !== undefined) change.times = times
  const secret = body.text('secret')
  if (secret !== undefined) change.secret = readSecret(secret.trim())
  return { status: 200, body: describe({ name: subject, receiver: simulation.receivers.change(subject, change) }) }
}

/** Forgets what arrived, and how it was told to behave. */
export function forgetReceiver({ simulation, subject }: ControlCall) {
  simulation.receivers.forget(subject)
  return { status: 200, body: { status: 'forgotten' } }
}

function describe({ name, receiver }: { name: string; receiver: Receiver }) {
  const { settings, counters, arrivals } = receiver
  return { name, path: `/webhooks/${name}`, settings, counters, arrivals: arrivals.toReversed() }
}

function readSecret(secret: string): string {
  if (secret === '' || /^whsec_[A-Za-z0-9+/]{16,}={0,2}$/.test(secret)) return secret
  throw new BadRequest('"secret" must be the secret as Leadline showed it: whsec_…')
}

function demandName(name: string): void {
  if (!/^[\w-]{1,80}$/.test(name)) throw new BadRequest('A receiver has a name of letters, digits, _ and -.')
}
