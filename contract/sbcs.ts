import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { problem } from './problem.ts'

/** Devices of one operator. */
export const SBCS_MAX = 200

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const integerId = (description: string) => Type.Integer({ minimum: 1, maximum: 2_147_483_647, description })

/** Makes that Leadline can work by itself; of any other make a device is worked by hand. */
export const drivenMakes = ['mediant'] as const

const trust = Type.Union(
  [
    Type.Object({ kind: Type.Literal('public') }, { additionalProperties: false }),
    Type.Object(
      { kind: Type.Literal('ca'), pem: Type.String({ minLength: 1, maxLength: 50_000 }) },
      { additionalProperties: false },
    ),
    Type.Object(
      {
        kind: Type.Literal('fingerprint'),
        sha256: Type.String({ maxLength: 100, pattern: '^\\s*([0-9A-Fa-f]{2}:?){32}\\s*$' }),
      },
      { additionalProperties: false },
    ),
  ],
  {
    description:
      'How its certificate is known to be its own. public: by the usual authorities · ca: by the issuers given (PEM), and the ' +
      'name must be that of the address · fingerprint: it is this very certificate (SHA-256, hex). An expired one is never trusted',
  },
)
export type WireSbcTrust = Type.Static<typeof trust>

/** When changes may be made. `from` after `to`: over midnight, counted to the day it begins. */
const changeWindow = Type.Object(
  {
    days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
      minItems: 1,
      maxItems: 7,
      uniqueItems: true,
      description: 'Days of the week on which it opens: 1 is Monday',
    }),
    from: Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description: 'HH:MM' }),
    to: Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description: 'HH:MM; before `from`: the next day' }),
    timeZone: Type.String({ minLength: 1, maxLength: 60, description: 'As in the IANA list: `Europe/Berlin`' }),
  },
  { $id: 'ChangeWindow', additionalProperties: false, description: 'Outside of it nothing is changed: tasks wait' },
)
export type WireChangeWindow = Type.Static<typeof changeWindow>

const trouble = Type.Object({
  code: Type.String({ description: 'Of docs/errors: `sbc-unreachable`' }),
  detail: Type.String(),
  remedy: Type.String({ description: 'What to do' }),
  since: Type.String({ format: 'date-time' }),
})

const difference = Type.Object({
  parameter: Type.String(),
  expected: Type.String(),
  found: nullable(Type.String({ description: 'null: not there' })),
})

export const drift = Type.Object(
  {
    table: Type.String({ description: 'As the device calls it: `ip-group`' }),
    name: Type.String(),
    state: Type.Enum(['missing', 'changed']),
    differences: Type.Array(difference),
    owner: Type.String({
      description: 'Whose object it is: `service/<guid>`, of a further SIP connection `service/<guid>/<connection id>`',
    }),
    since: Type.String({ format: 'date-time' }),
  },
  { $id: 'SbcDrift', description: 'An object that is not as Leadline left it: somebody has changed it by hand' },
)

const tableUse = Type.Object({
  table: Type.String(),
  used: Type.Integer(),
  limit: nullable(Type.Integer({ description: 'null: the device does not tell' })),
  left: nullable(Type.Integer()),
})

const facts = Type.Object({
  version: nullable(Type.String()),
  productType: nullable(Type.String()),
  serialNumber: nullable(Type.String()),
  state: nullable(Type.String({ description: "The device's own word" })),
  ipAddress: nullable(Type.String()),
  upSeconds: nullable(Type.Integer()),
})

