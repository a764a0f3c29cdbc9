import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { allPermissions } from './permissions.ts'
import { examplePreferences, preferences } from './preferences.ts'
import { problem } from './problem.ts'
import { allLevels, allTiers, permissionsOf } from './roles.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const instant = (description: string) => Type.String({ format: 'date-time', description })

/** A session ends after this time without a request … */
export const SESSION_IDLE_SECONDS = 8 * 3600
/** … and after this time in any case. */
export const SESSION_SECONDS = 7 * 24 * 3600
export const PASSWORD_LENGTH_MIN = 12
export const PASSWORD_LENGTH_MAX = 256
/** Header that says for which operator a person asks; the portal takes it from its URL. */
export const OPERATOR_HEADER = 'X-Leadline-Operator'
/** Header that a foreign page cannot send: any value. */
export const CSRF_HEADER = 'X-Leadline-Csrf'

const password = Type.String({ minLength: 1, maxLength: PASSWORD_LENGTH_MAX })
/** A password somebody chooses; the rules beyond its length are in the description of `changePassword`. */
export const newPassword = Type.String({
  minLength: PASSWORD_LENGTH_MIN,
  maxLength: PASSWORD_LENGTH_MAX,
  description: `At least ${PASSWORD_LENGTH_MIN} characters, not a common one, and without the name in one's mail address`,
})
const code = Type.String({
  minLength: 6,
  maxLength: 40,
  description: 'The six digits that the authenticator app shows now, or a recovery code',
})

export const membership = Type.Object(
  {
    tier: Type.Enum(allTiers),
    level: Type.Enum(allLevels),
    operatorId: nullable(Type.Integer({ description: 'null: every operator (platform tier)' })),
    operatorName: nullable(Type.String()),
    channelId: nullable(Type.Integer({ description: 'A channel tier belongs to one channel' })),
    channelName: nullable(Type.String()),
    tenantId: nullable(
      Type.String({ description: 'A customer tier belongs to one customer: its Microsoft tenant id' }),
    ),
  },
  { $id: 'Membership' },
)
export type WireMembership = Type.Static<typeof membership>

const choice = Type.Object(
  {
    operatorId: Type.Integer(),
    name: Type.String(),
    channelId: nullable(Type.Integer({ description: 'Sees only this channel there' })),
    channelName: nullable(Type.String()),
    tenantId: nullable(Type.String({ description: 'Sees only what belongs to this customer there' })),
    permissions: Type.Array(Type.Enum(allPermissions)),
  },
  { $id: 'OperatorChoice' },
)
export type WireOperatorChoice = Type.Static<typeof choice>

const me = Type.Object(
  {
    personId: Type.String(),
    email: Type.String(),
    name: Type.String(),
    hasPassword: Type.Boolean({ description: 'false: signs in through OpenID Connect only' }),
    secondFactor: Type.Boolean({ description: 'Sign-in asks for a code too' }),
    recoveryCodesLeft: Type.Integer(),
    memberships: Type.Array(membership),
    operators: Type.Array(choice, {
      description: `Operators one may work for, by name, each with what one may do there; the id goes into ${OPERATOR_HEADER}`,
    }),
    operatorId: nullable(
      Type.Integer({
        description: `The operator of this request: the one of ${OPERATOR_HEADER}, or the only one there is. null: ask the user to choose`,
      }),
    ),
    previousVisitAt: nullable(
      instant('When the visit before this one ended: what is newer is new to this person. null on the first visit'),
    ),
    sessionId: Type.String(),
    sessionExpiresAt: instant('When this session ends if nothing more is asked in it'),
    preferences,
  },
  { $id: 'Me' },
)
export type WireMe = Type.Static<typeof me>

const session = Type.Object(
  {
    sessionId: Type.String(),
    current: Type.Boolean({ description: 'The one that asks' }),
    createdAt: instant('When it began'),
    lastSeenAt: instant('Last request; exact to a minute'),
    expiresAt: instant('When it ends if nothing more is asked in it'),
    sourceIp: Type.String({ description: 'Address it was begun from' }),
    userAgent: Type.String({ description: 'What the browser calls itself' }),
    method: Type.Enum(['password', 'openid-connect', 'invitation']),
  },
  { $id: 'Session' },
)
export type WireSession = Type.Static<typeof session>

