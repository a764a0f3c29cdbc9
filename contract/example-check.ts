import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { closedSchema } from './closed-schema.ts'
import type { Endpoint } from './endpoint.ts'

/** An example that does not fit its schema, and why. */
export type ExampleFlaw = { where: string; flaws: string[] }

/** Checks every example of the endpoints, of bodies and answers, against its schema. For a test: an empty list is what it wants. */
export function exampleFlaws(endpoints: readonly Endpoint[]): ExampleFlaw[] {
  return endpoints.flatMap((endpoint) => {
    const { operationId, body, bodyExample, documented, responses } = endpoint
    const found: ExampleFlaw[] = []
    const check = (where: string, schema: TSchema, example: unknown) => {
      // Through JSON: an example is what is sent, not what it was made from.
      const flaws = Compile(schema).Errors(JSON.parse(JSON.stringify(example)))
      if (flaws.length > 0) {
        found.push({
          where: `${operationId} ${where}`,
          flaws: flaws.map((flaw) => `${flaw.instancePath} ${flaw.message}`),
        })
      }
    }
    if (body && bodyExample !== undefined) check('body', documented ? body : closedSchema(body), bodyExample)
    for (const [status, { schema, example }] of Object.entries(responses)) {
      if (schema && example !== undefined) check(status, schema, example)
    }
    return found
  })
}
