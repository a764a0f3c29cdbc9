import type { Permission } from '../../../contract/permissions.ts'
import { type Level, permissionsOf, type Tier } from '../../../contract/roles.ts'
import { AppError, notFound } from '../../kernel/errors.ts'
import type { Principal } from '../../kernel/principal.ts'

/** A person as stored, without what only signing in needs. */
export type Person = {
  personId: string
  email: string
  name: string
  state: 'active' | 'suspended'
  hasPassword: boolean
  secondFactor: boolean
  recoveryCodesLeft: number
  isSample: boolean
  createdAt: Date
  lastSignInAt: Date | null
  lastSeenAt: Date | null
  previousVisitAt: Date | null
}

/**
 * What somebody is: `operatorId` null on the platform tier, `channelId` only on the channel tier, `tenantId` (the
 * customer's Microsoft tenant) only on the customer tier.
 */
export type Role = {
  tier: Tier
  level: Level
  operatorId: number | null
  channelId: number | null
  tenantId: string | null
}

export type Membership = Role & { membershipId: string; operatorName: string | null; channelName: string | null }

/** An operator somebody may work for, with what he may do there. */
export type OperatorChoice = {
  operatorId: number
  name: string
  channelId: number | null
  channelName: string | null
  tenantId: string | null
  permissions: Permission[]
}

/** An answer to "may this be done now?" that says why not. Source: design/architecture.md, names 3. */
export type Verdict = { ok: true } | { ok: false; code: string; reason: string }
export const YES: Verdict = { ok: true }

export function demand(verdict: Verdict): void {
  if (verdict.ok) return
  const status = verdict.code === 'permission-beyond-own' ? 403 : 409
  throw new AppError({ code: verdict.code, status, detail: verdict.reason })
}

/** The last visit has ended when nothing was asked for so long. */
export const VISIT_GAP_SECONDS = 30 * 60

/**
 * Every operator these memberships reach, by name. What reaches the whole operator comes before what reaches a channel
 * or a customer of it; the permissions of memberships that reach equally far add up.
 */
export function choicesOf(
  memberships: readonly Membership[],
  operators: readonly { operatorId: number; name: string }[],
): OperatorChoice[] {
  return operators
    .flatMap(({ operatorId, name }) => {
      const there = memberships.filter((one) => one.operatorId === null || one.operatorId === operatorId)
      const whole = there.filter((one) => one.channelId === null && one.tenantId === null)
      const reaching = whole.length > 0 ? whole : there.slice(0, 1)
      if (reaching.length === 0) return []
      const permissions = [...new Set(reaching.flatMap((one) => permissionsOf(one.tier, one.level)))]
      const { channelId = null, channelName = null, tenantId = null } = reaching[0] ?? {}
      return [{ operatorId, name, channelId, channelName, tenantId, permissions }]
    })
    .sort((one, other) => one.name.localeCompare(other.name) || one.operatorId - other.operatorId)
}

/**
 * The operator a request is for: the one its header names, else the only one there is; undefined: nobody has chosen.
 * One that is not among the choices reads the same as one that does not exist (404).
 */
export function chosenOperator(
  choices: readonly OperatorChoice[],
  header: string | string[] | undefined,
): OperatorChoice | undefined {
  if (header === undefined) return choices.length === 1 ? choices[0] : undefined
  const text = String(header).trim()
  const choice = choices.find((one) => String(one.operatorId) === text)
  if (!choice) throw notFound('The operator')
  return choice
}

export function isPlatformAdministrator(memberships: readonly Pick<Membership, 'tier' | 'level'>[]): boolean {
  return memberships.some((one) => one.tier === 'platform' && one.level === 'administrator')
}

/** Who gives a role: his permissions where he gives it, and whether he is an administrator of the platform tier. */
export type Giver = { principal: Principal; isPlatform: boolean }

/** Nobody gives, takes or gets hold of a role that can do more, or reaches further, than he himself. */
export function mayGive({ principal, isPlatform }: Giver, role: Role): Verdict {
  if (isPlatform) return YES
  if (role.tier === 'platform') return beyondOwn('Only administrators of the platform tier give roles of that tier.')
  if (principal.channelId !== null && principal.channelId !== role.channelId) {
    return beyondOwn('You belong to a channel: you give roles of the channel tier in your own channel only.')
  }
  if (principal.customerTenantId !== undefined && principal.customerTenantId !== role.tenantId) {
    return beyondOwn('You belong to a customer: you give roles of the customer tier for your own company only.')
  }
  const beyond = permissionsOf(role.tier, role.level).filter((permission) => !principal.permissions.has(permission))
  if (beyond.length === 0) return YES
  return beyondOwn(`You do not hold ${beyond.join(', ')} yourself: ask somebody who does.`)
}

/** Somebody as another sees him: `reachesBeyond` when he works for more than that one can see. */
export type Target = { person: Person; membership: Membership; reachesBeyond: boolean }

export function mayChangeRole(giver: Giver, { person, membership }: Target): Verdict {
  return notOneself(giver, person, 'your own role') ?? mayGive(giver, membership)
}

/** Suspending, letting in again, a new password: the account as a whole, wherever it works. */
export function mayChangeAccount(giver: Giver, { person, membership, reachesBeyond }: Target): Verdict {
  const own = notOneself(giver, person, 'your own account')
  if (own) return own
  const given = mayGive(giver, membership)
  if (!given.ok || giver.isPlatform || !reachesBeyond) return given
  return {
    ok: false,
    code: 'account-reaches-beyond',
    reason: 'The account works for others too: take it out of yours, or ask an administrator of the platform tier.',
  }
}

export function maySuspend(giver: Giver, target: Target): Verdict {
  if (target.person.state === 'suspended') return alreadySo('The account is suspended already.')
  return mayChangeAccount(giver, target)
}

export function mayResume(giver: Giver, target: Target): Verdict {
  if (target.person.state === 'active') return alreadySo('The account is not suspended.')
  return mayChangeAccount(giver, target)
}

function notOneself({ principal }: Giver, person: Person, what: string): Verdict | null {
  if (principal.kind !== 'person' || principal.id !== person.personId) return null
  return { ok: false, code: 'own-account', reason: `Nobody changes ${what} here: ask another administrator.` }
}

function alreadySo(reason: string): Verdict {
  return { ok: false, code: 'account-state', reason }
}

function beyondOwn(reason: string): Verdict {
  return { ok: false, code: 'permission-beyond-own', reason }
}

/** How two mail addresses are compared, and written into digests. */
export function emailKey(email: string): string {
  return email.trim().toLowerCase()
}

/** A scope as a principal has it. */
export type Home = Pick<Principal, 'operatorId' | 'channelId' | 'customerTenantId'>

/** The operator in whose journal one reads what somebody does with his account: his only one, else the installation's (null). */
export function homeOf(memberships: readonly Membership[]): Home {
  const [only, ...more] = memberships
  if (!only || more.length > 0) return { operatorId: null, channelId: null }
  const { operatorId, channelId, tenantId } = only
  return { operatorId, channelId, ...(tenantId !== null && { customerTenantId: tenantId }) }
}
