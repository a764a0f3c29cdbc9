import type { WireSignInOptions } from '../../../../contract/sessions.ts'
import type { AcceptanceService } from '../acceptance.service.ts'
import type { AccountService } from '../account.service.ts'
import type { InvitationService } from '../invitation.service.ts'
import type { MailChoiceService } from '../mail-choice.service.ts'
import type { OpenIdService } from '../open-id.service.ts'
import type { PreferenceService } from '../preference.service.ts'
import type { SessionService } from '../session.service.ts'
import type { SessionCookie } from '../session-cookie.ts'
import type { SignInService } from '../sign-in.service.ts'
import type { UserService } from '../user.service.ts'

export type PeopleRouteOptions = {
  sessions: SessionService
  signIns: SignInService
  accounts: AccountService
  mailChoices: MailChoiceService
  preferences: PreferenceService
  users: UserService
  invitations: InvitationService
  acceptances: AcceptanceService
  openIds: OpenIdService | null
  cookie: SessionCookie
  pendingCookie: SessionCookie
  signInOptions: WireSignInOptions
  publicUrl: string
}
