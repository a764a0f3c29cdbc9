import type { Clock } from '../kernel/clock.ts'
import { clientAssertion } from './client-certificate.ts'
import { decodeJson } from './decode-json.ts'
import type { Answer, ExchangeRequest } from './exchange.ts'
import { MicrosoftError } from './microsoft-error.ts'
import type { OperatorConnectSettings } from './settings.ts'
import { tokenRefusal } from './token-refusal.ts'
import type { Redact } from './upstream-words.ts'
import { untilAborted } from './waiting.ts'

export type AccessToken = {
  value: string
  /** Roles of Project Synergy that the token carries; null when it is not a readable JWT. */
  roles: readonly string[] | null
  refreshAtMs: number
  expiresAtMs: number
}

export type TokenSource = {
  /** A token that is valid now; callers at the same time share one request. */
  get(signal: AbortSignal): Promise<AccessToken>
  /** Drops a token that the API did not accept; harmless when another caller has already replaced it. */
  forget(token: AccessToken): void
}

/** After a renewal ahead of time has failed, so long until the next one, in milliseconds. */
const RENEWAL_PAUSE_MS = 30_000

/**
 * The token of one client. It is renewed five minutes before it expires, a short one after 80 % of its life: in the
 * background, so that nobody waits for it and a sign-in service in trouble is not felt while the old one serves.
 * `fetchToken` carries out and retries the request; `onRenewalFailure` hears of background failures.
 */
export function createTokenSource(
  clock: Clock,
  fetchToken: () => Promise<AccessToken>,
  onRenewalFailure: (error: unknown) => void,
): TokenSource {
  let current: AccessToken | null = null
  let pending: Promise<AccessToken> | null = null
  let renewalNotBeforeMs = 0

  const renew = (): Promise<AccessToken> => {
    pending ??= fetchToken()
      .then((token) => {
        current = token
        return token
      })
      .finally(() => {
        pending = null
      })
    return pending
  }

  return {
    async get(signal) {
      const nowMs = clock.now().getTime()
      if (current === null || nowMs >= current.expiresAtMs) return await untilAborted(renew(), signal)
      if (nowMs >= current.refreshAtMs && nowMs >= renewalNotBeforeMs && pending === null) {
        renew().catch((error: unknown) => {
          renewalNotBeforeMs = clock.now().getTime() + RENEWAL_PAUSE_MS
          onRenewalFailure(error)
        })
      }
      return current
    },
    forget(token) {
      if (current === token) current = null
    },
  }
}

/** Client-credentials request in the form of the token version, by secret or certificate. Source: microsoft.md A.2. */
export async function tokenRequest(settings: OperatorConnectSettings, nowMs: number): Promise<ExchangeRequest> {
  const { certificate } = settings
  const isV2 = settings.tokenVersion === 'v2.0'
  const path = `${encodeURIComponent(settings.directoryId)}/oauth2/${isV2 ? 'v2.0/' : ''}token`
  const url = new URL(`${settings.authority.replace(/\/+$/, '')}/${path}`)
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: settings.clientId })
  if (certificate === null) form.set('client_secret', settings.secret)
  else {
    form.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    form.set('client_assertion', await clientAssertion({ ...settings, certificate }, url, nowMs))
  }
  if (isV2)
    form.set('scope', settings.resource.endsWith('/.default') ? settings.resource : `${settings.resource}/.default`)
  else form.set('resource', settings.resource)
  return {
    operation: 'token',
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  }
}

/** Reads the authority's answer; throws `token-refused`, `throttled`, `unavailable`, `timeout` or `malformed`. */
export function readToken(answer: Answer, nowMs: number, redact: Redact): AccessToken {
  if (answer.status !== 200) throw tokenRefusal(answer, nowMs, redact)
  const { access_token: value, expires_in: life } = tokenFields(answer)
  // v1.0 writes the seconds as text.
  const lifeSeconds = Number(life)
  if (typeof value !== 'string' || value === '' || !Number.isFinite(lifeSeconds) || lifeSeconds <= 0) {
    throw unreadableToken(answer, undefined)
  }
  const lifeMs = lifeSeconds * 1000
  return {
    value,
    roles: rolesOf(value),
    refreshAtMs: nowMs + Math.max(lifeMs - 300_000, lifeMs * 0.8),
    expiresAtMs: nowMs + lifeMs,
  }
}

function tokenFields(answer: Answer): { access_token?: unknown; expires_in?: unknown } {
  try {
    const body = decodeJson(answer.text)
    return body !== null && typeof body === 'object' ? body : {}
  } catch (error) {
    throw unreadableToken(answer, error)
  }
}

function unreadableToken(answer: Answer, cause: unknown): MicrosoftError {
  return new MicrosoftError({
    kind: 'malformed',
    operation: 'token',
    status: answer.status,
    requestId: answer.requestId,
    transient: true,
    detail: 'The sign-in service answered without a readable token.',
    remedy: 'Check the authority address of the connection.',
    // A parser's message quotes the text that it stumbled on, which may be the token.
    cause: cause instanceof Error ? cause.name : undefined,
  })
}

/** The `roles` claim. The signature is not checked: this side only wants to explain a refusal, the API decides. */
function rolesOf(token: string): string[] | null {
  const payload = token.split('.')[1]
  if (payload === undefined) return null
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    if (claims === null || typeof claims !== 'object') return null
    const roles = 'roles' in claims ? claims.roles : []
    return Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : []
  } catch {
    // Not a JWT: nothing is known of its roles, and that is what null says.
    return null
  }
}