const signInOptions = Type.Object(
  {
    password: Type.Boolean({ description: 'Mail address and password' }),
    openIdConnect: nullable(
      Type.Object({
        name: Type.String({ description: 'What the button says: "Microsoft", or the host of the issuer' }),
        startUrl: Type.String({ description: 'Where the button leads; `?returnTo=/…` may be added' }),
      }),
    ),
    samplePeople: Type.Array(
      Type.Object({
        email: Type.String(),
        name: Type.String(),
        description: Type.String({ description: 'Who it is, for the person who chooses' }),
        password: Type.String(),
      }),
      { description: 'The people of a sandbox; empty in production' },
    ),
  },
  { $id: 'SignInOptions' },
)
export type WireSignInOptions = Type.Static<typeof signInOptions>

const exampleMembership: WireMembership = {
  tier: 'operator',
  level: 'monitor',
  operatorId: 868,
  operatorName: 'Northwind Voice',
  channelId: null,
  channelName: null,
  tenantId: null,
}
export const exampleMe: WireMe = {
  personId: '019a9f5e-6d2a-7c41-9a31-5b0b6a3c7d10',
  email: 'monitor@northwind.example',
  name: 'Mona Monitor',
  hasPassword: true,
  secondFactor: false,
  recoveryCodesLeft: 0,
  memberships: [exampleMembership],
  operators: [
    {
      operatorId: 868,
      name: 'Northwind Voice',
      channelId: null,
      channelName: null,
      tenantId: null,
      permissions: permissionsOf('operator', 'monitor'),
    },
  ],
  operatorId: 868,
  previousVisitAt: '2026-11-21T16:02:11.000Z',
  sessionId: '019a9f60-11c2-7b0e-8f4d-2a9d0c6e5f31',
  sessionExpiresAt: '2026-11-22T16:15:30.000Z',
  preferences: examplePreferences,
}
const exampleSession: WireSession = {
  sessionId: exampleMe.sessionId,
  current: true,
  createdAt: '2026-11-22T08:15:30.000Z',
  lastSeenAt: '2026-11-22T08:15:30.000Z',
  expiresAt: exampleMe.sessionExpiresAt,
  sourceIp: '192.0.2.17',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/153',
  method: 'password',
}

const asProblem = { schema: problem, contentType: 'application/problem+json' }
/** Before somebody is signed in: no credentials are asked. */
export const open = { tag: 'Sign-in', source: 'own', permission: 'none' } as const
/** A person who is signed in asks about himself: the cookie is the credential, no operator need be chosen. */
const own = { tag: 'Sign-in', source: 'own', permission: 'signed-in' } as const
/** Refusals of everything that needs a session. */
export const sessionRefusals = {
  401: { ...asProblem, description: 'Not signed in, or the session has ended' },
  403: { ...asProblem, description: `The header ${CSRF_HEADER} is missing` },
}
const notSignedIn = { 401: sessionRefusals[401] }
const cookieHeader = { 'Set-Cookie': 'The session: HttpOnly, SameSite=Lax, Path=/; `__Host-leadline` on https' }
const signedIn = { description: 'Signed in', schema: me, headers: cookieHeader, example: exampleMe }

const CSRF_TEXT =
  `Requests with a cookie that change something need the header \`${CSRF_HEADER}: 1\`, or \`Sec-Fetch-Site: same-origin\`, ` +
  'which browsers send by themselves: a foreign page can send neither.'

export const getSignInOptions = defineEndpoint({
  ...open,
  operationId: 'getSignInOptions',
  method: 'GET',
  path: '/api/v4/sign-in-options',
  summary: 'How one can sign in here',
  description: 'For the sign-in page.',
  responses: {
    200: {
      description: 'What is offered',
      schema: signInOptions,
      example: { password: true, openIdConnect: null, samplePeople: [] },
    },
  },
})

export const signIn = defineEndpoint({
  ...open,
  operationId: 'signIn',
  method: 'POST',
  path: '/api/v4/sessions',
  summary: 'Sign in',
  description:
    'Sets the session cookie. An unknown address and a wrong password get the same answer after the same time. With a second ' +
    'factor the first answer is 401 `second-factor-required`: send the same again with `code`. Failed sign-ins slow their ' +
    'address, and a guessed account only for addresses it never signed in from.',
  body: Type.Object({
    email: Type.String({ minLength: 1, maxLength: 320 }),
    password,
    code: Type.Optional(code),
  }),
  bodyExample: { email: 'operator@northwind.example', password: 'leadline-sandbox' },
  responses: {
    200: signedIn,
    401: { ...asProblem, description: 'Wrong, or a second factor is needed: see the code' },
    403: { ...asProblem, description: `The account is suspended, or the header ${CSRF_HEADER} is missing` },
    429: {
      ...asProblem,
      description: 'Too many failed sign-ins: wait as `Retry-After` says',
      headers: { 'Retry-After': 'Seconds to wait' },
    },
  },
})

