import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { problem } from './problem.ts'

/** Views of one person or client, and views that are shared in one scope: at most this many of each. */
export const VIEWS_MAX = 200
export const VIEW_NAME_LENGTH_MAX = 80
export const VIEW_QUERY_LENGTH_MAX = 2_000

/** The lists that have views: the two tabs of Qualify Leads. */
export const viewLists = ['leads', 'tenants'] as const
export type ViewList = (typeof viewLists)[number]

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const permitted = Type.Object({
  allowed: Type.Boolean(),
  reason: Type.Optional(Type.String({ description: 'Why not, in the words a refusal would use' })),
})

/** Id of a column of the portal's list, such as `company`. Columns come and go: unknown ones are kept as they are. */
export const columnId = Type.String({ pattern: '^[a-z][A-Za-z0-9-]{0,39}$', maxLength: 40 })

const name = Type.String({
  minLength: 1,
  maxLength: VIEW_NAME_LENGTH_MAX,
  pattern: '\\S',
  description: 'One of its kind among your own, or among the shared ones; letter case does not count',
})
const query = Type.String({
  maxLength: VIEW_QUERY_LENGTH_MAX,
  description:
    "Search, filters and order as they stand in the address of the portal's list, without the question mark. Kept as it is, " +
    'so that a filter that no longer exists is not lost',
})
const columns = nullable(
  Type.Array(columnId, {
    minItems: 1,
    maxItems: 60,
    uniqueItems: true,
    description: 'Columns that are shown, in their order; null: those that each person has chosen',
  }),
)
const shared = Type.Boolean({ description: 'For everybody of the operator, or of the channel it was made in' })
const list = Type.Enum([...viewLists], { description: 'leads: New Leads; tenants: leads with a license' })

export const view = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    name: Type.String(),
    list,
    query: Type.String({ description: "As in the address of the portal's list" }),
    columns,
    shared,
    isOwn: Type.Boolean({ description: 'Made with these credentials' }),
    createdBy: Type.String({ description: 'Who made it: the name he had then' }),
    createdAt: Type.String({ format: 'date-time' }),
    changedAt: Type.String({ format: 'date-time' }),
    actions: Type.Object({ updateView: permitted, deleteView: permitted }),
  },
  { $id: 'View' },
)
export type WireView = Type.Static<typeof view>

const example: WireView = {
  id: '019a9f60-2b7c-7d10-8f31-6a0c1d2e3f77',
  name: 'New in Germany',
  list: 'leads',
  query: 'q=berg&status=Active&sort=-consentedOn',
  columns: ['company', 'contact', 'market', 'consented'],
  shared: false,
  isOwn: true,
  createdBy: 'Dana Wills',
  createdAt: '2026-11-22T08:15:30.000Z',
  changedAt: '2026-11-22T08:15:30.000Z',
  actions: { updateView: { allowed: true }, deleteView: { allowed: true } },
}

const own = { tag: 'Views', source: 'own; issue 6, 6', permission: 'leads.read' } as const
const params = Type.Object({ viewId: Type.String({ format: 'uuid' }) })
const asProblem = { schema: problem, contentType: 'application/problem+json' } as const
const headers = { ETag: 'Changes with every change of the view: send it as If-Match with the next one' }
const shown = { description: 'The view', schema: view, headers, example }
const notYours = {
  ...asProblem,
  description: 'It is shared, or to be shared, and that takes the permission views.share',
}
const taken = { ...asProblem, description: 'There is one of that name, or there are as many as there may be' }
const changedMeanwhile = { ...asProblem, description: 'Somebody changed it since the ETag sent as If-Match' }

export const listViews = defineEndpoint({
  ...own,
  operationId: 'listViews',
  method: 'GET',
  path: '/api/v4/views',
  summary: 'Saved views: your own and those shared with you, by name',
  description:
    'A view is a way to look at the list of leads or of tenants: search, filters, order and columns, with a name. Your own ' +
    'are seen by nobody else. Shared ones are those of your scope: of the operator, or, with credentials bound to a channel, ' +
    'of the channel; no channel sees those of another one or of the operator.',
  responses: {
    200: {
      description: 'All of them',
      schema: Type.Object({ data: Type.Array(view) }),
      example: { data: [example] },
    },
  },
})

export const createView = defineEndpoint({
  ...own,
  operationId: 'createView',
  method: 'POST',
  path: '/api/v4/views',
  summary: 'Save a view',
  description:
    `To share it takes the permission \`views.share\`. At most ${VIEWS_MAX} of your own and ${VIEWS_MAX} shared ones. ` +
    'What a person looks at first is set with `PUT /api/v4/me/preferences`.',
  body: Type.Object({
    name,
    list,
    query: Type.Optional(query),
    columns: Type.Optional(columns),
    shared: Type.Optional(shared),
  }),
  bodyExample: { name: example.name, list: example.list, query: example.query, columns: example.columns },
  responses: { 201: shown, 403: notYours, 409: taken },
})

export const getView = defineEndpoint({
  ...own,
  operationId: 'getView',
  method: 'GET',
  path: '/api/v4/views/{viewId}',
  summary: 'One view',
  description: "The operator's own people also see, by its id, what one of its channels shares.",
  params,
  responses: { 200: shown },
})

export const updateView = defineEndpoint({
  ...own,
  operationId: 'updateView',
  method: 'PATCH',
  path: '/api/v4/views/{viewId}',
  summary: 'Change a view',
  description:
    'What is left out stays. A shared one takes the permission `views.share`; only who made it takes it back (`shared` false).',
  params,
  body: Type.Object({
    name: Type.Optional(name),
    query: Type.Optional(query),
    columns: Type.Optional(columns),
    shared: Type.Optional(shared),
  }),
  bodyExample: { query: 'status=Active' },
  responses: { 200: shown, 403: notYours, 409: taken, 412: changedMeanwhile },
})

export const deleteView = defineEndpoint({
  ...own,
  operationId: 'deleteView',
  method: 'DELETE',
  path: '/api/v4/views/{viewId}',
  summary: 'Delete a view',
  description: 'A shared one takes the permission `views.share`. No lead is touched.',
  params,
  responses: { 204: { description: 'It is gone', schema: null }, 403: notYours, 412: changedMeanwhile },
})
