import { describe, expect, it } from 'vitest'
import { type Permission, permissions } from '../../../contract/permissions.ts'
import { permissionsOf, type Tier } from '../../../contract/roles.ts'
import type { Principal } from '../../kernel/principal.ts'
import {
  choicesOf,
  chosenOperator,
  type Giver,
  homeOf,
  type Membership,
  mayChangeAccount,
  mayChangeRole,
  mayGive,
  mayResume,
  maySuspend,
  type Person,
  type Role,
} from './person.rules.ts'

const TENANT = '2f1a7c3e-5a55-4c0a-9d63-0f5c2f6f7a11'

const OPERATORS = [
  { operatorId: 868, name: 'Northwind' },
  { operatorId: 869, name: 'Fabrikam' },
]

function role(
  tier: Role['tier'],
  level: Role['level'],
  operatorId: number | null,
  channelId: number | null = null,
): Membership {
  return {
    membershipId: 'm',
    tier,
    level,
    operatorId,
    channelId,
    operatorName: null,
    channelName: channelId ? 'Riverside' : null,
    tenantId: tier === 'customer' ? TENANT : null,
  }
}

function giver(tier: Tier, level: Role['level'], more: Partial<Principal> = {}): Giver {
  const held: ReadonlySet<Permission> = new Set(permissionsOf(tier, level))
  const principal: Principal = {
    ...{ kind: 'person', id: 'p-1', name: 'P', operatorId: 868, channelId: null, requestId: 'r', sourceIp: null },
    permissions: held,
    ...more,
  }
  return { principal, isPlatform: tier === 'platform' && level === 'administrator' }
}

const person = (more: Partial<Person> = {}): Person => ({
  ...{ personId: 'p-2', email: 'x@y.example', name: 'X', state: 'active', hasPassword: true, secondFactor: false },
  ...{
    recoveryCodesLeft: 0,
    isSample: false,
    createdAt: new Date(0),
    lastSignInAt: null,
    lastSeenAt: null,
    previousVisitAt: null,
  },
  ...more,
})
const codeOf = (verdict: { ok: boolean; code?: string }) => (verdict.ok ? 'yes' : verdict.code)

describe('the operators one may choose', () => {
  it('are all of them on the platform tier, else those of the memberships, by name', () => {
    expect(choicesOf([role('platform', 'monitor', null)], OPERATORS).map((one) => one.operatorId)).toEqual([869, 868])
    expect(choicesOf([role('operator', 'monitor', 868)], OPERATORS).map((one) => one.operatorId)).toEqual([868])
    expect(choicesOf([], OPERATORS)).toEqual([])
  })

  it('are not narrowed by a channel where another role reaches the whole operator', () => {
    const memberships = [role('platform', 'monitor', null), role('channel', 'administrator', 868, 907)]
    const choices = choicesOf(memberships, OPERATORS)
    expect(choices.find((one) => one.operatorId === 868)).toMatchObject({
      channelId: null,
      permissions: permissionsOf('platform', 'monitor'),
    })
  })

  it('add up what equally far reaching roles may do', () => {
    const memberships = [role('platform', 'monitor', null), role('operator', 'administrator', 868)]
    const [fabrikam, northwind] = choicesOf(memberships, OPERATORS)
    expect(northwind?.permissions).toHaveLength(Object.keys(permissions).length)
    expect(fabrikam?.permissions).toEqual(permissionsOf('platform', 'monitor'))
  })

  it('are chosen by the header, or by being the only one', () => {
    const both = choicesOf([role('platform', 'monitor', null)], OPERATORS)
    expect(chosenOperator(both, undefined)).toBeUndefined()
    expect(chosenOperator(both, '868')?.operatorId).toBe(868)
    expect(chosenOperator(both.slice(0, 1), undefined)?.operatorId).toBe(869)
    for (const header of ['870', '', '868,869', '0868', 'x', '8.68e2']) {
      expect(() => chosenOperator(both, header), header).toThrow('not yours to see')
    }
  })
})

