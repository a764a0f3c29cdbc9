import type { Logger } from 'pino'
import type { Clock } from '../../kernel/clock.ts'
import type { Reader } from '../../platform/db/reader.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import type { Authenticate, Route } from '../../platform/http/index.ts'
import type { Sealer } from '../../platform/secrets/index.ts'
import type { CredentialScheme } from '../access/index.ts'
import { createAcceptanceService } from './acceptance.service.ts'
import { createAccountService } from './account.service.ts'
import { createInvitationService, type InvitationService } from './invitation.service.ts'
import { createLinkMaker } from './link-maker.ts'
import { createMailChoiceService } from './mail-choice.service.ts'
import { providerName } from './open-id.rules.ts'
import { createOpenIdService } from './open-id.service.ts'
import { createPreferenceService } from './preference.service.ts'
import { peopleRoutes } from './routes/index.ts'
import type { PeopleRouteOptions } from './routes/people-route-options.ts'
import { offeredPeople, type SamplePerson } from './sample-people.ts'
import { createSessionService } from './session.service.ts'
import { sessionCookie, sessionCookieName } from './session-cookie.ts'
import { platformAuthentication, sessionScheme } from './session-scheme.ts'
import { createSignInService } from './sign-in.service.ts'
import { createThrottle } from './throttle.ts'
import { createUserService, type UserService } from './user.service.ts'

export { countChannelPeople, removeChannelPeople } from './channel-people.ts'
export { addressOfPerson, type MailReader, mailReaders } from './mail-choice.store.ts'
export { ensureSamplePeople, type SamplePerson, samplePeople } from './sample-people.ts'
export { leadStaff, type StaffMember } from './staff.store.ts'
export type { SeenUser } from './user.service.ts'

export type PeopleSettings = {
  /** Without a slash at the end. */
  publicUrl: string
  /** null: sign-in with passwords only. */
  openId: { issuer: string; clientId: string; clientSecret: string } | null
  /** The people of a sandbox; null in a production, where none of them can sign in. */
  samplePeople: readonly SamplePerson[] | null
}

export type PeopleOptions = {
  reader: Reader
  transact: Transact
  sealer: Sealer
  clock: Clock
  logger: Logger
  settings: PeopleSettings
}

export type People = {
  /** For createAccess: the cookie of a session as credentials. */
  scheme: CredentialScheme
  /** For endpoints of the platform tier. */
  authenticatePlatform: Authenticate
  users: UserService
  invitations: InvitationService
  routes: Route[]
}

/** People: how they sign in, what they may do, who invites whom. */
export function createPeople({ reader, transact, sealer, clock, logger, settings }: PeopleOptions): People {
  const { publicUrl, openId, samplePeople } = settings
  const throttle = createThrottle({ transact, clock })
  const links = createLinkMaker(publicUrl)
  const sessions = createSessionService({ reader, transact, clock })
  const acceptances = createAcceptanceService({ transact, clock, throttle })
  const users = createUserService({ transact, clock, links })
  const invitations = createInvitationService({ transact, clock, links })
  const startUrl = `${publicUrl}/api/v4/sign-in/openid-connect`
  const openIds = openId
    ? createOpenIdService({
        ...{ transact, sealer, clock, logger, sessions, acceptances },
        settings: { ...openId, redirectUri: `${startUrl}/callback` },
      })
    : null
  const cookie = sessionCookie(publicUrl, sessionCookieName(publicUrl))
  const options: PeopleRouteOptions = {
    sessions,
    signIns: createSignInService({
      ...{ transact, sealer, clock, logger, throttle, sessions },
      isSandbox: samplePeople !== null,
    }),
    accounts: createAccountService({ transact, sealer, clock, throttle }),
    mailChoices: createMailChoiceService({ transact }),
    preferences: createPreferenceService({ transact }),
    users,
    invitations,
    acceptances,
    openIds,
    cookie,
    pendingCookie: sessionCookie(publicUrl, 'leadline_sign_in'),
    signInOptions: {
      password: true,
      openIdConnect: openId ? { name: providerName(openId.issuer), startUrl } : null,
      samplePeople: offeredPeople(samplePeople ?? []),
    },
    publicUrl,
  }
  return {
    scheme: sessionScheme({ sessions, cookie }),
    authenticatePlatform: platformAuthentication({ sessions, cookie }),
    users,
    invitations,
    routes: peopleRoutes(options),
  }
}
