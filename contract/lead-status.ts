import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { affectedSince } from './lead-affected.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** How far one thing is. */
export const statusStates = ['done', 'running', 'waiting', 'attention', 'failed', 'open'] as const
export type StatusState = (typeof statusStates)[number]

/** Who can take the next step. */
export const statusParties = ['customer', 'microsoft', 'operator', 'channel', 'leadline'] as const
export type StatusParty = (typeof statusParties)[number]

const state = Type.Enum([...statusStates], {
  description:
    'done: nothing left to do; running: worked on now; waiting: somebody has to do something, see next; attention: look at ' +
    'it; failed: was tried and did not work; open: has not begun, and nothing is wrong with that',
})

const usual = Type.Object({
  text: Type.String({ description: 'In words, with how it is known' }),
  seconds: nullable(Type.Number({ description: 'null: nobody knows' })),
  basis: Type.Union([Type.Literal('measured'), Type.Literal('setting'), Type.Literal('documented')], {
    description: "measured: by this installation; setting: of this installation; documented: by the system's maker",
  }),
})

const item = Type.Object(
  {
    code: Type.String({ description: 'Stable name of what is told, such as microsoft-not-active' }),
    system: Type.String({ description: 'customer, microsoft, leadline or task; more systems may come' }),
    state,
    title: Type.String({ description: 'In words, for people' }),
    cause: nullable(Type.String({ description: 'Why it is so' })),
    at: nullable(Type.String({ format: 'date-time', description: 'Since when, UTC; null: not known, or not yet' })),
    source: Type.String({ description: 'Where this is known from, in words' }),
    usual: nullable(usual),
    next: nullable(
      Type.Object({
        by: Type.Enum([...statusParties]),
        text: Type.String({ description: 'The next step, in words' }),
      }),
    ),
    about: nullable(
      Type.Object({ type: Type.String({ description: 'task or job; more may come' }), id: Type.String() }),
    ),
  },
  { $id: 'LeadStatusItem' },
)
export type LeadStatusItem = Type.Static<typeof item>

const leadStatus = Type.Object(
  {
    leadId: Type.String({ format: 'uuid' }),
    asOf: Type.String({ format: 'date-time' }),
    summary: Type.Object(
      { state, text: Type.String(), code: nullable(Type.String({ description: 'The item it speaks of' })) },
      { description: 'Why it is not there yet, in a sentence' },
    ),
    items: Type.Array(item, { description: 'From what came first to what comes last' }),
    affected: Type.Array(affectedSince, {
      description: 'What is hit because the customer suspended, left, or dropped countries; the newest first',
    }),
  },
  { $id: 'LeadStatus' },
)
export type LeadStatus = Type.Static<typeof leadStatus>

export const getLeadStatus = defineEndpoint({
  operationId: 'getLeadStatus',
  method: 'GET',
  path: '/api/v4/leads/{leadId}/status',
  tag: 'Leads',
  summary: 'Detailed Status: why a lead is not there yet, and what is hit when a customer leaves',
  description:
    'One time line over Microsoft, the customer, our jobs and tasks: how far each is, why, since when, how that is known, how ' +
    'long it usually takes and who takes the next step. Reading it asks nobody outside. Tasks are told to whoever may read ' +
    'them (`tasks.read`); the reasons of failures that speak of the whole operator only to credentials of the whole operator.',
  source: 'seed 000 (Detailed Status); ambition.md 2 (2, 7); own',
  permission: 'leads.read',
  params: Type.Object({ leadId: Type.String({ format: 'uuid' }) }),
  responses: {
    200: {
      description: 'The status',
      schema: leadStatus,
      example: {
        leadId: 'b0c1f4c2-6a4f-4a52-8a3b-54d1a0a1c9d2',
        asOf: '2026-11-22T10:15:00.000Z',
        summary: {
          state: 'waiting',
          text: 'Microsoft has not activated the lead yet. It turns Active by itself.',
          code: 'microsoft-not-active',
        },
        items: [
          {
            code: 'microsoft-not-active',
            system: 'microsoft',
            state: 'waiting',
            title: 'Microsoft has not activated the lead yet',
            cause: 'Microsoft gives no reason.',
            at: '2026-11-22T08:15:30.123Z',
            source: 'Microsoft, as last synced',
            usual: {
              text: '3 hours: the median of 41 leads that turned Active here',
              seconds: 10_800,
              basis: 'measured',
            },
            next: { by: 'microsoft', text: 'It turns Active by itself.' },
            about: null,
          },
        ],
        affected: [],
      } satisfies LeadStatus,
    },
  },
})
