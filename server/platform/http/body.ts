import type { TSchema } from 'typebox'
import { closedSchema } from '../../../contract/closed-schema.ts'
import type { Endpoint } from '../../../contract/endpoint.ts'
import { AppError, badRequest, type FieldError } from '../../kernel/errors.ts'
import { repeated } from '../../kernel/repeatable.ts'
import { decode, NUL_REMEDY } from './query.ts'
import { compileCheck, escapePointer, shown } from './validation.ts'

/** Turns the bytes of a body into a value of the endpoint's schema, or throws a 400 or 415. */
export type BodyReader = (bytes: Buffer | undefined, contentType: string | undefined) => unknown

type JsonSchema = Record<string, unknown>

/**
 * Documented routes bind keys without regard to letter case and ignore unknown ones, as their clients expect
 * (rest-api.md 1.9); all others refuse unknown keys.
 */
export function bodyReader(endpoint: Endpoint): BodyReader {
  const schema = endpoint.body
  if (!schema) return refuseBody
  const mediaType = endpoint.bodyType ?? 'application/json'
  const check = compileCheck(endpoint.documented ? schema : closedSchema(schema), '/body')
  return (bytes, contentType) => {
    if (endpoint.bodyOptional && (!bytes || bytes.length === 0)) return undefined
    if (!bytes || bytes.length === 0) throw badRequest([{ pointer: '/body', detail: `Missing: send ${mediaType}.` }])
    requireMediaType(mediaType, contentType)
    const text = utf8(bytes)
    const raw = mediaType === 'application/json' ? parseJson(text) : parseForm(text)
    const value = endpoint.documented ? bindKeys(schema, raw, '/body') : raw
    const errors = check(value)
    if (errors.length === 0 && text.includes('\\u0000')) errors.push(...nulsIn(value, '/body'))
    if (errors.length > 0) throw badRequest(errors)
    return value
  }
}

/** Every text of a value that holds what PostgreSQL cannot store. */
function nulsIn(value: unknown, pointer: string): FieldError[] {
  if (typeof value === 'string') return value.includes('\0') ? [{ pointer, detail: NUL_REMEDY }] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => nulsIn(part, `${pointer}/${escapePointer(key)}`))
}

/** An endpoint without a body takes none, or an empty JSON object, which many clients send with every POST. */
const refuseBody: BodyReader = (bytes) => {
  if (!bytes || bytes.length === 0 || /^\s*(\{\s*\})?\s*$/.test(bytes.subarray(0, 64).toString())) return undefined
  throw badRequest([{ pointer: '/body', detail: 'This request takes no body: send none.' }])
}

function requireMediaType(wanted: string, contentType: string | undefined): void {
  const [mediaType = '', ...parameters] = (contentType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const isJson = wanted === 'application/json' && /^application\/([a-z0-9.-]+\+)?json$/.test(mediaType)
  if (mediaType !== wanted && !isJson) {
    throw unsupported(`Send the body as ${wanted}; it came as ${shown(contentType)}.`)
  }
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice(8)
    .replaceAll('"', '')
  if (charset && charset !== 'utf-8' && charset !== 'utf8')
    throw unsupported(`Send the body in UTF-8, not ${shown(charset)}.`)
}

function unsupported(detail: string): AppError {
  return new AppError({ code: 'unsupported-media-type', status: 415, detail })
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function utf8(bytes: Buffer): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw badRequest([{ pointer: '/body', detail: 'Is not valid UTF-8: encode the body as UTF-8.' }])
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    // Only where: the parser's own words repeat a piece of the text.
    const place = /at position \d+( \(line \d+ column \d+\))?/.exec((error as Error).message)?.[0] ?? 'before its end'
    throw badRequest([{ pointer: '/body', detail: `Is not valid JSON: it breaks off or goes wrong ${place}.` }])
  }
}

function parseForm(text: string): Record<string, string> {
  const fields = new Map<string, string>()
  for (const part of text.split('&')) {
    if (part === '') continue
    const equals = part.indexOf('=')
    const name = decode(equals < 0 ? part : part.slice(0, equals), '/body')
    if (fields.has(name))
      throw badRequest([{ pointer: `/body/${escapePointer(repeated(name))}`, detail: 'Given more than once.' }])
    fields.set(name, equals < 0 ? '' : decode(part.slice(equals + 1), '/body'))
  }
  return Object.fromEntries(fields)
}

function bindKeys(schema: TSchema | JsonSchema, value: unknown, pointer: string): unknown {
  const { properties, items } = schema as { properties?: Record<string, JsonSchema>; items?: JsonSchema }
  if (Array.isArray(value) && items) return value.map((item, index) => bindKeys(items, item, `${pointer}/${index}`))
  if (!properties || typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const known = new Map(Object.keys(properties).map((name) => [name.toLowerCase(), name]))
  const bound = new Map<string, unknown>()
  const errors: FieldError[] = []
  for (const [key, part] of Object.entries(value)) {
    const name = known.get(key.toLowerCase())
    if (name === undefined) continue
    if (bound.has(name))
      errors.push({ pointer: `${pointer}/${name}`, detail: 'Given twice in different letter case: give it once.' })
    bound.set(name, bindKeys(properties[name] ?? {}, part, `${pointer}/${name}`))
  }
  if (errors.length > 0) throw badRequest(errors)
  return Object.fromEntries(bound)
}
