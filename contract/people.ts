import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { problem } from './problem.ts'
import { allLevels, invitableTiers } from './roles.ts'
import { CSRF_HEADER, exampleMe, membership, newPassword, open, type WireMembership } from './sessions.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const instant = (description: string) => Type.String({ format: 'date-time', description })
const asProblem = { schema: problem, contentType: 'application/problem+json' }

/** Days an invitation is good for. */
export const INVITATION_DAYS = 7
/** Hours a link to set a new password is good for. */
export const RESET_HOURS = 24

const permitted = Type.Object({
  allowed: Type.Boolean(),
  reason: Type.Optional(Type.String({ description: 'Why not, in the words a refusal would use' })),
})
const actions = Type.Object({
  updateUser: permitted,
  removeUser: permitted,
  suspendUser: permitted,
  resumeUser: permitted,
  resetUser: permitted,
})

const user = Type.Object(
  {
    personId: Type.String(),
    email: Type.String(),
    name: Type.String(),
    state: Type.Enum(['active', 'suspended']),
    membership: Type.Object(
      { ...membership.properties },
      { description: 'What he is for the operator that is asked about' },
    ),
    hasPassword: Type.Boolean(),
    secondFactor: Type.Boolean(),
    createdAt: instant('When the account was made'),
    lastSignInAt: nullable(instant('Last sign-in')),
    lastSeenAt: nullable(instant('Last request; exact to a minute')),
    openSessions: Type.Integer(),
    actions,
  },
  { $id: 'User' },
)
export type WireUser = Type.Static<typeof user>

const invitation = Type.Object(
  {
    invitationId: Type.String(),
    email: nullable(Type.String({ description: 'null: the link of the first start, whose user says his own' })),
    name: Type.String(),
    membership,
    invitedBy: Type.String({ description: 'Name of who invited' }),
    createdAt: instant('When it was made'),
    expiresAt: instant('Until when the link works'),
  },
  { $id: 'Invitation' },
)
export type WireInvitation = Type.Static<typeof invitation>

const link = Type.String({
  description:
    'Shown this once: hand it to the person. It works one time. The part after # never reaches a server or its logs',
})

const role = {
  tier: Type.Enum([...invitableTiers]),
  level: Type.Enum(allLevels),
  channelId: Type.Optional(
    nullable(Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'For the channel tier, and only there' })),
  ),
  tenantId: Type.Optional(
    nullable(
      Type.String({
        format: 'uuid',
        description: "The customer's Microsoft tenant id; for the customer tier, and only there",
      }),
    ),
  ),
}
const email = Type.String({ minLength: 3, maxLength: 320, pattern: '^\\s*[^\\s@]+@[^\\s@]+\\s*$' })
const personName = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })

const exampleMembership = exampleMe.memberships[0] as WireMembership
const allowed = { allowed: true }
const exampleUser: WireUser = {
  personId: exampleMe.personId,
  email: exampleMe.email,
  name: exampleMe.name,
  state: 'active',
  membership: exampleMembership,
  hasPassword: true,
  secondFactor: false,
  createdAt: '2026-11-20T08:15:30.000Z',
  lastSignInAt: '2026-11-22T08:15:30.000Z',
  lastSeenAt: '2026-11-22T08:15:30.000Z',
  openSessions: 1,
  actions: {
    updateUser: allowed,
    removeUser: allowed,
    suspendUser: allowed,
    resumeUser: { allowed: false, reason: 'The account is not suspended.' },
    resetUser: allowed,
  },
}
const exampleInvitation: WireInvitation = {
  invitationId: '019a9f60-5a01-7d22-9c11-77a0c4e1b2d3',
  email: 'dana@northwind.example',
  name: 'Dana Wills',
  membership: exampleMembership,
  invitedBy: 'Ada Administrator',
  createdAt: '2026-11-22T08:15:30.000Z',
  expiresAt: '2026-11-29T08:15:30.000Z',
}
const exampleLink = 'https://leads.example.com/accept-invitation#lli_3Jx0cT5m8Wq1vZbN6rYkEoU2hDgLsPaFi7XnQeRtCwM'

