import type { Clock } from '../../kernel/clock.ts'
import { AppError, badRequest, notFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { Principal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { journal } from '../audit/index.ts'
import { giverOf, platformScope } from './giver.ts'
import { invitationStore } from './invitation.store.ts'
import type { IssuedLink, LinkMaker } from './link-maker.ts'
import { membershipStore } from './membership.store.ts'
import {
  demand,
  type Giver,
  type Home,
  homeOf,
  type Membership,
  mayChangeAccount,
  mayChangeRole,
  mayGive,
  mayResume,
  maySuspend,
  type Person,
  type Role,
  type Target,
} from './person.rules.ts'
import { personStore } from './person.store.ts'
import { type RoleAsked, roleOf } from './role-request.rules.ts'
import { sessionStore } from './session.store.ts'

/** A person as an administrator sees him, with who is looking: what may be done depends on both. */
export type SeenUser = Target & { openSessions: number; giver: Giver }

export type UserService = ReturnType<typeof createUserService>

/** People of an operator (and, for its administrators, of the platform tier): what they are, and whether they may come in. */
export function createUserService({ transact, clock, links }: { transact: Transact; clock: Clock; links: LinkMaker }) {
  async function listIn(scope: Principal, giver: Giver, personId?: string): Promise<SeenUser[]> {
    return transact(scope, async (tx) => {
      const open = await sessionStore(tx, clock.now()).countOpen()
      const found = await personStore(tx).list(scope.operatorId, personId)
      return found.map((one) => ({ ...one, openSessions: open.get(one.person.personId) ?? 0, giver }))
    })
  }

  async function listAll(principal: Principal, personId?: string): Promise<SeenUser[]> {
    const giver = await giverOf(transact, principal)
    const own = await listIn(principal, giver, personId)
    if (!giver.isPlatform || principal.operatorId === null) return own
    const known = new Set(own.map(({ person }) => person.personId))
    const platform = await listIn(platformScope(principal), giver, personId)
    return [...own, ...platform.filter(({ person }) => !known.has(person.personId))]
  }

  async function see(principal: Principal, personId: string): Promise<SeenUser> {
    const [user] = await listAll(principal, personId)
    if (!user) throw notFound('This person')
    return user
  }

  /** Changes somebody where his role is; he stays as he is until it has committed. */
  async function change<T>(
    principal: Principal,
    personId: string,
    work: (tx: Tx, seen: SeenUser) => Promise<T>,
  ): Promise<T> {
    const { membership } = await see(principal, personId)
    const giver = await giverOf(transact, principal)
    const scope = membership.operatorId === null ? platformScope(principal) : principal
    return transact(scope, async (tx) => {
      await personStore(tx).lock(personId)
      const [target] = await personStore(tx).list(scope.operatorId, personId)
      if (!target) throw notFound('This person')
      return work(tx, { ...target, openSessions: 0, giver })
    })
  }

  const note = (
    tx: Tx,
    { person, membership }: Target,
    action: string,
    facts: { before?: unknown; after?: unknown } = {},
  ) => journal(tx).append({ action, object: objectOf(person), channelId: membership.channelId, ...facts })

  return {
    list: (principal: Principal) => listAll(principal),
    get: see,

    async changeRole(principal: Principal, personId: string, asked: RoleAsked): Promise<SeenUser> {
      const role = roleOf(principal, asked)
      await change(principal, personId, async (tx, seen) => {
        demand(mayChangeRole(seen.giver, seen))
        demand(mayGive(seen.giver, role))
        requireSameReach(seen.membership, role)
        await saveRole(() => membershipStore(tx).update(seen.membership.membershipId, role))
        await note(tx, seen, 'person.role-changed', { before: roleFacts(seen.membership), after: roleFacts(role) })
      })
      return see(principal, personId)
    },

    remove: (principal: Principal, personId: string): Promise<void> =>
      change(principal, personId, async (tx, seen) => {
        demand(mayChangeRole(seen.giver, seen))
        // While he is still in scope.
        if (!seen.reachesBeyond) await sessionStore(tx, clock.now()).revoke(personId)
        await note(tx, seen, 'person.removed', { before: roleFacts(seen.membership), after: null })
        await membershipStore(tx).delete(seen.membership.membershipId)
      }),

    async suspend(principal: Principal, personId: string): Promise<SeenUser> {
      await change(principal, personId, async (tx, seen) => {
        demand(maySuspend(seen.giver, seen))
        await personStore(tx).setState(personId, 'suspended')
        await sessionStore(tx, clock.now()).revoke(personId)
        await note(tx, seen, 'person.suspended', { before: { state: 'active' }, after: { state: 'suspended' } })
      })
      return see(principal, personId)
    },

    async resume(principal: Principal, personId: string): Promise<SeenUser> {
      await change(principal, personId, async (tx, seen) => {
        demand(mayResume(seen.giver, seen))
        await personStore(tx).setState(personId, 'active')
        await note(tx, seen, 'person.resumed', { before: { state: 'suspended' }, after: { state: 'active' } })
      })
      return see(principal, personId)
    },

    /** Ends the password and all sessions, and answers the link for a new password. */
    reset: (principal: Principal, personId: string, secondFactor: boolean): Promise<IssuedLink> =>
      change(principal, personId, async (tx, seen) => {
        demand(mayChangeAccount(seen.giver, seen))
        return resetAccount(tx, {
          person: seen.person,
          home: homeOf([seen.membership]),
          secondFactor,
          links,
          now: clock.now(),
        })
      }),
  }
}

export type AccountReset = {
  person: Person
  /** Where the link is kept: the operator whose administrator made it, or none. */
  home: Home
  /** Take the second factor away too. */
  secondFactor: boolean
  links: LinkMaker
  now: Date
}

/** The old password, every session and older links end; a new link is made. For administrators and the command line. */
export async function resetAccount(
  tx: Tx,
  { person, home, secondFactor, links, now }: AccountReset,
): Promise<IssuedLink> {
  const { personId } = person
  await personStore(tx).setPassword(personId, null)
  await personStore(tx).setOpenIdSubject(personId, null)
  if (secondFactor) await personStore(tx).removeSecondFactor(personId)
  await sessionStore(tx, now).revoke(personId)
  await invitationStore(tx, now).revokeNewPasswords(personId)
  const link = links.make('new-password', now)
  await invitationStore(tx, now).insert(
    {
      invitationId: newId(now),
      purpose: 'new-password',
      personId,
      role: null,
      email: person.email,
      name: person.name,
      operatorId: home.operatorId,
      channelId: home.channelId,
      tenantId: home.customerTenantId ?? null,
      invitedBy: tx.principal.name,
      createdAt: now,
      expiresAt: link.expiresAt,
    },
    link.hash,
  )
  const after = { password: 'none', secondFactor: secondFactor ? 'off' : 'as before' }
  await journal(tx).append({ action: 'person.reset', object: objectOf(person), channelId: home.channelId, after })
  return { link: link.url, expiresAt: link.expiresAt }
}

/** A role moves within its operator; between the platform tier and an operator it is taken and given anew. */
function requireSameReach(before: Membership, after: Role): void {
  if (before.operatorId === after.operatorId) return
  const detail =
    'A role does not move between the platform tier and an operator: invite to the other, then remove this one.'
  throw badRequest([{ pointer: '/body/tier', detail }])
}

export async function saveRole(save: () => Promise<void>): Promise<void> {
  try {
    await save()
  } catch (error) {
    const { code, constraint } = error as { code?: string; constraint?: string }
    if (code === '23503') throw badRequest([{ pointer: '/body/channelId', detail: 'There is no such channel.' }])
    if (constraint !== 'membership_one_role') throw error
    throw new AppError({
      code: 'has-role-already',
      status: 409,
      detail: 'This person works for the operator already: change the role instead.',
      cause: error,
    })
  }
}

export function roleFacts({ tier, level, operatorId, channelId, tenantId }: Role): Role {
  return { tier, level, operatorId, channelId, tenantId }
}

function objectOf(person: Person) {
  return { type: 'person', id: person.personId, name: person.name }
}
