import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'

/** Something of Microsoft's that could not be read, or that nobody expected. Ours. */
export const syncFinding = Type.Object(
  {
    kind: Type.Union([Type.Literal('malformed'), Type.Literal('surprise')], {
      description: 'malformed: not readable, kept raw; surprise: read, with a value nobody expected',
    }),
    key: Type.String({ description: 'Id of the record, or the surprise in words' }),
    detail: Type.String({ description: 'What is the matter' }),
    raw: Type.Union([Type.String(), Type.Null()], { description: 'The record as Microsoft sent it, as JSON text' }),
    times: Type.Integer({ description: 'How often it was seen' }),
    firstSeenAt: Type.String({ format: 'date-time' }),
    lastSeenAt: Type.String({ format: 'date-time' }),
  },
  { $id: 'SyncFinding' },
)
export type SyncFinding = Type.Static<typeof syncFinding>

export const listSyncFindings = defineEndpoint({
  operationId: 'listSyncFindings',
  method: 'GET',
  path: '/api/v4/sync-findings',
  tag: 'Microsoft',
  summary: 'Records of Microsoft that could not be read, and values nobody expected',
  description:
    'Newest first, at most 500. A malformed record goes away when it can be read again, or when a whole listing no longer has it.',
  source: 'own; issue 2, 4',
  permission: 'jobs.read',
  operatorOnly: true,
  responses: { 200: { description: 'The findings', schema: Type.Object({ data: Type.Array(syncFinding) }) } },
})