const users = { tag: 'People', source: 'own', permission: 'users.manage' } as const
const one = { ...users, params: Type.Object({ personId: Type.String({ format: 'uuid' }) }) } as const
const shown = { description: 'The user', schema: user, example: exampleUser }
const refused = { ...asProblem, description: 'It cannot be done now; the reason is the one in `actions`' }

export const listUsers = defineEndpoint({
  ...users,
  operationId: 'listUsers',
  method: 'GET',
  path: '/api/v4/users',
  summary: 'People who work for this operator, by name',
  description:
    'Credentials bound to a channel see the people of that channel. Administrators of the platform tier see the people of ' +
    'that tier as well. `actions` says what one may do with each, and why not.',
  responses: {
    200: {
      description: 'All of them',
      schema: Type.Object({ data: Type.Array(user) }),
      example: { data: [exampleUser] },
    },
  },
})

export const getUser = defineEndpoint({
  ...one,
  operationId: 'getUser',
  method: 'GET',
  path: '/api/v4/users/{personId}',
  summary: 'One person',
  description: 'With what may be done with the account now, and why not.',
  responses: { 200: shown },
})

export const updateUser = defineEndpoint({
  ...one,
  operationId: 'updateUser',
  method: 'PATCH',
  path: '/api/v4/users/{personId}',
  summary: 'Change what somebody is for this operator',
  description: 'Holds from the next request on. Nobody can give more than he holds, or change his own role.',
  body: Type.Object(role),
  bodyExample: { tier: 'operator', level: 'operator' },
  responses: { 200: shown, 409: refused },
})

export const removeUser = defineEndpoint({
  ...one,
  operationId: 'removeUser',
  method: 'DELETE',
  path: '/api/v4/users/{personId}',
  summary: 'Take somebody out of this operator',
  description:
    'The account stays for other operators; without any it cannot sign in any more. The journal keeps what he did.',
  responses: { 204: { description: 'Out', schema: null }, 409: refused },
})

export const suspendUser = defineEndpoint({
  ...one,
  operationId: 'suspendUser',
  method: 'POST',
  path: '/api/v4/users/{personId}/suspend',
  summary: 'Suspend an account',
  description:
    'Ends all its sessions and refuses to sign it in. For an account that works for other operators too, only the platform ' +
    'tier can; remove it from yours instead.',
  responses: { 200: shown, 409: refused },
})

export const resumeUser = defineEndpoint({
  ...one,
  operationId: 'resumeUser',
  method: 'POST',
  path: '/api/v4/users/{personId}/resume',
  summary: 'Let a suspended account in again',
  description: 'With the password it had.',
  responses: { 200: shown, 409: refused },
})

export const resetUser = defineEndpoint({
  ...one,
  operationId: 'resetUser',
  method: 'POST',
  path: '/api/v4/users/{personId}/reset',
  summary: 'Make a link to set a new password',
  description:
    `Ends all sessions, and the old password, at once; the link works for ${RESET_HOURS} hours. \`secondFactor: true\` turns the ` +
    'second factor off as well, for somebody who lost the phone and the recovery codes.',
  body: Type.Object({ secondFactor: Type.Optional(Type.Boolean()) }),
  bodyExample: { secondFactor: false },
  responses: {
    200: {
      description: 'The link',
      schema: Type.Object({ link, expiresAt: instant('Until when the link works') }),
      example: { link: exampleLink, expiresAt: '2026-11-23T08:15:30.000Z' },
    },
    409: refused,
  },
})

export const listInvitations = defineEndpoint({
  ...users,
  operationId: 'listInvitations',
  method: 'GET',
  path: '/api/v4/users/invitations',
  summary: 'Invitations nobody has accepted yet, newest first',
  description: 'Expired ones are left out.',
  responses: {
    200: {
      description: 'All of them',
      schema: Type.Object({ data: Type.Array(invitation) }),
      example: { data: [exampleInvitation] },
    },
  },
})

