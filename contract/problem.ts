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
