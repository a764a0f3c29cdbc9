import { SESSION_IDLE_SECONDS, SESSION_SECONDS } from '../../../contract/sessions.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError, notFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { installationPrincipal } from '../../kernel/principal.ts'
import type { Reader } from '../../platform/db/reader.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { journal } from '../audit/index.ts'
import { operatorStore } from '../operators/index.ts'
import { membershipStore } from './membership.store.ts'
import { makeToken, tokenHash } from './opaque-token.ts'
import { choicesOf, type Membership, type OperatorChoice, type Person } from './person.rules.ts'
import { personStore } from './person.store.ts'
import { accountPrincipal, type Origin } from './person-principal.ts'
import { type Session, sessionStore } from './session.store.ts'
import { lookUpSession } from './session-lookup.store.ts'

/** Whoever is signed in, with the session he asks in. */
export type SignedIn = {
  person: Person
  memberships: Membership[]
  /** Operators he may work for. */
  choices: OperatorChoice[]
  session: Session
}

/** A request at the sign-in: where it came from, with what. */
export type Visitor = Origin & { userAgent: string }

export type OpenedSession = { token: string; signedIn: SignedIn }

export type SessionService = ReturnType<typeof createSessionService>

/** How exact "last seen" is: so a busy person does not write with every request. */
const TOUCH_SECONDS = 60

/** Sessions of people. The database is asked with every request, so that what is ended or changed holds at once everywhere. */
export function createSessionService({
  reader,
  transact,
  clock,
}: {
  reader: Reader
  transact: Transact
  clock: Clock
}) {
  return {
    /** Begins a session for somebody who has proved who he is. */
    async begin(
      personId: string,
      method: Session['method'],
      { userAgent, ...origin }: Visitor,
      detail: string,
    ): Promise<OpenedSession> {
      const now = clock.now()
      const token = makeToken()
      const session: Session = {
        sessionId: newId(now),
        personId,
        method,
        createdAt: now,
        lastSeenAt: now,
        expiresAt: new Date(now.getTime() + SESSION_SECONDS * 1000),
        sourceIp: origin.sourceIp,
        userAgent: userAgent.slice(0, 300),
      }
      const known = await whoIs(personId, origin)
      if (known.memberships.length === 0) throw withoutRole()
      await transact(accountPrincipal(known.person, known.memberships, origin), async (tx) => {
        const store = sessionStore(tx, now)
        await store.prune(personId)
        await store.insert(session, tokenHash(token))
        await personStore(tx).touch(personId, now, true)
        await journal(tx).append({ action: 'session.begun', object: objectOf(known.person), detail })
      })
      return { token, signedIn: { ...(await whoIs(personId, origin)), session } }
    },

    /** Whose session this is. Throws 401 `session-ended`. */
    async resolve(token: string, { requestId }: Pick<Origin, 'requestId'>): Promise<SignedIn> {
      const now = clock.now()
      const lookUp = () => lookUpSession(reader, tokenHash(token), now, requestId)
      let found = await lookUp()
      if (found && now.getTime() - found.session.lastSeenAt.getTime() >= TOUCH_SECONDS * 1000) {
        const { sessionId, personId } = found.session
        await transact(installationPrincipal('session check', requestId), async (tx) => {
          await sessionStore(tx, now).touch(sessionId)
          await personStore(tx).touch(personId, now, false)
        })
        found = await lookUp()
      }
      if (!found) throw sessionEnded()
      const { session, person, memberships, operators } = found
      // Suspending and removing end the sessions; this holds even where one began at the same moment.
      if (person?.state !== 'active' || memberships.length === 0) throw sessionEnded()
      return { person, memberships, choices: choicesIn(memberships, operators), session }
    },

    async end({ person, memberships, session }: SignedIn, origin: Origin): Promise<void> {
      await transact(accountPrincipal(person, memberships, origin), async (tx) => {
        await sessionStore(tx, clock.now()).revoke(person.personId, { only: session.sessionId })
        await journal(tx).append({ action: 'session.ended', object: objectOf(person), detail: 'Signed out.' })
      })
    },

    list: ({ person }: SignedIn, { requestId }: Origin) =>
      transact(installationPrincipal('session list', requestId), (tx) =>
        sessionStore(tx, clock.now()).listOpen(person.personId),
      ),

    async revoke({ person, memberships }: SignedIn, sessionId: string, origin: Origin): Promise<void> {
      await transact(accountPrincipal(person, memberships, origin), async (tx) => {
        const ended = await sessionStore(tx, clock.now()).revoke(person.personId, { only: sessionId })
        if (ended === 0) throw notFound('The session')
        await journal(tx).append({
          action: 'session.ended',
          object: objectOf(person),
          detail: 'One session, by its owner.',
        })
      })
    },

    async revokeOthers({ person, memberships, session }: SignedIn, origin: Origin): Promise<number> {
      return transact(accountPrincipal(person, memberships, origin), async (tx) => {
        const ended = await sessionStore(tx, clock.now()).revoke(person.personId, { but: session.sessionId })
        const detail = `All other sessions (${ended}), by their owner.`
        if (ended > 0) await journal(tx).append({ action: 'session.ended', object: objectOf(person), detail })
        return ended
      })
    },
  }

  async function whoIs(personId: string, { requestId }: Origin): Promise<Omit<SignedIn, 'session'>> {
    const known = await transact(installationPrincipal('sign-in', requestId), (tx) => lookUp(tx, personId))
    if (!known.person) throw notFound('The person')
    return { ...known, person: known.person }
  }
}

type LookUp = { person: Person | undefined; memberships: Membership[]; choices: OperatorChoice[] }

async function lookUp(tx: Parameters<typeof personStore>[0], personId: string): Promise<LookUp> {
  const person = await personStore(tx).find(personId)
  const memberships = await membershipStore(tx).listOf(personId)
  const operators = isEverywhere(memberships) ? await operatorStore(tx).list() : []
  return { person, memberships, choices: choicesIn(memberships, operators) }
}

/** `operators`: all of them, where somebody is something everywhere. */
function choicesIn(memberships: Membership[], operators: { operatorId: number; name: string }[]): OperatorChoice[] {
  return choicesOf(memberships, isEverywhere(memberships) ? operators : operatorsOf(memberships))
}

function isEverywhere(memberships: readonly Membership[]): boolean {
  return memberships.some((one) => one.operatorId === null)
}

function operatorsOf(memberships: readonly Membership[]): { operatorId: number; name: string }[] {
  return memberships.flatMap(({ operatorId, operatorName }) =>
    operatorId === null ? [] : [{ operatorId, name: operatorName ?? String(operatorId) }],
  )
}

/** When the session ends if nothing more is asked in it. */
export function endOf(session: Session): Date {
  return new Date(Math.min(session.expiresAt.getTime(), session.lastSeenAt.getTime() + SESSION_IDLE_SECONDS * 1000))
}

function objectOf(person: Person) {
  return { type: 'person', id: person.personId, name: person.name }
}

export function sessionEnded(): AppError {
  return new AppError({
    code: 'session-ended',
    status: 401,
    detail: 'Your session has ended: sign in again. Nothing that was saved is lost.',
  })
}

function withoutRole(): AppError {
  return new AppError({
    code: 'account-without-role',
    status: 403,
    detail: 'Your account does not belong to any operator any more: ask an administrator to invite you again.',
  })
}
