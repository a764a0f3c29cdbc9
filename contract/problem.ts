import Type from 'typebox'

/** Body of every error answer, `application/problem+json`. Source: RFC 9457; design/architecture.md, names 10. */
export const problem = Type.Object(
  {
    type: Type.String({ description: 'Address of the paragraph that says what happened and what to do' }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String({ description: 'What happened this time, and what to do next' }),
    instance: Type.String({ description: 'Path of the request' }),
    code: Type.String({ description: 'Stable kebab-case code to program against' }),
    requestId: Type.String({ description: 'Also in the header X-Request-Id and in the logs' }),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          pointer: Type.String({
            description: 'JSON pointer of the field: /query/PageSize, /body/name, /path/clientId',
          }),
          detail: Type.String(),
        }),
      ),
    ),
  },
  { $id: 'Problem' },
)

export type WireProblem = Type.Static<typeof problem>

const { errors: _, ...fields } = problem.properties

/** A 400 about a body as documented routes tell it: by field, with our own `code` and `detail` beside it. Source: rest-api.md 1.6. */
export const validationProblem = Type.Object(
  {
    ...fields,
    type: Type.String({ description: 'As documented: the section of RFC 7231' }),
    title: Type.String({ description: 'As documented: One or more validation errors occurred.' }),
    traceId: Type.String({ description: '`00-<32 hex>-<16 hex>-00`, the same wherever this request is told of' }),
    errors: Type.Record(Type.String(), Type.Array(Type.String()), {
      description: 'What is wrong, by the name of the field',
    }),
  },
  { $id: 'ValidationProblem' },
)

/** The 400 of a documented route that reads a body: about fields of the body, or about anything else of the request. */
export const documentedRefusal = {
  description: 'Something of the request cannot be used; `errors` says by field what',
  schema: Type.Union([validationProblem, problem]),
  contentType: 'application/problem+json',
} as const

/** Problem details with the documented extra fields beside our own. Source: rest-api.md 1.6, second shape. */
export const extendedProblem = Type.Object(
  {
    ...problem.properties,
    errorCode: Type.String({ description: 'The same as `code`' }),
    errorTicket: Type.String({ description: 'The same as `requestId`' }),
    traceId: validationProblem.properties.traceId,
  },
  { $id: 'ExtendedProblem' },
)