describe('giving a role', () => {
  it.each([
    ['platform', 'administrator', role('platform', 'administrator', null), 'yes'],
    ['operator', 'administrator', role('platform', 'monitor', null), 'permission-beyond-own'],
    ['operator', 'administrator', role('operator', 'administrator', 868), 'yes'],
    ['operator', 'operator', role('operator', 'monitor', 868), 'yes'],
    ['operator', 'operator', role('operator', 'administrator', 868), 'permission-beyond-own'],
    ['operator', 'monitor', role('channel', 'operator', 868, 907), 'permission-beyond-own'],
    ['platform', 'monitor', role('platform', 'monitor', null), 'permission-beyond-own'],
  ] as const)('%s %s: %j', (tier, level, given, verdict) =>
    expect(codeOf(mayGive(giver(tier, level), given))).toBe(verdict),
  )

  it('stays within the channel of who is bound to one', () => {
    const reseller = giver('channel', 'administrator', { channelId: 907 })
    expect(codeOf(mayGive(reseller, role('channel', 'administrator', 868, 907)))).toBe('yes')
    expect(codeOf(mayGive(reseller, role('channel', 'monitor', 868, 908)))).toBe('permission-beyond-own')
    expect(codeOf(mayGive(reseller, role('operator', 'monitor', 868)))).toBe('permission-beyond-own')
  })
})

describe('the customer tier', () => {
  it('reaches one company of the operator, unless another role reaches further', () => {
    expect(choicesOf([role('customer', 'monitor', 868)], OPERATORS)).toMatchObject([
      { operatorId: 868, tenantId: TENANT, channelId: null, permissions: permissionsOf('customer', 'monitor') },
    ])
    const both = choicesOf([role('customer', 'monitor', 868), role('platform', 'monitor', null)], OPERATORS)
    expect(both.find((one) => one.operatorId === 868)).toMatchObject({
      tenantId: null,
      permissions: permissionsOf('platform', 'monitor'),
    })
  })

  it('gives roles of its own company only', () => {
    const customer = giver('customer', 'administrator', { customerTenantId: TENANT })
    expect(mayGive(customer, role('customer', 'monitor', 868)).ok).toBe(true)
    const other = { ...role('customer', 'monitor', 868), tenantId: TENANT.replace('2', '3') }
    for (const asked of [other, role('operator', 'monitor', 868), role('channel', 'monitor', 868, 907)]) {
      expect(mayGive(customer, asked)).toMatchObject({ ok: false, code: 'permission-beyond-own' })
    }
  })
})

describe('changing an account', () => {
  const target = { person: person(), membership: role('operator', 'operator', 868), reachesBeyond: false }
  const administrator = giver('operator', 'administrator')

  it('is not for oneself', () => {
    const self = { ...target, person: person({ personId: 'p-1' }) }
    for (const may of [mayChangeRole, mayChangeAccount, maySuspend])
      expect(codeOf(may(administrator, self))).toBe('own-account')
  })

  it('that works for others too is for the platform tier', () => {
    const beyond = { ...target, reachesBeyond: true }
    expect(codeOf(mayChangeRole(administrator, beyond))).toBe('yes')
    expect(codeOf(mayChangeAccount(administrator, beyond))).toBe('account-reaches-beyond')
    expect(codeOf(mayChangeAccount(giver('platform', 'administrator'), beyond))).toBe('yes')
  })

  it('of somebody who may do more is not for who may do less', () => {
    const above = { ...target, membership: role('operator', 'administrator', 868) }
    const client = giver('operator', 'operator', { kind: 'client', id: 'c' })
    expect(codeOf(mayChangeAccount(client, above))).toBe('permission-beyond-own')
    expect(codeOf(mayChangeRole(client, above))).toBe('permission-beyond-own')
  })

  it('goes from one state to the other', () => {
    const suspended = { ...target, person: person({ state: 'suspended' }) }
    expect([maySuspend, mayResume].map((may) => codeOf(may(administrator, target)))).toEqual(['yes', 'account-state'])
    expect([maySuspend, mayResume].map((may) => codeOf(may(administrator, suspended)))).toEqual([
      'account-state',
      'yes',
    ])
  })
})

it('what one does with his account stands in the journal of his only operator', () => {
  expect(homeOf([role('channel', 'monitor', 868, 907)])).toEqual({ operatorId: 868, channelId: 907 })
  expect(homeOf([role('operator', 'monitor', 868), role('operator', 'monitor', 869)])).toEqual({
    operatorId: null,
    channelId: null,
  })
  expect(homeOf([])).toEqual({ operatorId: null, channelId: null })
})
