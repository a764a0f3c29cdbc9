import fc from 'fast-check'
import type { TSchema } from 'typebox'
import { hostileTexts, hostileValues } from './hostile.ts'

type Schema = {
  type?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  format?: string
  pattern?: string
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  maxItems?: number
  uniqueItems?: boolean
}

/** Values that a schema of contract/ describes; what it cannot know (a pattern) is tried from texts that often fit. */
export function valuesOf(schema: TSchema | undefined): fc.Arbitrary<unknown> {
  return fits((schema ?? {}) as Schema)
}

/** As `valuesOf`, with any part of it replaced, left out, added or doubled. */
export function spoiltValuesOf(schema: TSchema | undefined): fc.Arbitrary<unknown> {
  const part = schema as Schema | undefined
  if (part?.type !== 'object') return fc.oneof(fits(part ?? {}), hostileValues)
  const names = Object.keys(part.properties ?? {})
  return fc
    .tuple(
      fits(part),
      fc.array(fc.tuple(fc.constantFrom(...names, 'surprise', '__proto__', 'constructor', ''), hostileValues), {
        maxLength: 3,
      }),
      fc.subarray(names),
      fc.boolean(),
    )
    .map(([value, replaced, dropped, drops]) => {
      const entries = Object.entries(value as object).filter(([name]) => !(drops && dropped.includes(name)))
      // fromEntries keeps a key named `__proto__`, assignment would not.
      return Object.fromEntries([...entries, ...replaced])
    })
}

function fits(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(fits))
  switch (schema.type) {
    case 'object':
      return objects(schema)
    case 'array':
      return lists(schema)
    case 'string':
      return texts(schema)
    case 'integer':
      return fc.oneof(
        fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 1_000, 100_000_000) }),
        fc.constantFrom(schema.minimum ?? 0, schema.maximum ?? 1),
      )
    case 'number':
      return fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 1_000, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function objects({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> {
  const parts = Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, fits(part)]))
  return fc.record(parts, { requiredKeys: required, noNullPrototype: true })
}

function lists({ items = {}, maxItems = 5, uniqueItems }: Schema): fc.Arbitrary<unknown> {
  const options = { maxLength: Math.min(maxItems, 20) }
  return uniqueItems ? fc.uniqueArray(fits(items), options) : fc.array(fits(items), options)
}

function texts({ format, pattern, minLength = 0, maxLength = 200 }: Schema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid()
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString())
  if (format === 'date')
    return fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
      .map((date) => date.toISOString().slice(0, 10))
  if (format === 'email' || pattern?.includes('@')) return fc.emailAddress()
  const free = fc.string({ minLength, maxLength: Math.min(maxLength, 60) })
  if (pattern !== undefined && pattern !== '\\S') return fc.oneof(fc.stringMatching(new RegExp(pattern)), free)
  const long = fc.string({ unit: 'binary', minLength, maxLength: Math.min(maxLength, 300) })
  return fc.oneof(
    free,
    long,
    hostileTexts.map((text) => text.slice(0, maxLength)),
  )
}