export const signOut = defineEndpoint({
  ...open,
  operationId: 'signOut',
  method: 'DELETE',
  path: '/api/v4/sessions/current',
  summary: 'Sign out',
  description: `Ends the session and clears the cookie; harmless without a session. ${CSRF_TEXT}`,
  responses: {
    204: { description: 'Signed out', schema: null, headers: { 'Set-Cookie': 'Cleared' } },
    403: sessionRefusals[403],
  },
})

export const listSessions = defineEndpoint({
  ...own,
  operationId: 'listSessions',
  method: 'GET',
  path: '/api/v4/sessions',
  summary: "One's own sessions that are open, last used first",
  description: 'For "where am I signed in?".',
  responses: {
    200: {
      description: 'The sessions',
      schema: Type.Object({ data: Type.Array(session) }),
      example: { data: [exampleSession] },
    },
    ...notSignedIn,
  },
})

export const revokeSession = defineEndpoint({
  ...own,
  operationId: 'revokeSession',
  method: 'DELETE',
  path: '/api/v4/sessions/{sessionId}',
  summary: "End one of one's own sessions",
  description: `It is refused from the next request on, on every instance. ${CSRF_TEXT}`,
  params: Type.Object({ sessionId: Type.String({ format: 'uuid' }) }),
  responses: { 204: { description: 'Ended', schema: null }, ...sessionRefusals },
})

export const revokeOtherSessions = defineEndpoint({
  ...own,
  operationId: 'revokeOtherSessions',
  method: 'POST',
  path: '/api/v4/sessions/revoke-others',
  summary: "End all of one's sessions but this one",
  description: CSRF_TEXT,
  responses: {
    200: {
      description: 'How many ended',
      schema: Type.Object({ ended: Type.Integer() }),
      example: { ended: 2 },
    },
    ...sessionRefusals,
  },
})

export const getMe = defineEndpoint({
  ...own,
  operationId: 'getMe',
  method: 'GET',
  path: '/api/v4/me',
  summary: 'Who is signed in, and what he may do where',
  description:
    'The first thing the portal asks; 401 leads to the sign-in page. Needs no operator; with the header ' +
    `\`${OPERATOR_HEADER}\` of one that is not one's own it is 404. Who may work for several operators sends that header with ` +
    'every other request, or gets 409 `operator-not-chosen`.',
  responses: {
    200: { description: 'Oneself', schema: me, example: exampleMe },
    ...notSignedIn,
    404: { ...asProblem, description: 'The operator of the header is not there, or not yours to see' },
  },
})

export const changePassword = defineEndpoint({
  ...own,
  operationId: 'changePassword',
  method: 'POST',
  path: '/api/v4/me/password',
  summary: "Change one's password",
  description: `Ends all other sessions. Wrong present passwords are slowed like failed sign-ins. ${CSRF_TEXT}`,
  body: Type.Object({ currentPassword: password, newPassword }),
  bodyExample: { currentPassword: 'leadline-sandbox', newPassword: 'three quiet green lamps' },
  responses: {
    204: { description: 'Changed', schema: null },
    ...sessionRefusals,
    429: { ...asProblem, description: 'Too many wrong passwords: wait as `Retry-After` says' },
  },
})

export const startSecondFactor = defineEndpoint({
  ...own,
  operationId: 'startSecondFactor',
  method: 'POST',
  path: '/api/v4/me/second-factor',
  summary: 'Begin to set up a second factor',
  description:
    'Gives the secret for an authenticator app (RFC 6238: SHA-1, six digits, 30 s), this once. It is asked for only after ' +
    `\`confirm\`. Beginning again replaces an unconfirmed secret. ${CSRF_TEXT}`,
  body: Type.Object({ password }),
  bodyExample: { password: 'leadline-sandbox' },
  responses: {
    200: {
      description: 'For the app',
      schema: Type.Object({
        secret: Type.String({ description: 'Base32, to type in' }),
        uri: Type.String({ description: '`otpauth://totp/…`, for a QR code' }),
      }),
      example: {
        secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
        uri: 'otpauth://totp/Leadline:monitor%40northwind.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Leadline',
      },
    },
    ...sessionRefusals,
    409: { ...asProblem, description: 'There is a second factor already: remove it first' },
    429: { ...asProblem, description: 'Too many wrong passwords' },
  },
})