export const inviteUser = defineEndpoint({
  ...users,
  operationId: 'inviteUser',
  method: 'POST',
  path: '/api/v4/users/invitations',
  summary: 'Invite somebody',
  description:
    `Makes a link that works once, for ${INVITATION_DAYS} days; a new one for the same address replaces the old. Nobody can give more ` +
    'than he holds: the platform tier is given by its own administrators only, and credentials bound to a channel invite to that channel.',
  body: Type.Object({ email, name: personName, ...role }),
  bodyExample: { email: 'dana@northwind.example', name: 'Dana Wills', tier: 'operator', level: 'monitor' },
  responses: {
    201: {
      description: 'The invitation with its link',
      schema: Type.Object({ invitation, link }),
      example: { invitation: exampleInvitation, link: exampleLink },
    },
    409: { ...asProblem, description: 'He works for this operator already: change his role' },
  },
})

export const revokeInvitation = defineEndpoint({
  ...users,
  operationId: 'revokeInvitation',
  method: 'DELETE',
  path: '/api/v4/users/invitations/{invitationId}',
  summary: 'Take an invitation back',
  description: 'Its link stops working at once.',
  params: Type.Object({ invitationId: Type.String({ format: 'uuid' }) }),
  responses: { 204: { description: 'Taken back', schema: null } },
})

const token = Type.String({ minLength: 20, maxLength: 200, description: 'The part of the link after #' })
const gone = { ...asProblem, description: 'The link is used, taken back, too old, or was never one' }

export const openInvitation = defineEndpoint({
  ...open,
  tag: 'People',
  operationId: 'openInvitation',
  method: 'POST',
  path: '/api/v4/invitations/open',
  summary: 'What a link is for',
  description: 'For the page behind the link. Changes nothing. The token goes in the body, so that no log has it.',
  body: Type.Object({ token }),
  bodyExample: { token: 'lli_3Jx0cT5m8Wq1vZbN6rYkEoU2hDgLsPaFi7XnQeRtCwM' },
  responses: {
    200: {
      description: 'What it is for',
      schema: Type.Object(
        {
          purpose: Type.Enum(['invitation', 'new-password']),
          email: nullable(
            Type.String({ description: 'null: the first administrator gives his own with `acceptInvitation`' }),
          ),
          name: Type.String(),
          membership: nullable(membership),
          needs: Type.Enum(['new-password', 'present-password'], {
            description:
              '`present-password`: the address has an account here already, and its own password accepts; `new-password`: choose one',
          }),
          expiresAt: instant('Until when the link works'),
        },
        { $id: 'OpenedInvitation' },
      ),
      example: {
        purpose: 'invitation',
        email: 'dana@northwind.example',
        name: 'Dana Wills',
        membership: exampleMembership,
        needs: 'new-password',
        expiresAt: '2026-11-29T08:15:30.000Z',
      },
    },
    410: gone,
  },
})

export const acceptInvitation = defineEndpoint({
  ...open,
  tag: 'People',
  operationId: 'acceptInvitation',
  method: 'POST',
  path: '/api/v4/invitations/accept',
  summary: 'Accept an invitation, or set a new password',
  description:
    'Takes a new password where `needs` is `new-password`, else the present one: a link never gives anybody the account that ' +
    `somebody else has. Then sign in with it. Needs the header \`${CSRF_HEADER}\` or \`Sec-Fetch-Site: same-origin\`.`,
  body: Type.Object({
    token,
    email: Type.Optional(email),
    name: Type.Optional(personName),
    newPassword: Type.Optional(newPassword),
    presentPassword: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
  }),
  bodyExample: { token: 'lli_3Jx0cT5m8Wq1vZbN6rYkEoU2hDgLsPaFi7XnQeRtCwM', newPassword: 'three quiet green lamps' },
  responses: {
    200: {
      description: 'Done: sign in with this address',
      schema: Type.Object({ email: Type.String() }),
      example: { email: 'dana@northwind.example' },
    },
    401: { ...asProblem, description: 'The present password is wrong' },
    403: { ...asProblem, description: `The account is suspended, or the header ${CSRF_HEADER} is missing` },
    410: gone,
    429: { ...asProblem, description: 'Too many wrong passwords' },
  },
})
