import * as openId from 'openid-client'
import type { Logger } from 'pino'
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import { installationPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import type { Sealer } from '../../platform/secrets/index.ts'
import type { AcceptanceService } from './acceptance.service.ts'
import { safeReturnPath, verifiedEmail } from './open-id.rules.ts'
import type { Person } from './person.rules.ts'
import { personStore } from './person.store.ts'
import type { OpenedSession, SessionService, Visitor } from './session.service.ts'
import { accountSuspended } from './sign-in.service.ts'

export type OpenIdSettings = {
  /** `iss`, to the letter. */
  issuer: string
  clientId: string
  clientSecret: string
  /** Registered at the provider. */
  redirectUri: string
}

export type OpenIdServiceOptions = {
  transact: Transact
  sealer: Sealer
  clock: Clock
  logger: Logger
  sessions: SessionService
  acceptances: AcceptanceService
  settings: OpenIdSettings
}

export type OpenIdService = ReturnType<typeof createOpenIdService>

/** What is remembered in the browser, sealed, while its user is at the provider. */
type Pending = { state: string; nonce: string; verifier: string; returnTo: string; startedAt: number }

export const PENDING_SECONDS = 600
const PENDING_PLACE = { table: 'sign-in', row: 'openid-connect', column: 'pending' }
const TIMEOUT_SECONDS = 10

/** Sign-in at an identity provider: OpenID Connect, authorization code with PKCE, state and nonce. */
export function createOpenIdService(options: OpenIdServiceOptions) {
  const { transact, sealer, clock, logger, sessions, acceptances, settings } = options
  let configured: Promise<openId.Configuration> | undefined

  /** Asked once; after a failure again with the next sign-in. */
  async function provider(): Promise<openId.Configuration> {
    const issuer = new URL(settings.issuer)
    configured ??= openId.discovery(issuer, settings.clientId, settings.clientSecret, undefined, {
      timeout: TIMEOUT_SECONDS,
      // Checked like any other token, though it comes straight from the provider.
      execute: [
        openId.enableNonRepudiationChecks,
        ...(issuer.protocol === 'http:' ? [openId.allowInsecureRequests] : []),
      ],
    })
    try {
      return await configured
    } catch (error) {
      configured = undefined
      throw failed(error)
    }
  }

  async function claimsOf(parameters: Record<string, string>, pending: Pending): Promise<openId.IDToken> {
    const config = await provider()
    const currentUrl = new URL(settings.redirectUri)
    for (const [name, value] of Object.entries(parameters)) currentUrl.searchParams.set(name, value)
    try {
      const tokens = await openId.authorizationCodeGrant(config, currentUrl, {
        pkceCodeVerifier: pending.verifier,
        expectedState: pending.state,
        expectedNonce: pending.nonce,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (!claims) throw new Error('The provider sent no ID token.')
      return claims
    } catch (error) {
      logger.warn({ err: error }, 'sign-in at the identity provider failed')
      throw failed(error)
    }
  }

  function readPending(sealed: string | undefined): Pending {
    try {
      const pending = JSON.parse(sealer.open(sealed ?? '', PENDING_PLACE)) as Pending
      if (clock.now().getTime() - pending.startedAt <= PENDING_SECONDS * 1000) return pending
    } catch {
      // Damaged, of another key, or none at all: told like one that is too old.
    }
    throw new AppError({
      code: 'open-id-expired',
      status: 400,
      detail: 'The sign-in took too long, or was begun in another browser: begin again.',
    })
  }

  /** The account of that identity. The first sign-in ties it to the provider's own id: an address may change hands. */
  async function personOf(email: string, subject: string, requestId: string): Promise<Person> {
    return transact(installationPrincipal('sign-in', requestId), async (tx) => {
      const store = personStore(tx)
      const found = await store.findByEmail(email)
      if (!found || found.person.isSample) throw unknownPerson(email)
      const { person, credentials } = found
      const tied = credentials.openIdSubject
      const issuer = settings.issuer
      if (tied?.startsWith(`${issuer} `) && tied !== subject) throw otherIdentity()
      if (person.state === 'suspended') throw accountSuspended()
      if (tied !== subject) await store.setOpenIdSubject(person.personId, subject)
      return person
    })
  }

  return {
    /** Where to send the browser, and what it must bring back. Throws 503 where the provider cannot be reached. */
    async start(returnTo: string | undefined): Promise<{ url: string; pending: string }> {
      const config = await provider()
      const pending: Pending = {
        state: openId.randomState(),
        nonce: openId.randomNonce(),
        verifier: openId.randomPKCECodeVerifier(),
        returnTo: safeReturnPath(returnTo),
        startedAt: clock.now().getTime(),
      }
      const url = openId.buildAuthorizationUrl(config, {
        redirect_uri: settings.redirectUri,
        scope: 'openid profile email',
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await openId.calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: 'S256',
      })
      return { url: url.href, pending: sealer.seal(JSON.stringify(pending), PENDING_PLACE) }
    },

    async finish(
      parameters: Record<string, string>,
      sealed: string | undefined,
      visitor: Visitor,
    ): Promise<OpenedSession & { returnTo: string }> {
      const pending = readPending(sealed)
      const claims = await claimsOf(parameters, pending)
      const email = verifiedEmail(claims, settings.issuer)
      if (email === undefined) throw unverified()
      const { requestId, sourceIp } = visitor
      const name =
        typeof claims.name === 'string' && claims.name.trim() !== '' ? claims.name.trim().slice(0, 200) : undefined
      await acceptances.acceptVerified(email, name, { requestId, sourceIp })
      const person = await personOf(email, `${settings.issuer} ${claims.sub}`, requestId)
      const opened = await sessions.begin(person.personId, 'openid-connect', visitor, 'At the identity provider.')
      return { ...opened, returnTo: pending.returnTo }
    },
  }
}

function failed(cause: unknown): AppError {
  return new AppError({
    code: 'open-id-failed',
    status: 503,
    detail:
      'The identity provider refused, or cannot be reached: try again, or ask your administrator to read the log.',
    cause,
  })
}

function unknownPerson(email: string): AppError {
  return new AppError({
    code: 'open-id-unknown-person',
    status: 403,
    detail: `Nobody with the address ${email} is known here: ask an administrator for an invitation.`,
  })
}

function unverified(): AppError {
  return new AppError({
    code: 'open-id-email-unverified',
    status: 403,
    detail: 'The identity provider does not vouch for a mail address of yours: ask its administrator.',
  })
}

function otherIdentity(): AppError {
  return new AppError({
    code: 'open-id-other-identity',
    status: 403,
    detail:
      'This address belonged to another identity when it was last used here: ask an administrator to reset the account.',
  })
}
