import Type, { type TSchema } from 'typebox'
import { type EventName, eventSpec, hookEvents } from './events.ts'

type Json = Record<string, unknown>

/** What a receiver gets of an event: the envelope of Standard Webhooks, with whose it is. */
export function bodySchema(name: EventName): TSchema {
  const { version, payload } = eventSpec(name)
  return Type.Object({
    type: Type.Literal(name),
    version: Type.Literal(version, { description: 'Of the payload; new fields do not make a new version' }),
    timestamp: Type.String({ format: 'date-time', description: 'When it happened' }),
    operatorId: Type.Integer(),
    channelId: Type.Union([Type.Integer(), Type.Null()], { description: 'Whose lead it tells of; null: no channel' }),
    test: Type.Optional(
      Type.Literal(true, {
        description: 'Only in what somebody sent to try the webhook: `data` is an example, nothing of it has happened',
      }),
    ),
    data: payload,
  })
}

export function bodyExample(name: EventName): Json {
  const { version, example } = eventSpec(name)
  const { channelId = null } = example as { channelId?: number | null }
  const timestamp = '2026-11-22T09:00:00.000Z'
  return { type: name, version, timestamp, operatorId: 868, channelId, data: example }
}

const header = (name: string, description: string) => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string' },
})

/** The part `webhooks` of openapi.json: what we send, and how it is answered. `embed` makes components of named schemas. */
export function openApiWebhooks(embed: (schema: unknown) => unknown): Json {
  return Object.fromEntries(
    hookEvents.map((name) => [
      name,
      {
        post: {
          operationId: `on-${name.replace('.', '-')}`,
          tags: ['Webhooks'],
          summary: eventSpec(name).summary,
          description:
            'Answer with any 2xx within 15 seconds; anything else, a redirect too, is tried again for three days. The same ' +
            'event may come twice, with the same `webhook-id`.',
          parameters: [
            header('webhook-id', 'Id of the event: the same in every attempt and replay'),
            header('webhook-timestamp', 'Seconds since 1970, of this attempt'),
            {
              ...header(
                'webhook-signature',
                'Standard Webhooks: `v1,` and an HMAC-SHA-256; two of them while secrets overlap',
              ),
              required: false,
            },
          ],
          requestBody: {
            required: true,
            content: { 'application/json': { schema: embed(bodySchema(name)), example: bodyExample(name) } },
          },
          responses: {
            '2XX': { description: 'Taken' },
            '410': { description: 'Not wanted any more: the webhook is paused' },
          },
        },
      },
    ]),
  )
}
