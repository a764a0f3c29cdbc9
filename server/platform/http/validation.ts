import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { FieldError } from '../../kernel/errors.ts'
import { quoted, repeated } from '../../kernel/repeatable.ts'

/** Says what is wrong with a value; an empty list: it fits. */
export type Check = (value: unknown) => FieldError[]

type JsonSchema = Record<string, unknown>
type Flaw = {
  keyword: string
  schemaPath: string
  instancePath: string
  params: Record<string, unknown>
  message: string
}

/** Compiles a schema once. `base` begins every pointer: `/query`, `/body`, `/path`. Nothing is coerced, filled in or removed. */
export function compileCheck(schema: TSchema, base: string): Check {
  const validator = Compile(schema)
  return (value) => {
    if (validator.Check(value)) return []
    return explain(validator.Errors(value) as Flaw[], schema as JsonSchema, value, base)
  }
}

function explain(flaws: Flaw[], schema: JsonSchema, value: unknown, base: string): FieldError[] {
  const errors: FieldError[] = []
  for (const flaw of flaws) {
    if (flaw.keyword === 'boolean' || !helps(flaw, flaws)) continue
    const part = (at(schema, flaw.schemaPath.slice(1)) ?? {}) as JsonSchema
    errors.push(...explainOne(flaw, part, at(value, flaw.instancePath), base))
  }
  return errors.length > 0 ? errors : [{ pointer: base, detail: 'Does not have the form asked for.' }]
}

/**
 * A union reports every branch and then itself. Where the value is of the kind of just one branch (a text that is too long
 * where text or null may stand), what is wrong with it there helps; else the union's own line does.
 */
function helps(flaw: Flaw, flaws: Flaw[]): boolean {
  if (flaw.keyword === 'anyOf' && meantBranch(flaw, flaws) !== null) return false
  return flaws.every((union) => {
    if (union.keyword !== 'anyOf' || !flaw.schemaPath.startsWith(`${union.schemaPath}/anyOf/`)) return true
    const meant = meantBranch(union, flaws)
    return meant !== null && isWithin(flaw, meant)
  })
}

/** The path of the one branch of a union that takes values of this kind; null: none or several do. */
function meantBranch(union: Flaw, flaws: Flaw[]): string | null {
  const prefix = `${union.schemaPath}/anyOf/`
  const branches = new Set(
    flaws
      .filter(({ schemaPath }) => schemaPath.startsWith(prefix))
      .map(({ schemaPath }) => prefix + schemaPath.slice(prefix.length).split('/')[0]),
  )
  const fitting = [...branches].filter(
    (branch) =>
      !flaws.some(
        (flaw) =>
          flaw.instancePath === union.instancePath &&
          isWithin(flaw, branch) &&
          ['type', 'const', 'enum', 'anyOf'].includes(flaw.keyword),
      ),
  )
  return fitting.length === 1 ? (fitting[0] ?? null) : null
}

function isWithin(flaw: Flaw, branch: string): boolean {
  return flaw.schemaPath === branch || flaw.schemaPath.startsWith(`${branch}/`)
}

function explainOne(flaw: Flaw, schema: JsonSchema, value: unknown, base: string): FieldError[] {
  const pointer = base + flaw.instancePath
  const inside = (name: unknown, detail: string) => ({
    pointer: `${pointer}/${escapePointer(repeated(String(name)))}`,
    detail,
  })
  switch (flaw.keyword) {
    case 'required':
      return names(flaw.params.requiredProperties).map((name) => inside(name, `Missing: give ${name}.`))
    case 'additionalProperties': {
      const known = Object.keys((schema.properties ?? {}) as JsonSchema)
      return names(flaw.params.additionalProperties).map((name) => inside(name, unknownName(known)))
    }
    default:
      return [{ pointer, detail: describe(flaw, schema, value) }]
  }
}

/** The remedy for a name nobody knows. */
export function unknownName(known: readonly string[]): string {
  if (known.length === 0) return 'Unknown: nothing can be given here. Leave it out.'
  return `Unknown: leave it out, or check its spelling. Known here: ${known.join(', ')}.`
}

function describe(flaw: Flaw, schema: JsonSchema, value: unknown): string {
  switch (flaw.keyword) {
    case 'type':
      return `Must be ${kindOf(schema)}, was ${shown(value)}.`
    case 'minimum':
    case 'maximum':
      return `Must be ${range(schema.minimum, schema.maximum)}, was ${shown(value)}.`
    case 'minLength':
    case 'maxLength':
      return `Must have ${range(schema.minLength, schema.maxLength)} characters, has ${[...String(value)].length}.`
    case 'minItems':
    case 'maxItems':
      return `Must have ${range(schema.minItems, schema.maxItems)} entries, has ${Array.isArray(value) ? value.length : 0}.`
    case 'uniqueItems':
      return 'Names an entry twice: give each once.'
    case 'format':
      return `Must be ${FORMATS[String(schema.format)] ?? `in the format ${schema.format}`}, was ${shown(value)}.`
    case 'pattern':
      return `Must match ${schema.pattern}${schema.description ? ` (${schema.description})` : ''}, was ${shown(value)}.`
    case 'enum':
    case 'const':
    case 'anyOf':
      return `Must be ${kindOf(schema)}, was ${shown(value)}.`
    default:
      return `${flaw.message[0]?.toUpperCase()}${flaw.message.slice(1)}; was ${shown(value)}.`
  }
}

const FORMATS: Record<string, string> = {
  uuid: 'a GUID such as 5fd8e3f1-10f0-4ae6-9c1d-0b8a5f2e7d31',
  'date-time': 'an instant such as 2026-01-31T08:00:00Z',
  date: 'a day such as 2026-01-31',
  uri: 'a URL such as https://example.com/path',
  email: 'a mail address',
}

function kindOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (Array.isArray(schema.enum)) return oneOf(schema.enum.map((one) => JSON.stringify(one)))
  if (Array.isArray(schema.anyOf)) return oneOf((schema.anyOf as JsonSchema[]).map(kindOf))
  const kind = String(schema.type ?? 'another value')
  return (KINDS as Record<string, string>)[kind] ?? kind
}

const KINDS = {
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  string: 'text',
  array: 'a list',
  object: 'an object',
} as const

function oneOf(choices: string[]): string {
  return choices.length > 1 ? `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}` : (choices[0] ?? 'nothing')
}

function range(from: unknown, to: unknown): string {
  if (from !== undefined && to !== undefined) return `${from} to ${to}`
  return from !== undefined ? `at least ${from}` : `at most ${to}`
}

/** A value as it may be repeated to its sender: short, on one line, and never what may be a secret. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return JSON.stringify(value)
  return KINDS[Array.isArray(value) ? 'array' : 'object']
}

function names(list: unknown): string[] {
  return Array.isArray(list) ? list.map(String) : []
}

function at(root: unknown, pointer: string): unknown {
  let value = root
  for (const step of pointer.split('/').slice(1)) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as JsonSchema)[step.replaceAll('~1', '/').replaceAll('~0', '~')]
  }
  return value
}

/** One step of a JSON pointer. */
export function escapePointer(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1')
}
