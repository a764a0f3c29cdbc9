import type { Logger } from 'pino'
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import { installationPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import type { Sealer } from '../../platform/secrets/index.ts'
import { journal } from '../audit/index.ts'
import { membershipStore } from './membership.store.ts'
import { passwordFits } from './password-hash.ts'
import { emailKey } from './person.rules.ts'
import { type CredentialedPerson, personStore } from './person.store.ts'
import { accountPrincipal } from './person-principal.ts'
import { spendCode } from './second-factor.ts'
import type { OpenedSession, SessionService, Visitor } from './session.service.ts'
import type { Throttle } from './throttle.ts'

export type SignInServiceOptions = {
  transact: Transact
  sealer: Sealer
  clock: Clock
  logger: Logger
  throttle: Throttle
  sessions: SessionService
  /** Whether the people of a sandbox may come in. */
  isSandbox: boolean
}

export type SignInAsked = { email: string; password: string; code?: string | undefined }

export type SignInService = ReturnType<typeof createSignInService>

/** Sign-in with mail address and password. */
export function createSignInService(options: SignInServiceOptions) {
  const { transact, sealer, clock, logger, throttle, sessions, isSandbox } = options

  async function find(email: string, requestId: string): Promise<CredentialedPerson | undefined> {
    const principal = installationPrincipal('sign-in', requestId)
    const found = await transact(principal, (tx) => personStore(tx).findByEmail(emailKey(email)))
    return found?.person.isSample && !isSandbox ? undefined : found
  }

  /** Behind the answer, so that it takes as long for an account that exists as for one that does not. */
  function noteRefusal(known: CredentialedPerson | undefined, visitor: Visitor, detail: string): void {
    if (!known) return
    const { person } = known
    const write = async () => {
      const memberships = await transact(installationPrincipal('sign-in', visitor.requestId), (tx) =>
        membershipStore(tx).listOf(person.personId),
      )
      const object = { type: 'person', id: person.personId, name: person.name }
      const { userAgent, ...origin } = visitor
      await transact(accountPrincipal(person, memberships, origin), (tx) =>
        journal(tx).append({ action: 'session.refused', object, result: 'refused', detail }),
      )
    }
    write().catch((error) =>
      logger.error({ err: error, person: person.personId }, 'refused sign-in not written to the journal'),
    )
  }

  async function requireSecondFactor(known: CredentialedPerson, code: string, visitor: Visitor): Promise<void> {
    const principal = installationPrincipal('sign-in', visitor.requestId)
    const fits = await transact(principal, (tx) => spendCode(tx, known, code, { sealer, now: clock.now() }))
    if (fits) return
    noteRefusal(known, visitor, 'The second factor was wrong.')
    throw new AppError({
      code: 'second-factor-wrong',
      status: 401,
      detail: 'The code is wrong or was used already: take the one the app shows now, or another recovery code.',
    })
  }

  return {
    async signIn({ email, password, code }: SignInAsked, visitor: Visitor): Promise<OpenedSession> {
      const attempt = await throttle.attempt(email, visitor.sourceIp, visitor.requestId)
      const known = await find(email, visitor.requestId)
      const fits = await passwordFits(known?.credentials.passwordHash, password)
      if (!known || !fits) {
        noteRefusal(known, visitor, 'The password was wrong.')
        throw signInWrong()
      }
      const { person } = known
      if (person.secondFactor && code === undefined) {
        await attempt.withdrawn()
        throw new AppError({
          code: 'second-factor-required',
          status: 401,
          detail: 'Enter the code that your authenticator app shows, or a recovery code.',
        })
      }
      if (person.secondFactor) await requireSecondFactor(known, code ?? '', visitor)
      await attempt.succeeded()
      if (person.state === 'suspended') {
        noteRefusal(known, visitor, 'The account is suspended.')
        throw accountSuspended()
      }
      const detail = person.secondFactor ? 'With password and second factor.' : 'With password.'
      return sessions.begin(person.personId, 'password', visitor, detail)
    },
  }
}

function signInWrong(): AppError {
  return new AppError({
    code: 'sign-in-wrong',
    status: 401,
    detail: 'The mail address or the password is wrong.',
  })
}

export function accountSuspended(): AppError {
  return new AppError({
    code: 'account-suspended',
    status: 403,
    detail: 'Your account is suspended: ask an administrator.',
  })
}
