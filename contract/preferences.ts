import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { problem } from './problem.ts'
import { columnId, viewLists } from './views.ts'

/** Pixels of a column. */
export const COLUMN_WIDTH_MIN = 48
export const COLUMN_WIDTH_MAX = 800

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

const columnChoice = Type.Object(
  {
    id: columnId,
    shown: Type.Boolean(),
    width: Type.Optional(
      Type.Integer({
        minimum: COLUMN_WIDTH_MIN,
        maximum: COLUMN_WIDTH_MAX,
        description: 'Pixels; left out: as wide as the portal has it',
      }),
    ),
  },
  { $id: 'ColumnChoice' },
)
export type ColumnChoice = Type.Static<typeof columnChoice>

const columns = nullable(
  Type.Array(columnChoice, {
    maxItems: 60,
    description:
      'In their order. Columns that are not named stand where the portal has them; null: all as the portal has them',
  }),
)
const list = Type.Enum([...viewLists])
const defaultView = Type.Object({
  operatorId: Type.Integer(),
  list,
  viewId: Type.String({ format: 'uuid' }),
})

/** How somebody has set up the portal for himself. Source: issue 6, 6. */
export const preferences = Type.Object(
  {
    columns: Type.Object({ leads: columns, tenants: columns }),
    defaultViews: Type.Array(defaultView, {
      description: 'The view that a list begins with, where there is one; it may have been deleted since',
    }),
  },
  { $id: 'Preferences' },
)
export type WirePreferences = Type.Static<typeof preferences>

export const examplePreferences: WirePreferences = {
  columns: {
    leads: [
      { id: 'company', shown: true, width: 240 },
      { id: 'contact', shown: true },
      { id: 'channel', shown: false },
    ],
    tenants: null,
  },
  defaultViews: [{ operatorId: 868, list: 'leads', viewId: '019a9f60-2b7c-7d10-8f31-6a0c1d2e3f77' }],
}

export const setPreferences = defineEndpoint({
  operationId: 'setPreferences',
  method: 'PUT',
  path: '/api/v4/me/preferences',
  tag: 'Sessions',
  summary: 'Set up the portal for oneself',
  description:
    'Columns of the lists, for every operator one works for, and the view that a list begins with, for one operator. What is ' +
    'left out stays as it is. `GET /api/v4/me` tells them all, so that they are there with the first page.',
  source: 'own; issue 6, 6',
  permission: 'signed-in',
  body: Type.Object({
    columns: Type.Optional(Type.Object({ leads: Type.Optional(columns), tenants: Type.Optional(columns) })),
    defaultView: Type.Optional(
      Type.Object({
        operatorId: Type.Integer({ description: 'One of `operators` of `GET /api/v4/me`' }),
        list,
        viewId: nullable(Type.String({ format: 'uuid', description: 'null: begin with the whole list' })),
      }),
    ),
  }),
  bodyExample: { columns: { leads: examplePreferences.columns.leads } },
  responses: {
    200: { description: 'All preferences as they are now', schema: preferences, example: examplePreferences },
    400: { schema: problem, contentType: 'application/problem+json', description: 'Not an operator one works for' },
  },
})