/** A session border controller as it may be shown: never its password. */
export const sbc = Type.Object(
  {
    id: integerId('Also the `sbcId` of the documented API'),
    name: Type.String(),
    make: Type.String({ description: `${drivenMakes.join(', ')}, or any other name: then it is worked by hand` }),
    mode: Type.Enum(['automatic', 'manual'], {
      description: 'manual: scripts are rendered, and somebody applies them and ticks them off',
    }),
    address: nullable(Type.String({ description: 'https, without a path; null: not given, mode manual only' })),
    user: Type.String(),
    hasPassword: Type.Boolean(),
    trust,
    trunkFqdns: Type.Array(Type.String(), { description: "Microsoft's trunks that end here, by name" }),
    changeWindow: nullable(changeWindow),
    ipGroupsMax: nullable(Type.Integer({ description: 'As its model and license allow' })),
    timeoutMs: Type.Integer(),
    health: Type.Object({
      state: Type.Enum(['unknown', 'up', 'trouble'], { description: 'unknown: never asked, or it cannot be' }),
      checkedAt: nullable(Type.String({ format: 'date-time' })),
      lastContactAt: nullable(Type.String({ format: 'date-time' })),
      trouble: nullable(trouble),
    }),
    facts: nullable(facts),
    tables: Type.Array(tableUse),
    drifts: Type.Array(drift),
    objects: Type.Integer({ description: 'Objects there that are ours' }),
    openOrders: Type.Integer({ description: 'Scripts that wait for somebody to apply them' }),
    changedAt: Type.String({ format: 'date-time' }),
  },
  { $id: 'Sbc' },
)
export type WireSbc = Type.Static<typeof sbc>

const name = Type.String({ minLength: 1, maxLength: 80, pattern: '\\S' })
const asked = {
  make: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 40,
      pattern: '\\S',
      description: `${drivenMakes.join(', ')} (default), or any other name, with the mode manual`,
    }),
  ),
  mode: Type.Optional(Type.Enum(['automatic', 'manual'], { description: 'Default manual: nothing writes to it' })),
  address: Type.Optional(
    nullable(
      Type.String({
        minLength: 1,
        maxLength: 300,
        description:
          '`https://` with host and port. Private addresses as far as LEADLINE_SBC_ALLOWED_RANGES lets them; never this machine itself',
      }),
    ),
  ),
  user: Type.Optional(Type.String({ maxLength: 100, description: 'A user of the device, at least Administrator' })),
  password: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Write-only' })),
  trust: Type.Optional(trust),
  trunkFqdns: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 253 }), { maxItems: 100 })),
  changeWindow: Type.Optional(nullable(changeWindow)),
  ipGroupsMax: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 100_000 }))),
  timeoutMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 120_000, description: 'Default 15,000' })),
}
export const sbcChange = Type.Object({ name: Type.Optional(name), ...asked }, { additionalProperties: false })
export type SbcChange = Type.Static<typeof sbcChange>

const example: WireSbc = {
  id: 1,
  name: 'Seattle 1',
  make: 'mediant',
  mode: 'automatic',
  address: 'https://10.20.0.5',
  user: 'leadline',
  hasPassword: true,
  trust: { kind: 'public' },
  trunkFqdns: ['sbc1.northwind.example'],
  changeWindow: null,
  ipGroupsMax: 250,
  timeoutMs: 15_000,
  health: {
    state: 'up',
    checkedAt: '2026-11-22T18:00:00.000Z',
    lastContactAt: '2026-11-22T18:00:00.000Z',
    trouble: null,
  },
  facts: {
    version: '7.40A.500.357',
    productType: 'Mediant VE SBC',
    serialNumber: '1234567890',
    state: 'operational',
    ipAddress: '10.20.0.5',
    upSeconds: 86_400,
  },
  tables: [{ table: 'ip-group', used: 12, limit: 250, left: 238 }],
  drifts: [],
  objects: 4,
  openOrders: 0,
  changedAt: '2026-11-22T18:00:00.000Z',
}

