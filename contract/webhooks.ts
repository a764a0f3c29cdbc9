import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { eventCatalogue, hookEvents } from './events.ts'
import { problem } from './problem.ts'
import { webhookDelivery } from './webhook-deliveries.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const instant = (description: string) => Type.String({ format: 'date-time', description })
const conflict = { schema: problem, contentType: 'application/problem+json' }
const guid = { format: 'uuid' } as const

/** Webhooks of an operator itself, and of each of its channels. */
export const WEBHOOKS_MAX = 200
/** Hours for which the secret before a rotation may go on signing. */
export const WEBHOOK_OVERLAP_HOURS_MAX = 168
export const WEBHOOK_OVERLAP_HOURS_DEFAULT = 24
/** What a webhook of the kind simple hears of. Source: seed 000, Webhook: every new customer lead. */
export const SIMPLE_EVENTS = { operator: ['lead.created'], channel: ['lead.channel-assigned'] } as const

const permitted = Type.Object({
  allowed: Type.Boolean(),
  reason: Type.Optional(Type.String({ description: 'Why not, in the words a refusal would use' })),
})
const name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S', description: 'For people' })
const url = Type.String({
  minLength: 1,
  maxLength: 2_000,
  description:
    'Where to POST to: https, a public address. It may hold a key: of its path only the first segment, and no value of its ' +
    'query, is shown again. Sent back as it was shown it stays as it is.',
})
const events = Type.Array(Type.Enum([...hookEvents]), {
  minItems: 1,
  maxItems: hookEvents.length,
  uniqueItems: true,
  description: 'Names of `GET /api/v4/webhook-events`; each needs its permission',
})
const header = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, description: 'Not one that HTTP or the delivery decides on' }),
    value: Type.String({ maxLength: 4_096, description: 'Never shown again' }),
  },
  { description: 'A header of your own, such as a key of the receiver' },
)

export const webhook = Type.Object(
  {
    id: Type.String(guid),
    kind: Type.Enum(['simple', 'complete'], { description: 'simple: fires for every new lead, with no signature' }),
    name: Type.String(),
    url: Type.String({ description: 'With … for most of its path, and *** for the values of its query' }),
    events: Type.Array(Type.String()),
    channelId: nullable(
      Type.Integer({ description: "Only events of this channel's leads; null: of the whole operator" }),
    ),
    headerName: nullable(Type.String({ description: 'Of the header of your own; its value is never shown' })),
    state: Type.Enum(['active', 'paused'], { description: 'paused: what comes waits, for up to 30 days' }),
    pausedBecause: nullable(
      Type.Enum(['asked', 'failing', 'gone'], {
        description: 'failing: nothing was delivered for three days; gone: the receiver answered 410',
      }),
    ),
    pausedAt: nullable(instant('Since when')),
    previousSecretExpiresAt: nullable(instant('Until when the secret before the last rotation signs too')),
    createdAt: instant('When it was made'),
    createdBy: Type.String({ description: 'Who made it' }),
    changedAt: instant('When it was last changed, paused or resumed'),
    actions: Type.Object({
      updateWebhook: permitted,
      rotateWebhookSecret: permitted,
      pauseWebhook: permitted,
      resumeWebhook: permitted,
    }),
  },
  { $id: 'Webhook' },
)
export type WireWebhook = Type.Static<typeof webhook>

const health = Type.Object({
  failingSince: nullable(instant('Of the first failure since anything was delivered; null: it works')),
  lastDeliveredAt: nullable(instant('Exact to some seconds')),
  lastError: nullable(Type.String({ description: 'What went wrong the last time' })),
  waiting: Type.Integer({ description: 'Events that are still to be delivered' }),
  dead: Type.Integer({ description: 'Events that were given up; they can be replayed' }),
})

export const listedWebhook = Type.Object({ ...webhook.properties, health }, { $id: 'ListedWebhook' })
export type WireListedWebhook = Type.Static<typeof listedWebhook>

const webhookWithSecret = Type.Object(
  {
    ...webhook.properties,
    secret: nullable(
      Type.String({ description: 'whsec_…, to verify signatures with; shown this once. Null for the kind simple' }),
    ),
  },
  { $id: 'WebhookWithSecret' },
)
export type WireWebhookWithSecret = Type.Static<typeof webhookWithSecret>

