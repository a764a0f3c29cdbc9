import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { allEventNames } from './events.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const instant = (description: string) => Type.String({ format: 'date-time', description })
const guid = { format: 'uuid' } as const
const headerMap = Type.Record(Type.String(), Type.String())

export const DELIVERIES_PAGE_SIZE_DEFAULT = 50
export const DELIVERIES_PAGE_SIZE_MAX = 500

const listed = {
  eventId: Type.String({ ...guid, description: 'Sent as `webhook-id`: the same in every attempt and replay' }),
  event: Type.String({ description: 'For example lead.created' }),
  key: Type.String({ description: 'Events of one key (one lead) are delivered in their order' }),
  state: Type.Enum(['pending', 'delivered', 'dead'], { description: 'dead: given up, can be replayed' }),
  attempts: Type.Integer({ description: 'Since it was sent first, or replayed' }),
  dueAt: nullable(instant('Of the next attempt, while it is pending')),
  lastStatus: nullable(Type.Integer({ description: 'HTTP status of the last answer; null: there was none' })),
  lastError: nullable(Type.String()),
  eventAt: instant('When the event happened'),
  finishedAt: nullable(instant('When it was delivered or given up')),
}

export const listedDelivery = Type.Object(listed, { $id: 'ListedWebhookDelivery' })
export type WireListedDelivery = Type.Static<typeof listedDelivery>

const attempt = Type.Object(
  {
    at: instant('When it began'),
    durationMs: Type.Integer(),
    outcome: Type.String({
      description:
        'delivered, refused (another status than 2xx), or address-refused, name-unknown, certificate-refused, ' +
        'connection-failed, timed-out, answer-malformed',
    }),
    error: nullable(Type.String()),
    request: Type.Object({
      url: Type.String(),
      headers: headerMap,
    }),
    response: nullable(
      Type.Object({
        status: Type.Integer(),
        headers: headerMap,
        body: Type.String({ description: 'Its first 4 KiB, without the secrets of the webhook' }),
        isBodyCut: Type.Boolean(),
      }),
    ),
  },
  { $id: 'WebhookAttempt' },
)

export const webhookDelivery = Type.Object(
  {
    ...listed,
    body: Type.String({ description: 'The body that is sent, byte for byte' }),
    tries: Type.Array(attempt, { description: 'Oldest first, at most the last 100; kept for 30 days' }),
  },
  { $id: 'WebhookDelivery' },
)
export type WireDelivery = Type.Static<typeof webhookDelivery>

const exampleListed: WireListedDelivery = {
  eventId: '019f2c6a-7b1e-7c40-9a53-2f6d1c0e8a11',
  event: 'lead.deleted',
  key: 'lead/b0c1f4c2-6a4f-4a52-8a3b-54d1a0a1c9d2',
  state: 'delivered',
  attempts: 1,
  dueAt: null,
  lastStatus: 200,
  lastError: null,
  eventAt: '2026-11-22T09:00:00.000Z',
  finishedAt: '2026-11-22T09:00:00.210Z',
}
const exampleDelivery: WireDelivery = {
  ...exampleListed,
  body: '{"type":"lead.deleted","version":1,"timestamp":"2026-11-22T09:00:00.000Z","operatorId":868,"channelId":null,"data":{}}',
  tries: [
    {
      at: '2026-11-22T09:00:00.150Z',
      durationMs: 58,
      outcome: 'delivered',
      error: null,
      request: {
        url: 'https://crm.example.com/hooks/…',
        headers: { 'webhook-id': '019f2c6a-7b1e-7c40-9a53-2f6d1c0e8a11', 'webhook-timestamp': '1795424400' },
      },
      response: { status: 200, headers: { 'content-type': 'text/plain' }, body: 'ok', isBodyCut: false },
    },
  ],
}

const log = { tag: 'Webhooks', source: 'own' } as const
const params = Type.Object({ webhookId: Type.String(guid) })
const oneParams = Type.Object({ webhookId: Type.String(guid), eventId: Type.String(guid) })

export const listWebhookDeliveries = defineEndpoint({
  ...log,
  operationId: 'listWebhookDeliveries',
  method: 'GET',
  path: '/api/v4/webhooks/{webhookId}/deliveries',
  summary: 'What was delivered, newest first',
  description: 'The log of one webhook, tests included. Kept for 30 days.',
  permission: 'webhooks.read',
  params,
  query: Type.Object({
    state: Type.Optional(Type.Enum(['pending', 'delivered', 'dead'])),
    event: Type.Optional(Type.Enum([...allEventNames], { description: 'Only this kind' })),
    from: Type.Optional(
      Type.String({ maxLength: 40, description: 'Events that happened at or after this instant or date' }),
    ),
    to: Type.Optional(Type.String({ maxLength: 40, description: 'Events that happened before this instant or date' })),
    cursor: Type.Optional(Type.String({ maxLength: 100, description: 'Opaque: nextCursor of the page before' })),
    pageSize: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: DELIVERIES_PAGE_SIZE_MAX,
        description: `${DELIVERIES_PAGE_SIZE_DEFAULT} by default`,
      }),
    ),
  }),
  responses: {
    200: {
      description: 'One page',
      schema: Type.Object({ data: Type.Array(listedDelivery), nextCursor: nullable(Type.String()) }),
      example: { data: [exampleListed], nextCursor: null },
    },
  },
})

export const getWebhookDelivery = defineEndpoint({
  ...log,
  operationId: 'getWebhookDelivery',
  method: 'GET',
  path: '/api/v4/webhooks/{webhookId}/deliveries/{eventId}',
  summary: 'One delivery with its attempts',
  description: 'Request and response of each attempt; secrets are left out.',
  permission: 'webhooks.read',
  params: oneParams,
  responses: { 200: { description: 'The delivery', schema: webhookDelivery, example: exampleDelivery } },
})

export const replayWebhookDelivery = defineEndpoint({
  ...log,
  operationId: 'replayWebhookDelivery',
  method: 'POST',
  path: '/api/v4/webhooks/{webhookId}/deliveries/{eventId}/replay',
  summary: 'Deliver an event again',
  description:
    'Delivered or given up: it is sent again, with the same `webhook-id`, within about a second; one that waits is sent now. ' +
    'With a paused webhook it waits.',
  permission: 'webhooks.manage',
  params: oneParams,
  responses: {
    202: { description: 'Under way', schema: listedDelivery, example: { ...exampleListed, state: 'pending' } },
  },
})

export const replayWebhook = defineEndpoint({
  ...log,
  operationId: 'replayWebhook',
  method: 'POST',
  path: '/api/v4/webhooks/{webhookId}/replay',
  summary: 'Deliver the events of a time range again',
  description:
    'What was given up, and what the webhook would have heard of had it been there or chosen it; with `which` `all` also what ' +
    'was delivered. Tests are left out. At most the last 30 days.',
  permission: 'webhooks.manage',
  params,
  body: Type.Object({
    from: Type.String({ format: 'date-time' }),
    to: Type.String({ format: 'date-time', description: 'Not included' }),
    which: Type.Optional(Type.Enum(['undelivered', 'all'], { description: 'undelivered if left out' })),
  }),
  bodyExample: { from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z' },
  responses: {
    202: {
      description: 'Under way',
      schema: Type.Object({ deliveries: Type.Integer({ description: 'How many events are sent again' }) }),
      example: { deliveries: 12 },
    },
  },
})
