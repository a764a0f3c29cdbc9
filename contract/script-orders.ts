import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { problem } from './problem.ts'
import { scriptPurposes } from './script-templates.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const guid = Type.String({ format: 'uuid' })
const instant = Type.String({ format: 'date-time' })
const permitted = Type.Object({
  allowed: Type.Boolean(),
  reason: Type.Optional(Type.String({ description: 'Why not, in the words a refusal would use' })),
})

export const scriptOrderStates = ['open', 'done', 'refused', 'withdrawn'] as const

/** A script that somebody applies by hand and ticks off; the task that needs it waits. Source: issue 7, 2. */
export const scriptOrder = Type.Object(
  {
    id: guid,
    title: Type.String({ description: 'What it is for' }),
    sbcId: Type.Integer(),
    sbcName: Type.String(),
    purpose: Type.Enum([...scriptPurposes]),
    owner: Type.String({
      description:
        'Whose objects it makes or removes: `service/<guid>`, of a further SIP connection `service/<guid>/<connection id>`',
    }),
    taskId: nullable(Type.String({ description: 'The task that waits for it; null: nobody does' })),
    templateId: Type.Integer(),
    templateVersion: Type.Integer(),
    state: Type.Enum([...scriptOrderStates], {
      description: 'refused: whoever was to apply it could not, or would not · withdrawn: nobody needs it any more',
    }),
    createdAt: instant,
    opensAt: nullable(
      Type.String({ format: 'date-time', description: 'When the change window opens next; null: now, or over' }),
    ),
    closedAt: nullable(instant),
    closedBy: nullable(Type.String({ description: 'Who ticked it off, or withdrew it' })),
    appliedBy: nullable(Type.String({ description: 'Who applied it, where that was somebody else' })),
    appliedAt: nullable(instant),
    note: Type.String(),
    verified: nullable(
      Type.Boolean({
        description: 'Whether the device was read afterwards and is as expected; null: it cannot be asked',
      }),
    ),
    actions: Type.Object({ tickOffScriptOrder: permitted, refuseScriptOrder: permitted }),
  },
  { $id: 'ScriptOrder' },
)
export type WireScriptOrder = Type.Static<typeof scriptOrder>

const example: WireScriptOrder = {
  id: '019a9f60-2b7c-7d10-8f31-6a0c1d2e3f88',
  title: 'Connect contoso to Seattle 2',
  sbcId: 2,
  sbcName: 'Seattle 2',
  purpose: 'onboarding',
  owner: 'service/c39a9d97-3374-4bab-8648-459795360c7e',
  taskId: 'wst_019a9f60-2b7c-7d10-8f31-6a0c1d2e3f40',
  templateId: 12,
  templateVersion: 1,
  state: 'open',
  createdAt: '2026-11-22T18:00:00.000Z',
  opensAt: null,
  closedAt: null,
  closedBy: null,
  appliedBy: null,
  appliedAt: null,
  note: '',
  verified: null,
  actions: { tickOffScriptOrder: { allowed: true }, refuseScriptOrder: { allowed: true } },
}

const own = { tag: 'SBCs', source: 'own; issue 7, 2', operatorOnly: true } as const
const seeing = { ...own, permission: 'sbcs.read' } as const
const applying = { ...own, permission: 'sbcs.apply' } as const
const params = Type.Object({ orderId: guid })
const asProblem = { schema: problem, contentType: 'application/problem+json' } as const
const over = { ...asProblem, description: 'It is not open any more' }
const shown = { description: 'The order as it is now', schema: scriptOrder, example }

export const listScriptOrders = defineEndpoint({
  ...seeing,
  operationId: 'listScriptOrders',
  method: 'GET',
  path: '/api/v4/script-orders',
  summary: 'Scripts to be applied by hand, newest first',
  description: 'At most 500; narrow with `state` and `sbcId`.',
  query: Type.Object({
    state: Type.Optional(Type.Enum([...scriptOrderStates])),
    sbcId: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
  }),
  responses: {
    200: {
      description: 'The orders',
      schema: Type.Object({ data: Type.Array(scriptOrder) }),
      example: { data: [example] },
    },
  },
})

export const getScriptOrder = defineEndpoint({
  ...seeing,
  operationId: 'getScriptOrder',
  method: 'GET',
  path: '/api/v4/script-orders/{orderId}',
  summary: 'One script to be applied by hand',
  description: 'The script itself: `…/script`.',
  params,
  responses: { 200: shown },
})

export const downloadScriptOrder = defineEndpoint({
  ...applying,
  operationId: 'downloadScriptOrder',
  method: 'GET',
  path: '/api/v4/script-orders/{orderId}/script',
  summary: 'The script of an order, as a file',
  description: 'Secrets stand as `<Name>`: whoever applies it fills them in. They are write-only, and never returned.',
  params,
  responses: { 200: { description: 'The script', schema: Type.String(), contentType: 'text/plain' } },
})

export const tickOffScriptOrder = defineEndpoint({
  ...applying,
  operationId: 'tickOffScriptOrder',
  callsOutside: true,
  method: 'POST',
  path: '/api/v4/script-orders/{orderId}/done',
  summary: 'Say that a script was applied',
  description:
    'The task that waits for it goes on. Where the device can be asked, it is read first: 409 with what is missing when it is ' +
    'not as the script says, unless `unverified` is true.',
  params,
  body: Type.Object(
    {
      appliedBy: Type.Optional(Type.String({ maxLength: 100, description: 'Who applied it; left out: yourself' })),
      appliedAt: Type.Optional(Type.String({ format: 'date-time', description: 'Left out: now; not in the future' })),
      note: Type.Optional(Type.String({ maxLength: 2_000 })),
      unverified: Type.Optional(Type.Boolean({ description: 'Tick it off although the device says otherwise' })),
    },
    { additionalProperties: false },
  ),
  bodyExample: { appliedBy: 'Kim Abe', note: 'CHG-20417' },
  responses: { 200: shown, 409: over },
})

export const refuseScriptOrder = defineEndpoint({
  ...applying,
  operationId: 'refuseScriptOrder',
  method: 'POST',
  path: '/api/v4/script-orders/{orderId}/refuse',
  summary: 'Say that a script will not be applied',
  description: 'The step of the task that waits for it fails with the reason given, and what was done is taken back.',
  params,
  body: Type.Object(
    { reason: Type.String({ minLength: 1, maxLength: 2_000, pattern: '\\S' }) },
    { additionalProperties: false },
  ),
  bodyExample: { reason: 'The device is to be replaced this week' },
  responses: { 200: shown, 409: over },
})