const own = { tag: 'SBCs', source: 'own; issue 7, 2', operatorOnly: true } as const
const seeing = { ...own, permission: 'sbcs.read' } as const
const managing = { ...own, permission: 'sbcs.manage' } as const
const params = Type.Object({ sbcId: integerId('The device') })
const asProblem = { schema: problem, contentType: 'application/problem+json' } as const
const headers = { ETag: 'Changes with every change of the settings: send it as If-Match with the next one' }
const shown = { description: 'The device', schema: sbc, headers, example }
const taken = { ...asProblem, description: 'There is a device of that name, or there are as many as there may be' }
const changedMeanwhile = { ...asProblem, description: 'Somebody changed it since the ETag sent as If-Match' }
const inUse = { ...asProblem, description: 'Objects of services are on it, or scripts wait to be applied' }

export const listSbcs = defineEndpoint({
  ...seeing,
  operationId: 'listSbcs',
  method: 'GET',
  path: '/api/v4/sbcs',
  summary: 'SBC devices, by name',
  description: 'With what was last heard of each. Nothing is asked of the devices.',
  responses: {
    200: {
      description: 'All of them',
      schema: Type.Object({ data: Type.Array(sbc) }),
      example: { data: [example] },
    },
  },
})

export const createSbc = defineEndpoint({
  ...managing,
  operationId: 'createSbc',
  method: 'POST',
  path: '/api/v4/sbcs',
  summary: 'Register an SBC device',
  description: 'Nothing is asked of the device yet: check it afterwards. All wrong fields are named at once.',
  body: Type.Object({ ...asked, name }, { additionalProperties: false }),
  bodyExample: {
    name: example.name,
    mode: 'automatic',
    address: example.address,
    user: example.user,
    password: 'the password of that user',
    trunkFqdns: example.trunkFqdns,
  },
  responses: { 201: shown, 409: taken },
})

export const getSbc = defineEndpoint({
  ...seeing,
  operationId: 'getSbc',
  method: 'GET',
  path: '/api/v4/sbcs/{sbcId}',
  summary: 'One SBC device',
  description: 'The password is never returned.',
  params,
  responses: { 200: shown },
})

export const updateSbc = defineEndpoint({
  ...managing,
  operationId: 'updateSbc',
  method: 'PATCH',
  path: '/api/v4/sbcs/{sbcId}',
  summary: 'Change an SBC device',
  description:
    'What is left out stays. Tasks under way go on with what is set then. A new address takes the password again: what is ' +
    'stored is not sent to another machine.',
  params,
  body: sbcChange,
  bodyExample: { mode: 'manual' },
  responses: { 200: shown, 409: taken, 412: changedMeanwhile },
})

export const deleteSbc = defineEndpoint({
  ...managing,
  operationId: 'deleteSbc',
  method: 'DELETE',
  path: '/api/v4/sbcs/{sbcId}',
  summary: 'Take an SBC device out',
  description: 'Nothing is changed on it. Refused while objects of services are on it or scripts wait to be applied.',
  params,
  responses: { 204: { description: 'It is gone', schema: null }, 409: inUse, 412: changedMeanwhile },
})

export const sbcCheck = Type.Object(
  {
    ok: Type.Boolean({ description: 'It answers, and what is ours on it is as it was left' }),
    asked: Type.Boolean({ description: 'false: there is no driver for it, or no address: nothing was asked' }),
    trouble: nullable(trouble),
    facts: nullable(facts),
    tables: Type.Array(tableUse),
    drifts: Type.Array(drift),
  },
  { $id: 'SbcCheck' },
)
export type WireSbcCheck = Type.Static<typeof sbcCheck>

export const checkSbc = defineEndpoint({
  ...seeing,
  operationId: 'checkSbc',
  callsOutside: true,
  method: 'POST',
  path: '/api/v4/sbcs/{sbcId}/check',
  summary: 'Ask an SBC device how it is',
  description:
    'Whether it answers, its version, how full its tables are, and whether what is ours on it is as it was left. Changes ' +
    'nothing on it; what was found is kept with the device. Takes at most 30 seconds.',
  params,
  responses: { 200: { description: 'What was found', schema: sbcCheck } },
})
