import type { TSchema } from 'typebox'

type JsonSchema = Record<string, unknown>

/**
 * The schema with every object closed to unknown keys, unless it says otherwise itself.
 * Bodies of `/api/v4` are checked and published this way, so that a misspelt key is a 400 and not a silent nothing.
 */
export function closedSchema(schema: TSchema): TSchema {
  return close(schema as JsonSchema) as TSchema
}

function close(schema: JsonSchema): JsonSchema {
  const closed: JsonSchema = { ...schema }
  if (isSchema(schema.items)) closed.items = close(schema.items)
  if (Array.isArray(schema.anyOf)) closed.anyOf = schema.anyOf.map((part) => (isSchema(part) ? close(part) : part))
  if (!isSchema(schema.properties)) return closed
  closed.properties = Object.fromEntries(
    Object.entries(schema.properties).map(([name, part]) => [name, isSchema(part) ? close(part) : part]),
  )
  if (schema.additionalProperties === undefined) closed.additionalProperties = false
  // No longer the schema of that name.
  delete closed.$id
  return closed
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
