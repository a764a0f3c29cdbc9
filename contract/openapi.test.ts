import Type from 'typebox'
import { describe, expect, it } from 'vitest'
import { defineEndpoint, type Endpoint } from './endpoint.ts'
import { exampleFlaws } from './example-check.ts'
import { endpoints } from './index.ts'
import { openApiDocument } from './openapi.ts'

const named = Type.Object({ a: Type.Integer() }, { $id: 'Named' })
const sample = defineEndpoint({
  operationId: 'sample',
  method: 'POST',
  path: '/api/v2/sample/{id}',
  tag: 'Sample',
  summary: '',
  description: '',
  source: 'own',
  permission: 'leads.read',
  documented: true,
  operatorOnly: true,
  params: Type.Object({ id: Type.Integer({ description: 'Its id' }) }),
  query: Type.Object({ q: Type.Optional(Type.String({ description: 'Search' })) }),
  body: named,
  responses: {
    200: { description: 'ok', schema: Type.Array(named), example: [{ a: 1 }] },
    304: { description: '', schema: null },
  },
})

describe('OpenAPI', () => {
  // biome-ignore lint/suspicious/noExplicitAny: the document is plain JSON that the test walks freely.
  const documentOf = (endpoints: Endpoint[]) => JSON.parse(JSON.stringify(openApiDocument(endpoints, '1.0.0'))) as any

  it('describes both prefixes, refusals, headers, permission and security', () => {
    const { paths, components } = documentOf([sample])
    const path = paths['/api/v2/sample/{id}']
    expect(path.servers.map((server: { url: string }) => server.url)).toEqual(['/', '/tenantui'])
    expect(path.post).toMatchObject({
      'x-permission': 'leads.read',
      'x-operator-only': true,
      security: [{ clientCredentials: [] }, { bearer: [] }, { session: [] }],
      requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Named' } } } },
    })
    expect(path.post.parameters.slice(0, 2)).toEqual([
      { name: 'id', in: 'path', required: true, description: 'Its id', schema: { type: 'integer' } },
      { name: 'q', in: 'query', description: 'Search', schema: { type: 'string' } },
    ])
    expect(Object.keys(path.post.responses)).toEqual([
      '200',
      '304',
      '400',
      '401',
      '403',
      '404',
      '409',
      '412',
      '413',
      '415',
      '422',
      '429',
      '500',
      '503',
    ])
    expect(components.schemas.Named).toEqual({
      type: 'object',
      required: ['a'],
      properties: { a: { type: 'integer' } },
    })
  })

  it('says of each way in who is let in by it', () => {
    const { paths } = documentOf([...endpoints])
    expect(paths['/api/v4/me'].get).toMatchObject({ security: [{ session: [] }], 'x-permission': 'signed-in' })
    expect(paths['/api/v4/operators'].post).toMatchObject({
      security: [{ session: [] }],
      'x-permission': 'platform-administrator',
    })
    expect(paths['/api/v4/sessions'].post.security).toEqual([])
    const named = (operation: { parameters: { $ref?: string }[] }) => operation.parameters.map(({ $ref }) => $ref)
    expect(named(paths['/api/v4/operators'].post)).toContain('#/components/parameters/csrf')
    expect(named(paths['/api/v4/operators'].post)).not.toContain('#/components/parameters/operator')
    expect(named(paths['/api/v4/jobs'].get)).toContain('#/components/parameters/operator')
  })

  it('has no reference that leads nowhere', () => {
    const document = documentOf([...endpoints, sample])
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1] ?? '')
    expect(references.length).toBeGreaterThan(50)
    for (const reference of references) {
      expect(document, reference).toHaveProperty(reference.split('/'))
    }
  })

  it('closes bodies of /api/v4 to unknown keys, as the server does', () => {
    const { paths } = documentOf([...endpoints])
    const { schema } = paths['/api/v4/clients'].post.requestBody.content['application/json']
    expect(schema.additionalProperties).toBe(false)
    expect(JSON.stringify(schema.properties.external)).toContain('"additionalProperties":false')
  })

  it('refuses two endpoints on one address and two schemas of one name', () => {
    expect(() => openApiDocument([sample, sample], '1')).toThrow('described twice')
    const other = { ...sample, path: '/other', body: Type.Object({ b: Type.Integer() }, { $id: 'Named' }) }
    expect(() => openApiDocument([sample, other], '1')).toThrow('$id Named')
  })
})

describe('examples', () => {
  it('fit their schemas', () => {
    expect(exampleFlaws(endpoints)).toEqual([])
  })

  it('are found when they do not', () => {
    const wrong = {
      ...sample,
      bodyExample: { a: 'x' },
      responses: { 200: { ...sample.responses[200], example: [{}] } },
    }
    expect(exampleFlaws([wrong]).map((flaw) => flaw.where)).toEqual(['sample body', 'sample 200'])
  })
})
