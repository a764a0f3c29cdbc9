import type { WirePreferences } from '../../../contract/preferences.ts'
import type { WireMe, WireMembership, WireSession } from '../../../contract/sessions.ts'
import { chosenOperator, type Membership } from './person.rules.ts'
import { endOf, type SignedIn } from './session.service.ts'
import type { Session } from './session.store.ts'

/** Oneself; `operatorHeader` is the operator the request names. Throws 404 where that is not one's own. */
export function viewMe(
  signedIn: SignedIn,
  preferences: WirePreferences,
  operatorHeader: string | string[] | undefined,
): WireMe {
  const { person, memberships, choices, session } = signedIn
  return {
    personId: person.personId,
    email: person.email,
    name: person.name,
    hasPassword: person.hasPassword,
    secondFactor: person.secondFactor,
    recoveryCodesLeft: person.recoveryCodesLeft,
    memberships: memberships.map(viewMembership),
    operators: choices,
    operatorId: chosenOperator(choices, operatorHeader)?.operatorId ?? null,
    previousVisitAt: person.previousVisitAt?.toISOString() ?? null,
    sessionId: session.sessionId,
    sessionExpiresAt: endOf(session).toISOString(),
    preferences,
  }
}

export function viewMembership(membership: Membership): WireMembership {
  const { membershipId, ...shown } = membership
  return shown
}

export function viewSession(session: Session, currentId: string): WireSession {
  const { personId, expiresAt, ...shown } = session
  return {
    ...shown,
    current: session.sessionId === currentId,
    createdAt: session.createdAt.toISOString(),
    lastSeenAt: session.lastSeenAt.toISOString(),
    expiresAt: endOf(session).toISOString(),
  }
}
