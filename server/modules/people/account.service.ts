import type { Clock } from '../../kernel/clock.ts'
import { AppError, badRequest } from '../../kernel/errors.ts'
import { installationPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import type { Sealer } from '../../platform/secrets/index.ts'
import { journal } from '../audit/index.ts'
import { passwordProblem } from './password.rules.ts'
import { hashPassword, passwordFits } from './password-hash.ts'
import { type CredentialedPerson, personStore } from './person.store.ts'
import { accountPrincipal, type Origin } from './person-principal.ts'
import { secondFactorCell, spendCode } from './second-factor.ts'
import { type SignedIn, sessionEnded } from './session.service.ts'
import { sessionStore } from './session.store.ts'
import type { Throttle } from './throttle.ts'
import { makeRecoveryCodes, makeTotpSecret, matchingStep, recoveryHash, totpUri } from './totp.ts'

export type AccountServiceOptions = { transact: Transact; sealer: Sealer; clock: Clock; throttle: Throttle }

export type AccountService = ReturnType<typeof createAccountService>

/** What somebody does with his own account: password and second factor. */
export function createAccountService({ transact, sealer, clock, throttle }: AccountServiceOptions) {
  /** Has the person prove his present password, slowed like a sign-in: an unlocked screen is not enough. */
  async function provePassword({ person }: SignedIn, password: string, origin: Origin): Promise<void> {
    const attempt = await throttle.attempt(person.email, origin.sourceIp, origin.requestId)
    const known = await transact(installationPrincipal('account', origin.requestId), (tx) =>
      personStore(tx).findByEmail(person.email),
    )
    if (!(await passwordFits(known?.credentials.passwordHash, password))) throw passwordWrong()
    await attempt.succeeded()
  }

  function change<T>(
    { person, memberships }: SignedIn,
    origin: Origin,
    work: (tx: Tx, known: CredentialedPerson) => Promise<T>,
  ): Promise<T> {
    return transact(accountPrincipal(person, memberships, origin), async (tx) => {
      const known = await personStore(tx).lock(person.personId)
      if (!known) throw sessionEnded()
      return work(tx, known)
    })
  }

  const note = (tx: Tx, { person }: CredentialedPerson, action: string, detail?: string) =>
    journal(tx).append({
      action,
      object: { type: 'person', id: person.personId, name: person.name },
      ...(detail !== undefined && { detail }),
    })

  return {
    async changePassword(
      signedIn: SignedIn,
      currentPassword: string,
      newPassword: string,
      origin: Origin,
    ): Promise<void> {
      const problem = passwordProblem(newPassword, signedIn.person.email)
      if (problem) throw badRequest([{ pointer: '/body/newPassword', detail: problem }])
      await provePassword(signedIn, currentPassword, origin)
      const passwordHash = await hashPassword(newPassword)
      await change(signedIn, origin, async (tx, known) => {
        await personStore(tx).setPassword(known.person.personId, passwordHash)
        const ended = await sessionStore(tx, clock.now()).revoke(known.person.personId, {
          but: signedIn.session.sessionId,
        })
        await note(tx, known, 'person.password-changed', `Other sessions ended: ${ended}.`)
      })
    },

    async startSecondFactor(
      signedIn: SignedIn,
      password: string,
      origin: Origin,
    ): Promise<{ secret: string; uri: string }> {
      if (signedIn.person.secondFactor) throw secondFactorState('There is a second factor already: remove it first.')
      await provePassword(signedIn, password, origin)
      const secret = makeTotpSecret()
      await change(signedIn, origin, async (tx, { person }) => {
        if (person.secondFactor) throw secondFactorState('There is a second factor already: remove it first.')
        const sealed = sealer.seal(secret, secondFactorCell(person.personId, 'second_factor_pending'))
        await personStore(tx).beginSecondFactor(person.personId, sealed)
      })
      return { secret, uri: totpUri(secret, signedIn.person.email) }
    },

    async confirmSecondFactor(signedIn: SignedIn, code: string, origin: Origin): Promise<string[]> {
      const attempt = await throttle.attempt(signedIn.person.email, origin.sourceIp, origin.requestId)
      const recoveryCodes = makeRecoveryCodes()
      await change(signedIn, origin, async (tx, known) => {
        const { personId, secondFactor } = known.person
        const pending = known.credentials.secondFactorPending
        if (secondFactor || pending === null) throw secondFactorState('None was begun, or one is on already.')
        const secret = sealer.open(pending, secondFactorCell(personId, 'second_factor_pending'))
        const step = matchingStep(secret, code, clock.now(), null)
        if (step === null) throw codeWrong()
        const sealed = sealer.seal(secret, secondFactorCell(personId, 'second_factor_sealed'))
        await personStore(tx).confirmSecondFactor(personId, sealed, step, recoveryCodes.map(recoveryHash))
        await note(tx, known, 'person.second-factor-added')
      })
      await attempt.succeeded()
      return recoveryCodes
    },

    async removeSecondFactor(signedIn: SignedIn, password: string, code: string, origin: Origin): Promise<void> {
      if (!signedIn.person.secondFactor) throw secondFactorState('There is no second factor.')
      await provePassword(signedIn, password, origin)
      const attempt = await throttle.attempt(signedIn.person.email, origin.sourceIp, origin.requestId)
      await change(signedIn, origin, async (tx, known) => {
        if (!(await spendCode(tx, known, code, { sealer, now: clock.now() }))) throw codeWrong()
        await personStore(tx).removeSecondFactor(known.person.personId)
        await note(tx, known, 'person.second-factor-removed')
      })
      await attempt.succeeded()
    },
  }
}

// No 401: the session is good, and a portal must not take this for its end.
function passwordWrong(): AppError {
  return new AppError({ code: 'present-password-wrong', status: 403, detail: 'The present password is wrong.' })
}

function codeWrong(): AppError {
  return new AppError({
    code: 'code-wrong',
    status: 403,
    detail:
      'The code is wrong or was used already: take the one the app shows now. If none fits, set the clock of the phone.',
  })
}

function secondFactorState(detail: string): AppError {
  return new AppError({ code: 'second-factor-state', status: 409, detail })
}
