import type { Route } from '../../../platform/http/index.ts'
import { acceptInvitationRoute } from './accept-invitation.ts'
import { changePasswordRoute } from './change-password.ts'
import { confirmSecondFactorRoute } from './confirm-second-factor.ts'
import { finishOpenIdSignInRoute } from './finish-open-id-sign-in.ts'
import { getMailChoicesRoute } from './get-mail-choices.ts'
import { getMeRoute } from './get-me.ts'
import { getSignInOptionsRoute } from './get-sign-in-options.ts'
import { getUserRoute } from './get-user.ts'
import { inviteUserRoute } from './invite-user.ts'
import { listInvitationsRoute } from './list-invitations.ts'
import { listRolesRoute } from './list-roles.ts'
import { listSessionsRoute } from './list-sessions.ts'
import { listUsersRoute } from './list-users.ts'
import { openInvitationRoute } from './open-invitation.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'
import { removeSecondFactorRoute } from './remove-second-factor.ts'
import { removeUserRoute } from './remove-user.ts'
import { resetUserRoute } from './reset-user.ts'
import { resumeUserRoute } from './resume-user.ts'
import { revokeInvitationRoute } from './revoke-invitation.ts'
import { revokeOtherSessionsRoute } from './revoke-other-sessions.ts'
import { revokeSessionRoute } from './revoke-session.ts'
import { setMailChoicesRoute } from './set-mail-choices.ts'
import { setPreferencesRoute } from './set-preferences.ts'
import { signInRoute } from './sign-in.ts'
import { signOutRoute } from './sign-out.ts'
import { startOpenIdSignInRoute } from './start-open-id-sign-in.ts'
import { startSecondFactorRoute } from './start-second-factor.ts'
import { suspendUserRoute } from './suspend-user.ts'
import { updateUserRoute } from './update-user.ts'

export function peopleRoutes(options: PeopleRouteOptions): Route[] {
  return [
    listRolesRoute(),
    getSignInOptionsRoute(options),
    signInRoute(options),
    signOutRoute(options),
    listSessionsRoute(options),
    revokeSessionRoute(options),
    revokeOtherSessionsRoute(options),
    startOpenIdSignInRoute(options),
    finishOpenIdSignInRoute(options),
    getMeRoute(options),
    getMailChoicesRoute(options),
    setMailChoicesRoute(options),
    setPreferencesRoute(options),
    changePasswordRoute(options),
    startSecondFactorRoute(options),
    confirmSecondFactorRoute(options),
    removeSecondFactorRoute(options),
    listUsersRoute(options),
    listInvitationsRoute(options),
    inviteUserRoute(options),
    revokeInvitationRoute(options),
    getUserRoute(options),
    updateUserRoute(options),
    suspendUserRoute(options),
    resumeUserRoute(options),
    resetUserRoute(options),
    removeUserRoute(options),
    openInvitationRoute(options),
    acceptInvitationRoute(options),
  ]
}
