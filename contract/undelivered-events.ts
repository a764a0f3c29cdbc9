import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** An event that one of its subscribers could not take in, however often it was tried. Ours. */
export const undeliveredEvent = Type.Object(
  {
    eventId: Type.String({ format: 'uuid' }),
    name: Type.String({ description: 'For example leads.synced' }),
    subscriber: Type.String({ description: 'Who should have heard of it' }),
    key: Type.String({
      description: 'Events of one key are heard in their order; the ones after this went on without it',
    }),
    channelId: nullable(Type.Integer()),
    payload: Type.Unknown(),
    at: Type.String({ format: 'date-time', description: 'When it happened' }),
    attempts: Type.Integer({ description: 'Times it was tried' }),
    error: Type.String({ description: 'What went wrong the last time' }),
    givenUpAt: Type.String({ format: 'date-time' }),
  },
  { $id: 'UndeliveredEvent' },
)
export type WireUndeliveredEvent = Type.Static<typeof undeliveredEvent>

const example: WireUndeliveredEvent = {
  eventId: '019f2c6a-7b1e-7c40-9a53-2f6d1c0e8a11',
  name: 'leads.synced',
  subscriber: 'peering.addresses-after-sync',
  key: 'sync/868',
  channelId: null,
  payload: { runId: '019f2c6a-7a90-7d11-8b0c-5d1f0a9e4477', baseline: false, new: 2, changed: 0 },
  at: '2026-11-22T04:03:02.000Z',
  attempts: 10,
  error: 'The database cannot be reached at the moment.',
  givenUpAt: '2026-11-22T04:24:10.000Z',
}
const events = { tag: 'Jobs', source: 'own', operatorOnly: true } as const

export const listUndeliveredEvents = defineEndpoint({
  ...events,
  operationId: 'listUndeliveredEvents',
  method: 'GET',
  path: '/api/v4/undelivered-events',
  summary: 'Events that were given up',
  description: 'Newest first, at most 500. Each stays until it is tried again with success.',
  permission: 'jobs.read',
  responses: {
    200: {
      description: 'The events, one entry for each subscriber that lacks it',
      schema: Type.Object({ data: Type.Array(undeliveredEvent) }),
      example: { data: [example] },
    },
  },
})

export const retryUndeliveredEvent = defineEndpoint({
  ...events,
  operationId: 'retryUndeliveredEvent',
  method: 'POST',
  path: '/api/v4/undelivered-events/{eventId}/retry',
  summary: 'Deliver an event again',
  description:
    'To every subscriber that lacks it, or to the one that is named. It is tried within about a second and, should it fail, as ' +
    'often as a new one.',
  permission: 'jobs.run',
  params: Type.Object({ eventId: Type.String({ format: 'uuid' }) }),
  body: Type.Object({
    subscriber: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Only this one' })),
  }),
  bodyExample: {},
  responses: {
    202: {
      description: 'Under way',
      schema: Type.Object({ deliveries: Type.Integer({ description: 'How many subscribers get it again' }) }),
      example: { deliveries: 1 },
    },
  },
})
