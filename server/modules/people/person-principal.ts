import type { OperatorPrincipal, Principal } from '../../kernel/principal.ts'
import { homeOf, type Membership, type OperatorChoice, type Person } from './person.rules.ts'

/** Where a request came from. */
export type Origin = { requestId: string; sourceIp: string }

const NO_PERMISSIONS: ReadonlySet<never> = new Set()

/** A person working for an operator. */
export function personPrincipal(person: Person, choice: OperatorChoice, origin: Origin): OperatorPrincipal {
  return {
    kind: 'person',
    id: person.personId,
    name: person.name,
    operatorId: choice.operatorId,
    channelId: choice.channelId,
    ...(choice.tenantId !== null && { customerTenantId: choice.tenantId }),
    permissions: new Set(choice.permissions),
    ...origin,
  }
}

/** A person at his own account: may do nothing but that, and stands in the journal of the operator he belongs to. */
export function accountPrincipal(
  person: Pick<Person, 'personId' | 'name'>,
  memberships: readonly Membership[],
  origin: Origin,
): Principal {
  return {
    kind: 'person',
    id: person.personId,
    name: person.name,
    ...homeOf(memberships),
    permissions: NO_PERMISSIONS,
    ...origin,
  }
}

/** An administrator of the platform tier at work on the installation: of no operator, and in its journal. */
export function platformPrincipal(person: Pick<Person, 'personId' | 'name'>, origin: Origin): Principal {
  return {
    kind: 'person',
    id: person.personId,
    name: person.name,
    operatorId: null,
    channelId: null,
    permissions: NO_PERMISSIONS,
    ...origin,
  }
}
