import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { allPermissions, type Permission, permissions } from './permissions.ts'

/** How far somebody sees, widest first. Source: issue 3, 1; portal.md 13; design/decisions.md, Words. */
export const tiers = {
  platform: 'Platform tier: runs the installation, works for every operator in it',
  operator: 'Operator tier: staff of one carrier, sees all of it',
  channel: 'Channel tier: a reseller of one carrier, sees only what belongs to its channel',
  customer: 'Customer tier: one company (a Microsoft tenant), sees only what carries its tenant id',
} as const
export type Tier = keyof typeof tiers
export const allTiers = Object.keys(tiers) as Tier[]

/** What somebody does there, most first. */
export const levels = {
  administrator: 'Administrator: everything of the tier, and who else may do what',
  operator: 'Operator level: the daily work',
  monitor: 'Monitor: sees everything, changes nothing',
} as const
export type Level = keyof typeof levels
export const allLevels = Object.keys(levels) as Level[]

/** Tiers that people can be invited to. */
export const invitableTiers = ['platform', 'operator', 'channel', 'customer'] as const satisfies readonly Tier[]
export type InvitableTier = (typeof invitableTiers)[number]

const reading: Permission[] = [
  'leads.read',
  'channels.read',
  'services.read',
  'sbcs.read',
  'numbers.read',
  'jobs.read',
  'tasks.read',
  'journal.read',
  'webhooks.read',
]
const working: Permission[] = [
  ...reading,
  'leads.write',
  'mail.send',
  'views.share',
  'channels.manage',
  'services.write',
  'sbcs.apply',
  'numbers.write',
  'jobs.run',
]
const channelReading: Permission[] = [
  'leads.read',
  'channels.read',
  'services.read',
  'numbers.read',
  'tasks.read',
  'journal.read',
  'webhooks.read',
]
const channelWorking: Permission[] = [
  ...channelReading,
  'leads.write',
  'mail.send',
  'views.share',
  'services.write',
  'numbers.write',
]
const customerReading: Permission[] = ['services.read', 'numbers.read']
const customerWorking: Permission[] = [...customerReading, 'numbers.write']

const carrier = { administrator: allPermissions, operator: working, monitor: reading }

/**
 * What each role may do: the whole answer to "who may do what". The tier alone decides how far it reaches.
 * Attaching leads to channels is the carrier's business and never the channel's (portal.md 13, row "Attach / detach channel").
 */
export const roles: Readonly<Record<Tier, Readonly<Record<Level, readonly Permission[]>>>> = {
  platform: carrier,
  operator: carrier,
  channel: {
    administrator: [...channelWorking, 'clients.manage', 'users.manage', 'webhooks.manage'],
    operator: channelWorking,
    monitor: channelReading,
  },
  customer: {
    administrator: [...customerWorking, 'users.manage'],
    operator: customerWorking,
    monitor: customerReading,
  },
}

/** The permissions of a role, in the order of the list of permissions. */
export function permissionsOf(tier: Tier, level: Level): Permission[] {
  const held = new Set(roles[tier][level])
  return allPermissions.filter((permission) => held.has(permission))
}

const named = (keys: readonly string[]) => Type.Array(Type.Object({ id: Type.Enum([...keys]), meaning: Type.String() }))

const matrix = Type.Object(
  {
    tiers: named(allTiers),
    levels: named(allLevels),
    permissions: named(allPermissions),
    roles: Type.Array(
      Type.Object({
        tier: Type.Enum(allTiers),
        level: Type.Enum(allLevels),
        permissions: Type.Array(Type.Enum(allPermissions)),
      }),
    ),
  },
  { $id: 'RoleMatrix' },
)
export type WireRoleMatrix = Type.Static<typeof matrix>

const list = <K extends string>(meanings: Record<K, string>) =>
  (Object.keys(meanings) as K[]).map((id) => ({ id, meaning: meanings[id] }))

/** The permission matrix, as GET /api/v4/roles answers it and as docs/permissions.md shows it. */
export const roleMatrix: WireRoleMatrix = {
  tiers: list(tiers),
  levels: list(levels),
  permissions: list(permissions),
  roles: allTiers.flatMap((tier) =>
    allLevels.map((level) => ({ tier, level, permissions: permissionsOf(tier, level) })),
  ),
}

export const listRoles = defineEndpoint({
  operationId: 'listRoles',
  method: 'GET',
  path: '/api/v4/roles',
  tag: 'People',
  summary: 'Who may do what: tiers, levels and their permissions',
  description: 'The same for every installation, and the same matrix as in docs/permissions.md.',
  source: 'own',
  permission: 'none',
  responses: { 200: { description: 'The matrix', schema: matrix, example: roleMatrix } },
})