const allowed = { allowed: true }
const exampleWebhook: WireWebhook = {
  id: '019a9f60-2b7c-7d10-8f31-6a0c1d2e3f99',
  kind: 'complete',
  name: 'CRM',
  url: 'https://crm.example.com/hooks/…',
  events: ['lead.created', 'lead.countries-changed', 'lead.removed'],
  channelId: null,
  headerName: null,
  state: 'active',
  pausedBecause: null,
  pausedAt: null,
  previousSecretExpiresAt: null,
  createdAt: '2026-11-22T08:15:30.000Z',
  createdBy: 'Dana Wills',
  changedAt: '2026-11-22T08:15:30.000Z',
  actions: {
    updateWebhook: allowed,
    rotateWebhookSecret: allowed,
    pauseWebhook: allowed,
    resumeWebhook: { allowed: false, reason: 'It is not paused.' },
  },
}
const exampleSecret = { ...exampleWebhook, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=' }
const exampleHealth = {
  failingSince: null,
  lastDeliveredAt: '2026-11-22T09:00:00.000Z',
  lastError: null,
  waiting: 0,
  dead: 0,
}

const reading = { tag: 'Webhooks', source: 'own; seed 000', permission: 'webhooks.read' } as const
const managing = { tag: 'Webhooks', source: 'own; seed 000', permission: 'webhooks.manage' } as const
const params = Type.Object({ webhookId: Type.String(guid) })
const headers = { ETag: 'Changes with every change of the webhook: send it as If-Match with the next one' }
const shown = { description: 'The webhook', schema: webhook, headers, example: exampleWebhook }
const changedMeanwhile = { ...conflict, description: 'Somebody changed it since the ETag sent as If-Match' }

export const listWebhooks = defineEndpoint({
  ...reading,
  operationId: 'listWebhooks',
  method: 'GET',
  path: '/api/v4/webhooks',
  summary: 'Webhooks, newest first',
  description:
    'With how it goes with each. Credentials bound to a channel see those of the channel. Secrets are never shown.',
  responses: {
    200: {
      description: 'All of them',
      schema: Type.Object({ data: Type.Array(listedWebhook) }),
      example: { data: [{ ...exampleWebhook, health: exampleHealth }] },
    },
  },
})

export const createWebhook = defineEndpoint({
  ...managing,
  operationId: 'createWebhook',
  method: 'POST',
  path: '/api/v4/webhooks',
  summary: 'Create a webhook',
  description:
    `Events that happen from now on are sent to it. Of the kind \`complete\` (unless you say \`simple\`) each request is signed ` +
    'after Standard Webhooks with a secret that is shown this once. `simple` takes no `events`: it fires for every new lead of ' +
    'the operator, or for every lead that the channel is given. Credentials bound to a channel make webhooks of that channel ' +
    `only. At most ${WEBHOOKS_MAX} for the operator, and as many for each channel.`,
  body: Type.Object({
    kind: Type.Optional(Type.Enum(['simple', 'complete'])),
    name: Type.Optional(name),
    url,
    events: Type.Optional(events),
    channelId: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 2_147_483_647 }))),
    header: Type.Optional(nullable(header)),
  }),
  bodyExample: { name: 'CRM', url: 'https://crm.example.com/hooks/leadline', events: ['lead.created', 'lead.removed'] },
  responses: {
    201: { description: 'The webhook with its secret', schema: webhookWithSecret, headers, example: exampleSecret },
    409: { ...conflict, description: 'There are as many as there may be' },
  },
})

export const getWebhook = defineEndpoint({
  ...reading,
  operationId: 'getWebhook',
  method: 'GET',
  path: '/api/v4/webhooks/{webhookId}',
  summary: 'One webhook',
  description: 'With what may be done with it now, and why not.',
  params,
  responses: { 200: shown },
})

export const updateWebhook = defineEndpoint({
  ...managing,
  operationId: 'updateWebhook',
  method: 'PATCH',
  path: '/api/v4/webhooks/{webhookId}',
  summary: 'Change a webhook',
  description:
    'What is left out stays, but for the value of the header: it goes to no other scheme, host or port than it was given for, so ' +
    'send `header` again with such an address. What waits is sent to the new address. `header` null takes the header away. The kind and the ' +
    'channel stay for good; a webhook of the kind simple has no choice of events.',
  params,
  body: Type.Object({
    name: Type.Optional(name),
    url: Type.Optional(url),
    events: Type.Optional(events),
    header: Type.Optional(nullable(header)),
  }),
  bodyExample: { events: ['lead.created', 'lead.suspended'] },
  responses: { 200: shown, 412: changedMeanwhile },
})

