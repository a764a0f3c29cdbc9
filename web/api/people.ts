import type { WireInvitation, WireUser } from '../../contract/people.ts'
import type { Level, Tier, WireRoleMatrix } from '../../contract/roles.ts'
import type { WireMembership } from '../../contract/sessions.ts'
import { call } from './call.ts'

export type { WireInvitation, WireUser } from '../../contract/people.ts'
export type { Level, Tier, WireRoleMatrix } from '../../contract/roles.ts'
export type { WireMembership } from '../../contract/sessions.ts'

export type Role = { tier: Tier; level: Level; channelId?: number | null }
export type Invite = Role & { email: string; name: string }
export type OpenedInvitation = {
  purpose: 'invitation' | 'new-password'
  /** null: the first administrator gives an address of his own. */
  email: string | null
  name: string
  membership: WireMembership | null
  needs: 'new-password' | 'present-password'
  expiresAt: string
}

const users = '/api/v4/users'
const userPath = (personId: string) => `${users}/${encodeURIComponent(personId)}`

export async function listUsers(operatorId: number, signal: AbortSignal): Promise<WireUser[]> {
  return (await call<{ data: WireUser[] }>('GET', users, { operatorId, signal })).data
}

export async function listInvitations(operatorId: number, signal: AbortSignal): Promise<WireInvitation[]> {
  return (await call<{ data: WireInvitation[] }>('GET', `${users}/invitations`, { operatorId, signal })).data
}

export function inviteUser(operatorId: number, invite: Invite): Promise<{ invitation: WireInvitation; link: string }> {
  return call('POST', `${users}/invitations`, { operatorId, body: invite })
}

export function revokeInvitation(operatorId: number, invitationId: string): Promise<void> {
  return call('DELETE', `${users}/invitations/${encodeURIComponent(invitationId)}`, { operatorId })
}

export function updateUser(operatorId: number, personId: string, role: Role): Promise<WireUser> {
  return call('PATCH', userPath(personId), { operatorId, body: role })
}

export function removeUser(operatorId: number, personId: string): Promise<void> {
  return call('DELETE', userPath(personId), { operatorId })
}

export function suspendUser(operatorId: number, personId: string): Promise<WireUser> {
  return call('POST', `${userPath(personId)}/suspend`, { operatorId })
}

export function resumeUser(operatorId: number, personId: string): Promise<WireUser> {
  return call('POST', `${userPath(personId)}/resume`, { operatorId })
}

export function resetUser(
  operatorId: number,
  personId: string,
  secondFactor: boolean,
): Promise<{ link: string; expiresAt: string }> {
  return call('POST', `${userPath(personId)}/reset`, { operatorId, body: { secondFactor } })
}

export function openInvitation(token: string): Promise<OpenedInvitation> {
  return call('POST', '/api/v4/invitations/open', { body: { token }, isSignIn: true })
}

export function acceptInvitation(acceptance: {
  token: string
  email?: string
  name?: string
  newPassword?: string
  presentPassword?: string
}): Promise<{ email: string }> {
  return call('POST', '/api/v4/invitations/accept', { body: acceptance, isSignIn: true })
}

/** The same for every installation. */
export function listRoles(signal: AbortSignal): Promise<WireRoleMatrix> {
  return call('GET', '/api/v4/roles', { signal })
}
