import { type TObject, Type } from 'typebox'
import { badRequest, type FieldError } from '../../kernel/errors.ts'
import { repeated } from '../../kernel/repeatable.ts'
import { compileCheck, escapePointer, shown, unknownName } from './validation.ts'

/** Turns the text after `?` into values, or throws a 400 that names every parameter that is wrong. */
export type QueryReader = (search: string) => Record<string, unknown>

const MOST_PARAMETERS = 100
/** PostgreSQL stores every character but this one. */
export const NUL_REMEDY = 'Has a NUL character: remove it.'

type Kind = 'string' | 'integer' | 'number' | 'boolean'
type Parameter = { name: string; kind: Kind; list: boolean }

/**
 * Reads a query strictly: unknown and repeated parameters, blanks, signs and `1e3` in a number are refused, nothing is guessed.
 * A list may be repeated or separated by commas. With `lenientNames` letter case and blanks in names do not matter, as
 * documented clients write them in several ways (rest-api.md X5). `default` in a schema is documentation, not applied.
 */
export function queryReader(schema: TObject | undefined, lenientNames: boolean): QueryReader {
  const object = schema ?? Type.Object({})
  const properties: Record<string, unknown> = object.properties
  const names = Object.keys(properties)
  const spell = lenientNames ? lenient : exact
  const parameters = new Map(names.map((name) => [spell(name), parameterOf(name, properties[name])]))
  const check = compileCheck(object, '/query')

  return (search) => {
    if (search === '') return checked({})
    const errors: FieldError[] = []
    const values: Record<string, unknown> = {}
    const wrong = (name: string, detail: string) =>
      errors.push({ pointer: `/query/${escapePointer(repeated(name))}`, detail })
    const parts = search.split('&')
    if (parts.length > MOST_PARAMETERS) throw tooMany(parts.length)
    for (const part of parts) {
      if (part === '') continue
      const [name, text] = splitPart(part)
      const parameter = parameters.get(spell(name))
      if (!parameter) wrong(name, unknownName(names))
      else if (!parameter.list && parameter.name in values) wrong(parameter.name, 'Given more than once: give it once.')
      else readInto(values, parameter, text, wrong)
    }
    if (errors.length > 0) throw badRequest(errors)
    return checked(values)
  }

  function checked(values: Record<string, unknown>): Record<string, unknown> {
    const errors = check(values)
    if (errors.length > 0) throw badRequest(errors)
    return values
  }
}

/** Path parameters, by the same rules; the router has split and decoded them. */
export function pathReader(schema: TObject | undefined): (raw: Record<string, string>) => Record<string, unknown> {
  if (!schema) return () => ({})
  const parameters = Object.entries(schema.properties).map(([name, part]) => parameterOf(name, part))
  const check = compileCheck(schema, '/path')
  return (raw) => {
    const errors: FieldError[] = []
    const values: Record<string, unknown> = {}
    for (const parameter of parameters) {
      const text = raw[parameter.name] ?? ''
      const wrong = (name: string, detail: string) => errors.push({ pointer: `/path/${name}`, detail })
      if (text.includes('\0')) wrong(parameter.name, NUL_REMEDY)
      else readInto(values, parameter, text, wrong)
    }
    if (errors.length === 0) errors.push(...check(values))
    if (errors.length > 0) throw badRequest(errors)
    return values
  }
}

function readInto(
  values: Record<string, unknown>,
  parameter: Parameter,
  text: string,
  wrong: (name: string, detail: string) => void,
): void {
  const texts = parameter.list ? text.split(',') : [text]
  const read = texts.map((one) => readValue(parameter.kind, one))
  if (read.includes(undefined)) wrong(parameter.name, remedy(parameter.kind, text))
  else if (parameter.list) values[parameter.name] = [...((values[parameter.name] as unknown[]) ?? []), ...read]
  else values[parameter.name] = read[0]
}

function readValue(kind: Kind, text: string): unknown {
  switch (kind) {
    case 'integer':
      return /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined
    case 'number':
      return /^[0-9]{1,15}(\.[0-9]{1,15})?$/.test(text) ? Number(text) : undefined
    case 'boolean':
      // Documented clients print `True` and `False`.
      return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined
    default:
      return text
  }
}

function remedy(kind: Kind, text: string): string {
  if (kind === 'boolean') return `Must be true or false, was ${shown(text)}.`
  return `Must be a ${kind === 'integer' ? 'whole number' : 'number'} written in digits only, was ${shown(text)}.`
}

function parameterOf(name: string, schema: unknown): Parameter {
  const { type, items } = (schema ?? {}) as { type?: string; items?: { type?: string } }
  if (type === 'array') return { name, kind: kindOf(items?.type), list: true }
  return { name, kind: kindOf(type), list: false }
}

function kindOf(type: string | undefined): Kind {
  return type === 'integer' || type === 'number' || type === 'boolean' ? type : 'string'
}

function splitPart(part: string): [string, string] {
  const equals = part.indexOf('=')
  const name = equals < 0 ? part : part.slice(0, equals)
  const value = equals < 0 ? '' : part.slice(equals + 1)
  return [decode(name, '/query'), decode(value, '/query')]
}

/** Percent-decodes one part of a query or form. Throws a 400 on broken escapes and on NUL, which PostgreSQL cannot store. */
export function decode(text: string, pointer: string): string {
  const plain = text.replaceAll('+', ' ')
  if (!plain.includes('%')) return plain
  let decoded: string
  try {
    decoded = decodeURIComponent(plain)
  } catch {
    throw badRequest([{ pointer, detail: `${shown(text)} has broken percent escapes: encode it as UTF-8.` }])
  }
  if (decoded.includes('\0')) throw badRequest([{ pointer, detail: `${shown(text)}: ${NUL_REMEDY}` }])
  return decoded
}

function tooMany(count: number) {
  return badRequest([{ pointer: '/query', detail: `Has ${count} parameters; at most ${MOST_PARAMETERS} are read.` }])
}

const exact = (name: string) => name
const lenient = (name: string) => name.replace(/\s+/g, '').toLowerCase()
