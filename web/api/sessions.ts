import type { WireMe, WireSession, WireSignInOptions } from '../../contract/sessions.ts'
import { call, forgetAnswers } from './call.ts'
import { hasSessionEnded } from './link.ts'
import { viewAs } from './viewed-channel.ts'

export type { WireMe, WireOperatorChoice, WireSession, WireSignInOptions } from '../../contract/sessions.ts'

export function getSignInOptions(signal?: AbortSignal): Promise<WireSignInOptions> {
  return call('GET', '/api/v4/sign-in-options', signal ? { signal } : {})
}

/** A missing session is an answer here, not the end of one. */
export function getMe(signal?: AbortSignal): Promise<WireMe> {
  return call('GET', '/api/v4/me', { isSignIn: true, ...(signal && { signal }) })
}

/** Throws `second-factor-required` (401) when a code must come along. */
export async function signIn(credentials: { email: string; password: string; code?: string }): Promise<WireMe> {
  const me = await call<WireMe>('POST', '/api/v4/sessions', { body: credentials, isSignIn: true })
  hasSessionEnded.set(false)
  return me
}

export async function signOut(): Promise<void> {
  await call('DELETE', '/api/v4/sessions/current', { isSignIn: true })
  forgetAnswers()
  viewAs(null)
}

export async function listSessions(signal: AbortSignal): Promise<WireSession[]> {
  return (await call<{ data: WireSession[] }>('GET', '/api/v4/sessions', { signal })).data
}

export function revokeSession(sessionId: string): Promise<void> {
  return call('DELETE', `/api/v4/sessions/${encodeURIComponent(sessionId)}`)
}

export function revokeOtherSessions(): Promise<{ ended: number }> {
  return call('POST', '/api/v4/sessions/revoke-others')
}

/** A wrong present password is 401 as well: `isSignIn` keeps it from looking like the end of the session. */
export function changePassword(passwords: { currentPassword: string; newPassword: string }): Promise<void> {
  return call('POST', '/api/v4/me/password', { body: passwords, isSignIn: true })
}

export function startSecondFactor(password: string): Promise<{ secret: string; uri: string }> {
  return call('POST', '/api/v4/me/second-factor', { body: { password }, isSignIn: true })
}

export function confirmSecondFactor(code: string): Promise<{ recoveryCodes: string[] }> {
  return call('POST', '/api/v4/me/second-factor/confirm', { body: { code }, isSignIn: true })
}

export function removeSecondFactor(body: { password: string; code: string }): Promise<void> {
  return call('POST', '/api/v4/me/second-factor/remove', { body, isSignIn: true })
}
