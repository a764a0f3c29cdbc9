import type { WireInvitation, WireUser } from '../../../contract/people.ts'
import type { WireMembership } from '../../../contract/sessions.ts'
import type { OpenedLink } from './acceptance.service.ts'
import type { Invitation } from './invitation.store.ts'
import { viewMembership } from './me.view.ts'
import { mayChangeAccount, mayChangeRole, mayResume, maySuspend, type Verdict } from './person.rules.ts'
import type { SeenUser } from './user.service.ts'

/** A person as whoever asks may see him, with what he may do with the account. */
export function viewUser({ giver, openSessions, ...target }: SeenUser): WireUser {
  const { person, membership } = target
  const role = permitted(mayChangeRole(giver, target))
  return {
    personId: person.personId,
    email: person.email,
    name: person.name,
    state: person.state,
    membership: viewMembership(membership),
    hasPassword: person.hasPassword,
    secondFactor: person.secondFactor,
    createdAt: person.createdAt.toISOString(),
    lastSignInAt: person.lastSignInAt?.toISOString() ?? null,
    lastSeenAt: person.lastSeenAt?.toISOString() ?? null,
    openSessions,
    actions: {
      updateUser: role,
      removeUser: role,
      suspendUser: permitted(maySuspend(giver, target)),
      resumeUser: permitted(mayResume(giver, target)),
      resetUser: permitted(mayChangeAccount(giver, target)),
    },
  }
}

export function viewInvitation(invitation: Invitation): WireInvitation {
  return {
    invitationId: invitation.invitationId,
    email: invitation.email,
    name: invitation.name,
    membership: roleOf(invitation),
    invitedBy: invitation.invitedBy,
    createdAt: invitation.createdAt.toISOString(),
    expiresAt: invitation.expiresAt.toISOString(),
  }
}

export function viewOpenedLink({ invitation, needs }: OpenedLink) {
  const { purpose, email, name, expiresAt, role } = invitation
  return { purpose, email, name, membership: role && roleOf(invitation), needs, expiresAt: expiresAt.toISOString() }
}

function roleOf({ role, operatorId, operatorName, channelId, channelName, tenantId }: Invitation): WireMembership {
  if (!role) throw new Error('A link for a new password has no role.')
  return { tier: role.tier, level: role.level, operatorId, operatorName, channelId, channelName, tenantId }
}

function permitted(verdict: Verdict): { allowed: boolean; reason?: string } {
  return verdict.ok ? { allowed: true } : { allowed: false, reason: verdict.reason }
}
