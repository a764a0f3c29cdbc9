import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** What a channel reads instead of the name of somebody who works for another one. Source: docs/decisions/0013. */
export const ANOTHER_CHANNEL = 'Another channel'
/** How a lead came that somebody had Microsoft asked for, and the actor of it where a channel's people did. */
export const CHECK_ONLINE = 'check-online'

/** One thing that was done, tried or refused. Source: architecture.md, names 9; main issue 3. */
export const journalEntry = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    at: Type.String({ format: 'date-time', description: 'UTC, with microseconds' }),
    actor: Type.Object({
      kind: Type.String({ description: 'client, person, job or installation' }),
      id: Type.String(),
      name: Type.String(),
    }),
    sourceIp: nullable(Type.String()),
    requestId: Type.String({ description: 'Request or job run it was part of' }),
    action: Type.String({ description: 'For example lead.changed' }),
    object: Type.Object({ type: Type.String(), id: Type.String(), name: nullable(Type.String()) }),
    channelId: nullable(Type.Integer()),
    before: Type.Unknown({ description: 'The fields that changed, as they were; null: nothing was there' }),
    after: Type.Unknown({ description: 'The fields that changed, as they are now' }),
    result: Type.Union([Type.Literal('ok'), Type.Literal('failed'), Type.Literal('refused')]),
    detail: nullable(Type.String()),
  },
  { $id: 'JournalEntry' },
)
export type WireJournalEntry = Type.Static<typeof journalEntry>

/** What the verification can find, with what it means. */
export const journalProblems = {
  'entry-changed-or-moved':
    'The entry is not what was sealed at this position: it was changed, or put in another place',
  'entry-missing': 'The entry is gone',
  'seal-missing': 'The seal at this position is gone',
  'tail-missing': 'The journal ends here, but its signed head is further on: the end was cut off',
  'checkpoint-forged': 'The chain was written anew from about here on, without the master key',
  'checkpoint-missing': 'Signatures of the chain are gone from about here on',
  'head-missing': 'There are seals, but the signed head is gone',
  'head-forged': 'No known master key has signed the head: it was forged, or a master key is missing',
  'head-differs': 'The chain does not lead to its signed head',
  'seal-beyond-head': 'Seals were added after the signed head',
  'entry-not-sealed': 'The entry came in past the journal: it is neither sealed nor waiting for it',
  'known-head-differs': 'The chain does not go through the head you gave: it was written anew',
} as const
export type JournalProblem = keyof typeof journalProblems

export const journalVerification = Type.Object(
  {
    ok: Type.Boolean(),
    entries: Type.Integer({ description: 'Sealed entries that were found right, from the first on' }),
    unsealed: Type.Integer({ description: 'Entries that wait to be sealed; normally gone after seconds' }),
    head: nullable(
      Type.Object({
        position: Type.Integer(),
        hash: Type.String({ description: 'SHA-256, hex' }),
        sealedAt: Type.String({ format: 'date-time' }),
      }),
    ),
    firstBad: Type.Optional(
      Type.Object({
        position: nullable(Type.Integer({ description: 'In the chain, from 1; null: the entry is in no chain' })),
        entryId: nullable(Type.String()),
        problem: Type.Unsafe<JournalProblem>({ type: 'string', enum: Object.keys(journalProblems) }),
        meaning: Type.String(),
      }),
    ),
  },
  { $id: 'JournalVerification' },
)
export type WireJournalVerification = Type.Static<typeof journalVerification>

/** A verification before it is put into words. */
export type JournalVerification = {
  ok: boolean
  entries: number
  unsealed: number
  head: { position: number; hash: string; sealedAt: string } | null
  firstBad?: { position: number | null; entryId: string | null; problem: JournalProblem }
}

export const JOURNAL_PAGE_SIZE_DEFAULT = 50
export const JOURNAL_PAGE_SIZE_MAX = 1_000

const text = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 200, description }))
const exampleEntry = {
  id: '019f2c6a-7b1e-7c40-9a53-2f6d1c0e8a11',
  at: '2026-11-22T04:03:00.351207Z',
  actor: { kind: 'job', id: 'peering.sync-leads-job', name: 'peering.sync-leads-job' },
  sourceIp: null,
  requestId: '019f2c6a-7a90-7d11-8b0c-5d1f0a9e4477',
  action: 'lead.changed',
  object: { type: 'lead', id: '3b0f6c1e-9d57-4a55-8d0b-7b6f4a1f2c90', name: 'Contoso Bakery' },
  channelId: 907,
  before: { status: 'Active' },
  after: { status: 'Suspended' },
  result: 'ok',
  detail: null,
}

