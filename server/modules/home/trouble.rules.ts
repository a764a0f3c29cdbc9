import type { SecretExpiry } from '../../../contract/connections.ts'
import type { TroubleKind, WireTrouble } from '../../../contract/home.ts'

type RunFacts = {
  state: string
  finishedAt: Date | null
  startedAt: Date | null
  error: { message: string; remedy?: string | null } | null
}

/** What the sources of Home tell, as far as the rules look at it. */
export type JobFacts = { name: string; summary: string; current: RunFacts | null; last: RunFacts | null }
export type WebhookFacts = {
  webhookId: string
  name: string
  state: 'active' | 'paused'
  pausedBecause: string | null
  pausedAt: Date | null
  failingSince: Date | null
  lastError: string | null
  /** Events that were given up lately. */
  dead: number
}
export type MailFacts = { enabled: boolean; failingSince: Date | null; lastError: string | null }
export type SbcFacts = {
  sbcId: number
  name: string
  trouble: { detail: string; remedy: string; since: string } | null
  /** Objects that are not as they were left. */
  changed: number
}
export type ConnectionFacts = { isSet: boolean; secretExpiry: SecretExpiry }

const NOTHING = { id: null, name: null, since: null, detail: null, remedy: null, count: null }

function trouble(kind: TroubleKind, facts: Partial<Omit<WireTrouble, 'kind'>>): WireTrouble {
  return { kind, ...NOTHING, ...facts }
}

/** A secret that nobody has dated is not known to end. */
export function connectionTroubles({ isSet, secretExpiry: { on, daysLeft, state } }: ConnectionFacts): WireTrouble[] {
  if (!isSet) return [trouble('not-connected', {})]
  if (state === 'unknown' || state === 'fine') return []
  return [trouble('secret-expiring', { detail: on, count: daysLeft })]
}

/** Jobs whose last run failed, or whose present one has failed before and is tried again. */
export function jobTroubles(jobs: readonly JobFacts[]): WireTrouble[] {
  return jobs.flatMap(({ name, summary, current, last }) => {
    const failed = current?.error ? current : last?.state === 'failed' ? last : null
    if (!failed) return []
    const since = (failed.finishedAt ?? failed.startedAt)?.toISOString() ?? null
    const { message = null, remedy = null } = failed.error ?? {}
    return [trouble('job-failing', { id: name, name: summary, since, detail: message, remedy })]
  })
}

export function shrunkTrouble(since: Date | null): WireTrouble[] {
  return since === null ? [] : [trouble('listing-shrank', { since: since.toISOString() })]
}

/** What somebody has paused himself is no trouble; events that were given up are, whatever else holds. */
export function webhookTroubles(webhooks: readonly WebhookFacts[]): WireTrouble[] {
  return webhooks.flatMap(
    ({ webhookId: id, name, state, pausedBecause, pausedAt, failingSince, lastError: detail, dead }) => {
      const lost = dead > 0 ? [trouble('webhook-dead', { id, name, count: dead })] : []
      const isPaused = state === 'paused'
      if (isPaused && pausedBecause === 'asked') return lost
      if (!isPaused && failingSince === null) return lost
      const since = (isPaused ? pausedAt : failingSince)?.toISOString() ?? null
      return [trouble(isPaused ? 'webhook-paused' : 'webhook-failing', { id, name, since, detail }), ...lost]
    },
  )
}

export function mailTroubles(mail: MailFacts | null): WireTrouble[] {
  if (!mail?.enabled || mail.failingSince === null) return []
  return [trouble('mail-failing', { since: mail.failingSince.toISOString(), detail: mail.lastError })]
}

export function undeliveredTroubles(count: number): WireTrouble[] {
  return count === 0 ? [] : [trouble('events-undelivered', { count })]
}

/** Devices that cannot be worked with, and those that somebody has changed by hand. */
export function sbcTroubles(sbcs: readonly SbcFacts[]): WireTrouble[] {
  return sbcs.flatMap(({ sbcId, name, trouble: found, changed }) => {
    const named = { id: String(sbcId), name }
    const troubles: WireTrouble[] = []
    if (found) {
      const { detail, remedy, since } = found
      troubles.push(trouble('sbc-failing', { ...named, detail, remedy, since }))
    }
    if (changed > 0) troubles.push(trouble('sbc-changed', { ...named, count: changed }))
    return troubles
  })
}
