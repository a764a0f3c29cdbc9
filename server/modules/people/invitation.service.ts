import type { Clock } from '../../kernel/clock.ts'
import { AppError, notFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { installationPrincipal, type Principal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { journal } from '../audit/index.ts'
import { giverOf, platformScope } from './giver.ts'
import { type Invitation, invitationStore, type NewInvitation } from './invitation.store.ts'
import type { LinkMaker } from './link-maker.ts'
import { membershipStore } from './membership.store.ts'
import { demand, mayGive, type Role } from './person.rules.ts'
import { personStore } from './person.store.ts'
import { type RoleAsked, roleOf } from './role-request.rules.ts'
import { roleFacts, saveRole } from './user.service.ts'

export type InvitationAsked = RoleAsked & { email: string; name: string }

export type InvitationService = ReturnType<typeof createInvitationService>

/** Invitations as administrators make them, see them and take them back. */
export function createInvitationService({
  transact,
  clock,
  links,
}: {
  transact: Transact
  clock: Clock
  links: LinkMaker
}) {
  return {
    async list(principal: Principal): Promise<Invitation[]> {
      const giver = await giverOf(transact, principal)
      const both = giver.isPlatform && principal.operatorId !== null
      const scopes = both ? [principal, platformScope(principal)] : [principal]
      const found: Invitation[] = []
      for (const scope of scopes) {
        found.push(...(await transact(scope, (tx) => invitationStore(tx, clock.now()).listOpen(scope.operatorId))))
      }
      return found
    },

    async invite(principal: Principal, asked: InvitationAsked): Promise<{ invitation: Invitation; link: string }> {
      const role = roleOf(principal, asked)
      const giver = await giverOf(transact, principal)
      demand(mayGive(giver, role))
      const scope = role.operatorId === null ? platformScope(principal) : principal
      return transact(scope, async (tx) => {
        const now = clock.now()
        const made = await makeInvitation(tx, { email: asked.email.trim(), name: asked.name.trim(), role, links, now })
        const invitation = await invitationStore(tx, now).findOpenById(made.invitationId)
        if (!invitation) throw new Error(`Invitation ${made.invitationId} is not among the open ones.`)
        return { invitation, link: made.link }
      })
    },

    async revoke(principal: Principal, invitationId: string): Promise<void> {
      const giver = await giverOf(transact, principal)
      const revokeIn = (scope: Principal) =>
        transact(scope, async (tx) => {
          const store = invitationStore(tx, clock.now())
          const invitation = await store.findOpenById(invitationId)
          if (!invitation?.role || invitation.operatorId !== scope.operatorId) return false
          demand(mayGive(giver, invitation.role))
          await store.revoke(invitationId)
          await journal(tx).append({
            action: 'invitation.revoked',
            object: objectOf(invitation),
            channelId: invitation.channelId,
            before: { email: invitation.email, ...roleFacts(invitation.role) },
            after: null,
          })
          return true
        })
      if (await revokeIn(principal)) return
      if (giver.isPlatform && (await revokeIn(platformScope(principal)))) return
      throw notFound('The invitation')
    },

    /** The link for the first administrator, who says his own address; null once there is one. An older link stops working. */
    async inviteFirstAdministrator(): Promise<string | null> {
      return transact(installationPrincipal('first start', newId()), async (tx) => {
        if (await membershipStore(tx).hasPlatformAdministrator()) return null
        const role: Role = {
          tier: 'platform',
          level: 'administrator',
          operatorId: null,
          channelId: null,
          tenantId: null,
        }
        return (await makeInvitation(tx, { email: null, name: 'First administrator', role, links, now: clock.now() }))
          .link
      })
    },
  }
}

export type InvitationToMake = {
  /** null: the first administrator says his own. */
  email: string | null
  name: string
  role: Role
  links: LinkMaker
  now: Date
}

/** Makes an invitation in place of an older one to the same address. For administrators and the command line. */
export async function makeInvitation(
  tx: Tx,
  { email, name, role, links, now }: InvitationToMake,
): Promise<{ invitationId: string; link: string; expiresAt: Date }> {
  const people = personStore(tx)
  const known = email === null ? undefined : await people.findByEmail(email)
  if (known && (await people.list(role.operatorId, known.person.personId)).length > 0) throw hasRoleAlready()
  const store = invitationStore(tx, now)
  await store.revokeFor(email, role.operatorId)
  const link = links.make('invitation', now)
  const invitationId = newId(now)
  const { operatorId, channelId, tenantId } = role
  const invitation: NewInvitation = {
    invitationId,
    purpose: 'invitation',
    personId: null,
    role,
    email,
    name,
    operatorId,
    channelId,
    tenantId,
    invitedBy: tx.principal.name,
    createdAt: now,
    expiresAt: link.expiresAt,
  }
  await saveRole(() => store.insert(invitation, link.hash))
  await journal(tx).append({
    action: 'invitation.created',
    object: objectOf(invitation),
    channelId,
    after: { email, ...roleFacts(role) },
  })
  return { invitationId, link: link.url, expiresAt: link.expiresAt }
}

function hasRoleAlready(): AppError {
  return new AppError({
    code: 'has-role-already',
    status: 409,
    detail: 'This person works for the operator already: change the role instead.',
  })
}

export function objectOf({ invitationId, name }: Pick<Invitation, 'invitationId' | 'name'>) {
  return { type: 'invitation', id: invitationId, name }
}