export const confirmSecondFactor = defineEndpoint({
  ...own,
  operationId: 'confirmSecondFactor',
  method: 'POST',
  path: '/api/v4/me/second-factor/confirm',
  summary: 'Turn the second factor on',
  description: `With a code of the app. Gives ten recovery codes, this once; each replaces the app one time. ${CSRF_TEXT}`,
  body: Type.Object({ code }),
  bodyExample: { code: '492039' },
  responses: {
    200: {
      description: 'On from now',
      schema: Type.Object({ recoveryCodes: Type.Array(Type.String()) }),
      example: { recoveryCodes: ['7QK4-M2XP-9RTD', 'H5WN-3C8V-JY6B'] },
    },
    ...sessionRefusals,
    409: { ...asProblem, description: 'None was begun, or one is on already' },
    429: { ...asProblem, description: 'Too many wrong codes' },
  },
})

export const removeSecondFactor = defineEndpoint({
  ...own,
  operationId: 'removeSecondFactor',
  method: 'POST',
  path: '/api/v4/me/second-factor/remove',
  summary: 'Turn the second factor off',
  description: `Needs the password and a code. ${CSRF_TEXT}`,
  body: Type.Object({ password, code }),
  bodyExample: { password: 'leadline-sandbox', code: '492039' },
  responses: {
    204: { description: 'Off', schema: null },
    ...sessionRefusals,
    409: { ...asProblem, description: 'There is none' },
    429: { ...asProblem, description: 'Too many wrong passwords or codes' },
  },
})

const returnTo = Type.Optional(
  Type.String({
    maxLength: 2000,
    description: 'Path of the portal to come back to, such as /leads; nothing else is followed',
  }),
)

export const startOpenIdSignIn = defineEndpoint({
  ...open,
  operationId: 'startOpenIdSignIn',
  method: 'GET',
  path: '/api/v4/sign-in/openid-connect',
  summary: 'Sign in at the identity provider',
  description:
    'For a link, not for a script: sends the browser to the provider (authorization code with PKCE). 404 where ' +
    'LEADLINE_OIDC_ISSUER is not set.',
  query: Type.Object({ returnTo }),
  responses: {
    302: {
      description: 'To the provider',
      schema: null,
      headers: { Location: 'The provider', 'Set-Cookie': 'Ten minutes, sealed' },
    },
    404: { ...asProblem, description: 'Not set up here' },
  },
})

export const finishOpenIdSignIn = defineEndpoint({
  ...open,
  operationId: 'finishOpenIdSignIn',
  method: 'GET',
  path: '/api/v4/sign-in/openid-connect/callback',
  summary: 'Where the identity provider sends the browser back to',
  description:
    'Register this address at the provider. The verified mail address decides who it is: a person known here, or one with an ' +
    'open invitation, which this accepts. What goes wrong is told on the sign-in page: `/sign-in?error=<code>`.',
  query: Type.Object({
    code: Type.Optional(Type.String({ maxLength: 4000 })),
    state: Type.Optional(Type.String({ maxLength: 500 })),
    iss: Type.Optional(Type.String({ maxLength: 500 })),
    session_state: Type.Optional(Type.String({ maxLength: 500 })),
    error: Type.Optional(Type.String({ maxLength: 200 })),
    error_description: Type.Optional(Type.String({ maxLength: 4000 })),
    error_uri: Type.Optional(Type.String({ maxLength: 2000 })),
    // What Entra, Google and Keycloak add of their own; not used.
    client_info: Type.Optional(Type.String({ maxLength: 2000 })),
    scope: Type.Optional(Type.String({ maxLength: 2000 })),
    authuser: Type.Optional(Type.String({ maxLength: 200 })),
    prompt: Type.Optional(Type.String({ maxLength: 200 })),
    hd: Type.Optional(Type.String({ maxLength: 200 })),
  }),
  responses: {
    302: {
      description: 'Back to the portal',
      schema: null,
      headers: { Location: 'Where one wanted to go', 'Set-Cookie': 'The session' },
    },
    404: { ...asProblem, description: 'Not set up here' },
  },
})