export const deleteWebhook = defineEndpoint({
  ...managing,
  operationId: 'deleteWebhook',
  method: 'DELETE',
  path: '/api/v4/webhooks/{webhookId}',
  summary: 'Delete a webhook',
  description: 'With its log, and with what waits for it.',
  params,
  responses: { 204: { description: 'It is gone', schema: null }, 412: changedMeanwhile },
})

export const rotateWebhookSecret = defineEndpoint({
  ...managing,
  operationId: 'rotateWebhookSecret',
  method: 'POST',
  path: '/api/v4/webhooks/{webhookId}/rotate-secret',
  summary: 'Make a new secret',
  description:
    'For `overlapHours` each request carries two signatures, one with the old secret and one with the new one, so that the ' +
    'receiver can be changed without an outage; 0 ends the old one at once.',
  params,
  body: Type.Object({
    overlapHours: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: WEBHOOK_OVERLAP_HOURS_MAX,
        description: `${WEBHOOK_OVERLAP_HOURS_DEFAULT} if left out`,
      }),
    ),
  }),
  bodyExample: { overlapHours: 24 },
  responses: {
    200: { description: 'The webhook with its new secret', schema: webhookWithSecret, headers, example: exampleSecret },
    409: { ...conflict, description: 'It is of the kind simple and has no secret' },
  },
})

export const pauseWebhook = defineEndpoint({
  ...managing,
  operationId: 'pauseWebhook',
  method: 'POST',
  path: '/api/v4/webhooks/{webhookId}/pause',
  summary: 'Pause a webhook',
  description:
    'Nothing is sent until it is resumed; what comes meanwhile waits for up to 30 days. Pausing twice is harmless.',
  params,
  responses: { 200: shown },
})

export const resumeWebhook = defineEndpoint({
  ...managing,
  operationId: 'resumeWebhook',
  method: 'POST',
  path: '/api/v4/webhooks/{webhookId}/resume',
  summary: 'Resume a webhook',
  description: 'What waits is sent at once, with all its attempts before it. Resuming twice is harmless.',
  params,
  responses: { 200: shown },
})

export const testWebhook = defineEndpoint({
  ...managing,
  operationId: 'testWebhook',
  callsOutside: true,
  method: 'POST',
  path: '/api/v4/webhooks/{webhookId}/test',
  summary: 'Send a test',
  description:
    'Sends one request at once, paused or not, and answers what came of it: the example of the event you name, else ' +
    '`webhook.test`, with `"test": true` in the body. It is tried once and kept in the log; no replay of a time range sends it. ' +
    'Takes at most 20 seconds.',
  params,
  body: Type.Object({
    event: Type.Optional(Type.Enum([...hookEvents], { description: 'Its example of the catalogue is sent' })),
  }),
  bodyExample: {},
  responses: {
    200: { description: 'What came of it, whatever that was', schema: webhookDelivery },
  },
})

const catalogueEvent = Type.Object(
  {
    name: Type.String(),
    version: Type.Integer(),
    summary: Type.String(),
    permission: Type.String({ description: 'Whoever wants it delivered must hold this' }),
    operatorOnly: Type.Boolean({ description: 'Channels never hear of it' }),
    schema: Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema of `data`' }),
    example: Type.Record(Type.String(), Type.Unknown(), { description: 'A whole body, as a receiver gets it' }),
  },
  { $id: 'CatalogueEvent' },
)
export type WireCatalogueEvent = Type.Static<typeof catalogueEvent>

export const listWebhookEvents = defineEndpoint({
  ...reading,
  operationId: 'listWebhookEvents',
  method: 'GET',
  path: '/api/v4/webhook-events',
  summary: 'The events that a webhook can choose',
  description: 'With the schema and an example of each payload, the same as under `webhooks` in openapi.json.',
  responses: {
    200: {
      description: 'The catalogue',
      schema: Type.Object({ data: Type.Array(catalogueEvent) }),
      example: {
        data: [
          {
            name: 'lead.deleted',
            version: 1,
            summary: eventCatalogue['lead.deleted'].summary,
            permission: 'leads.read',
            operatorOnly: false,
            schema: { type: 'object' },
            example: { type: 'lead.deleted' },
          },
        ],
      },
    },
  },
})
