import { type EventName, eventSpec } from '../../../contract/events.ts'
import type { Permission } from '../../../contract/permissions.ts'
import { SIMPLE_EVENTS } from '../../../contract/webhooks.ts'

export type Permitted = { ok: true } | { ok: false; code: string; reason: string }

const YES: Permitted = { ok: true }
const no = (code: string, reason: string): Permitted => ({ ok: false, code, reason })

type State = { kind: 'simple' | 'complete'; state: 'active' | 'paused' }

export function mayRotateSecret({ kind }: State): Permitted {
  return kind === 'complete' ? YES : no('webhook-without-secret', 'A webhook of the kind simple has no secret.')
}

export function mayPause({ state }: State): Permitted {
  return state === 'active' ? YES : no('webhook-paused', 'It is paused already.')
}

export function mayResume({ state }: State): Permitted {
  return state === 'paused' ? YES : no('webhook-active', 'It is not paused.')
}

/** Nobody has sent elsewhere what he may not read himself. */
export function mayHear(permissions: ReadonlySet<Permission>, events: readonly EventName[]): Permitted {
  const needed = new Set(events.map((name) => eventSpec(name).permission).filter((one) => one !== null))
  const beyond = [...needed].filter((permission) => !permissions.has(permission))
  if (beyond.length === 0) return YES
  return no(
    'permission-beyond-own',
    `These events need ${beyond.join(', ')}, which you do not hold: ask somebody who does.`,
  )
}

/** What is wrong with a choice of events; null: nothing. */
export function choiceProblem(
  kind: 'simple' | 'complete',
  channelId: number | null,
  events: readonly EventName[] | undefined,
): string | null {
  if (kind === 'simple')
    return events === undefined ? null : 'A webhook of the kind simple has no choice: leave it out.'
  if (events === undefined) return 'Say which events it is to hear of: GET /api/v4/webhook-events has them.'
  const beyond = channelId === null ? [] : events.filter((name) => eventSpec(name).operatorOnly)
  return beyond.length === 0 ? null : `A channel never hears of ${beyond.join(', ')}: leave that out.`
}

/** What a webhook of the kind simple hears of: new leads. For a channel a lead is new when it is given to it. */
export function simpleEvents(channelId: number | null): EventName[] {
  return [...(channelId === null ? SIMPLE_EVENTS.operator : SIMPLE_EVENTS.channel)]
}
