import type { Clock } from '../../kernel/clock.ts'
import { AppError, badRequest } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { installationPrincipal, type Principal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { journal } from '../audit/index.ts'
import { objectOf } from './invitation.service.ts'
import { type Invitation, invitationStore } from './invitation.store.ts'
import { membershipStore } from './membership.store.ts'
import { tokenHash } from './opaque-token.ts'
import { passwordProblem } from './password.rules.ts'
import { hashPassword, passwordFits } from './password-hash.ts'
import type { Person } from './person.rules.ts'
import { type CredentialedPerson, type NewPerson, personStore } from './person.store.ts'
import type { Origin } from './person-principal.ts'
import { sessionStore } from './session.store.ts'
import { accountSuspended } from './sign-in.service.ts'
import type { Throttle } from './throttle.ts'
import { roleFacts, saveRole } from './user.service.ts'

export type Acceptance = {
  token: string
  email?: string | undefined
  name?: string | undefined
  newPassword?: string | undefined
  presentPassword?: string | undefined
}

/** What a link is for; `needs` says which password accepts it. */
export type OpenedLink = { invitation: Invitation; needs: 'new-password' | 'present-password' }

export type AcceptanceService = ReturnType<typeof createAcceptanceService>

/** Links in the hands of those who got them: looked at, accepted, used to set a new password. */
export function createAcceptanceService({
  transact,
  clock,
  throttle,
}: {
  transact: Transact
  clock: Clock
  throttle: Throttle
}) {
  async function look(token: string, email: string | undefined, { requestId }: Pick<Origin, 'requestId'>) {
    const found = await transact(installationPrincipal('invitation', requestId), async (tx) => {
      const invitation = await invitationStore(tx, clock.now()).findOpen(tokenHash(token))
      if (!invitation) return undefined
      const address = invitation.email ?? email
      return { invitation, account: address === undefined ? undefined : await personStore(tx).findByEmail(address) }
    })
    if (!found) throw invitationGone()
    return found
  }

  async function setNewPassword(
    invitation: Invitation,
    { person }: CredentialedPerson,
    asked: Acceptance,
    origin: Origin,
  ) {
    const passwordHash = await chosenPassword(asked, person.email)
    await transact(acceptorOf(person, invitation, origin), async (tx) => {
      const now = clock.now()
      if (!(await invitationStore(tx, now).use(invitation.invitationId))) throw invitationGone()
      await personStore(tx).setPassword(person.personId, passwordHash)
      await sessionStore(tx, now).revoke(person.personId)
      const object = { type: 'person', id: person.personId, name: person.name }
      await journal(tx).append({ action: 'person.password-changed', object, detail: 'Through a link.' })
    })
    return person.email
  }

  /** With his own password, so that nobody gets at an account by inviting its address. */
  async function provePassword({ person, credentials }: CredentialedPerson, asked: Acceptance, origin: Origin) {
    if (asked.presentPassword === undefined) {
      const detail = 'This address has an account here: accept with its own password.'
      throw badRequest([{ pointer: '/body/presentPassword', detail }])
    }
    const attempt = await throttle.attempt(person.email, origin.sourceIp, origin.requestId)
    if (!(await passwordFits(credentials.passwordHash, asked.presentPassword))) {
      throw new AppError({ code: 'sign-in-wrong', status: 401, detail: 'The mail address or the password is wrong.' })
    }
    await attempt.succeeded()
    if (person.state === 'suspended') throw accountSuspended()
  }

  return {
    async open(token: string, origin: Pick<Origin, 'requestId'>): Promise<OpenedLink> {
      const { invitation, account } = await look(token, undefined, origin)
      const isKnown = invitation.purpose === 'invitation' && account !== undefined
      return { invitation, needs: isKnown ? 'present-password' : 'new-password' }
    },

    /** Answers the address to sign in with. */
    async accept(asked: Acceptance, origin: Origin): Promise<string> {
      const { invitation, account } = await look(asked.token, asked.email?.trim(), origin)
      const email = invitation.email ?? asked.email?.trim()
      if (email === undefined) {
        throw badRequest([{ pointer: '/body/email', detail: 'Give your own mail address: the link names none.' }])
      }
      if (invitation.purpose === 'new-password') {
        if (!account) throw invitationGone()
        return setNewPassword(invitation, account, asked, origin)
      }
      if (account) {
        await provePassword(account, asked, origin)
        await join(invitation, account.person, undefined, origin)
        return account.person.email
      }
      const passwordHash = await chosenPassword(asked, email)
      const name = asked.name?.trim() ?? (invitation.email === null ? email : invitation.name)
      const person = { personId: newId(clock.now()), email, name, passwordHash, createdAt: clock.now() }
      await join(invitation, person, person, origin)
      return email
    },

    /** Accepts every open invitation of an address that an identity provider has verified; a new person has no password. */
    async acceptVerified(email: string, name: string | undefined, origin: Origin): Promise<void> {
      const { invitations, account } = await transact(
        installationPrincipal('invitation', origin.requestId),
        async (tx) => ({
          invitations: await invitationStore(tx, clock.now()).listOpenFor(email),
          account: (await personStore(tx).findByEmail(email))?.person,
        }),
      )
      if (account?.state === 'suspended') return
      let person: Pick<Person, 'personId' | 'name'> | undefined = account
      for (const invitation of invitations) {
        if (person) await join(invitation, person, undefined, origin)
        else {
          const createdAt = clock.now()
          const made = {
            personId: newId(createdAt),
            email,
            name: name ?? invitation.name,
            passwordHash: null,
            createdAt,
          }
          await join(invitation, made, made, origin)
          person = made
        }
      }
    },
  }

  /** Uses up the invitation, gives the role, and makes the account where there is none yet. */
  async function join(
    invitation: Invitation,
    person: Pick<Person, 'personId' | 'name'>,
    made: NewPerson | undefined,
    origin: Origin,
  ): Promise<void> {
    const { role } = invitation
    if (!role) throw new Error(`Invitation ${invitation.invitationId} gives no role.`)
    await transact(acceptorOf(person, invitation, origin), async (tx) => {
      const now = clock.now()
      if (!(await invitationStore(tx, now).use(invitation.invitationId))) throw invitationGone()
      // The role first: only whoever has one here is visible here, and may be made.
      await saveRole(() => membershipStore(tx).insert(person.personId, role, newId(now), now))
      if (made) await makePerson(tx, made)
      await journal(tx).append({
        action: 'invitation.accepted',
        object: objectOf(invitation),
        channelId: invitation.channelId,
        after: { personId: person.personId, ...roleFacts(role) },
      })
    })
  }
}

async function makePerson(tx: Tx, made: NewPerson): Promise<void> {
  try {
    await personStore(tx).insert(made)
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== 'person_email') throw error
    // Two links to one address, used at the same moment.
    throw badRequest([
      { pointer: '/body/presentPassword', detail: 'This address has an account by now: accept with its own password.' },
    ])
  }
}

async function chosenPassword({ newPassword }: Acceptance, email: string): Promise<string> {
  const problem = newPassword === undefined ? 'Choose a password.' : passwordProblem(newPassword, email)
  if (newPassword === undefined || problem !== null) {
    throw badRequest([{ pointer: '/body/newPassword', detail: problem ?? 'Choose a password.' }])
  }
  return hashPassword(newPassword)
}

/** The person acts where the link comes from: that operator's journal tells of it. */
function acceptorOf(person: Pick<Person, 'personId' | 'name'>, invitation: Invitation, origin: Origin): Principal {
  const { operatorId, channelId, tenantId } = invitation
  return {
    kind: 'person',
    id: person.personId,
    name: person.name,
    operatorId,
    channelId,
    ...(tenantId !== null && { customerTenantId: tenantId }),
    permissions: new Set(),
    ...origin,
  }
}

export function invitationGone(): AppError {
  return new AppError({
    code: 'invitation-gone',
    status: 410,
    detail: 'This link is used, taken back or too old, or never was one: ask for a new one.',
  })
}