const listQuery = Type.Object({
  objectType: text('For example lead'),
  objectId: text('Id of the object; give objectType too'),
  action: text('For example lead.changed'),
  actor: text('Id or name of who did it'),
  result: Type.Optional(Type.Union([Type.Literal('ok'), Type.Literal('failed'), Type.Literal('refused')])),
  requestId: text('Request or job run'),
  from: Type.Optional(
    Type.String({ maxLength: 40, description: 'At or after this instant (ISO 8601, or a date in UTC)' }),
  ),
  to: Type.Optional(Type.String({ maxLength: 40, description: 'Before this instant (ISO 8601, or a date in UTC)' })),
  cursor: Type.Optional(Type.String({ maxLength: 400, description: 'Opaque: nextCursor of the page before' })),
  pageSize: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: JOURNAL_PAGE_SIZE_MAX,
      description: `Entries per page, ${JOURNAL_PAGE_SIZE_DEFAULT} by default`,
    }),
  ),
})
const page = (example: unknown) => ({
  description: 'One page',
  schema: Type.Object({
    data: Type.Array(journalEntry),
    nextCursor: nullable(Type.String({ description: 'null on the last page' })),
  }),
  example: { data: [example], nextCursor: null },
})

export const listJournalEntries = defineEndpoint({
  operationId: 'listJournalEntries',
  method: 'GET',
  path: '/api/v4/journal',
  tag: 'Journal',
  summary: 'What was done, by whom and from where, newest first',
  description:
    'Filters are exact and all must hold. A channel-bound client sees the entries of its channel. ' +
    'Entries cannot be changed or removed; see the verification.',
  source: 'own',
  permission: 'journal.read',
  query: listQuery,
  responses: { 200: page(exampleEntry) },
})

const verificationQuery = Type.Object({
  headPosition: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Position of a head in the log; give headHash too' }),
  ),
  headHash: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Its hash: 64 hex digits' })),
})
const verdict = {
  description: 'The verdict; ok is false when something was found',
  schema: journalVerification,
  example: {
    ok: true,
    entries: 48_211,
    unsealed: 3,
    head: {
      position: 48_211,
      hash: '9f2b7c1d5e0a4f6388d1c2b3a4958677665544332211ffeeddccbbaa00998877',
      sealedAt: '2026-11-22T04:03:02.118Z',
    },
  },
}

export const verifyJournal = defineEndpoint({
  operationId: 'verifyJournal',
  method: 'GET',
  path: '/api/v4/journal/verification',
  tag: 'Journal',
  summary: 'Whether the journal is whole and unchanged',
  description:
    'Reads the whole hash chain of the operator and names the first entry that is not as it was sealed. ' +
    'A million entries take up to a minute. With the position and hash of a head that was written to the log, it is also found ' +
    'when the whole database was set back to an older state.',
  source: 'own',
  permission: 'journal.read',
  operatorOnly: true,
  query: verificationQuery,
  responses: { 200: verdict },
})

export const listInstallationJournal = defineEndpoint({
  operationId: 'listInstallationJournal',
  method: 'GET',
  path: '/api/v4/installation/journal',
  tag: 'Journal',
  summary: 'What was done that belongs to no operator, newest first',
  description:
    'The journal of the installation: people of the platform tier, their roles and sessions, users of several operators. ' +
    'The same filters as the journal of an operator.',
  source: 'own',
  permission: 'platform-administrator',
  query: listQuery,
  responses: {
    200: page({
      ...exampleEntry,
      actor: { kind: 'person', id: '019a9f5e-6d2a-7c41-9a31-5b0b6a3c7d10', name: 'Pat Lindgren' },
      sourceIp: '192.0.2.17',
      action: 'session.begun',
      object: { type: 'person', id: '019a9f5e-6d2a-7c41-9a31-5b0b6a3c7d10', name: 'Pat Lindgren' },
      channelId: null,
      before: null,
      after: null,
      detail: 'Signed in with a password.',
    }),
  },
})

export const verifyInstallationJournal = defineEndpoint({
  operationId: 'verifyInstallationJournal',
  method: 'GET',
  path: '/api/v4/installation/journal/verification',
  tag: 'Journal',
  summary: 'Whether the journal of the installation is whole and unchanged',
  description: 'It has a chain of its own. As the verification of an operator’s journal.',
  source: 'own',
  permission: 'platform-administrator',
  query: verificationQuery,
  responses: { 200: verdict },
})
