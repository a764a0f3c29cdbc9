/**
 * Script templates: lines of a device's language with `{{Variable}}` in them, and blocks of lines `{{#if Variable}}` …
 * `{{/if}}` that are left out where the variable is empty. Pure. No value can break out of its line or its quotes:
 * what could is refused, by name. Source: issue 7, 2.
 */

export type VariableType =
  | 'text' // printable, without quotes and backslashes
  | 'label' // free text for people; what the device cannot take is replaced
  | 'word' // letters, digits and . _ - : @ / + =
  | 'number'
  | 'host' // name or IP address, with or without a port
  | 'choice'
  | 'secret' // as text; shown nowhere

export type TemplateVariable = {
  /** As it stands in the script: a letter, then letters, digits, _; at most 60. */
  name: string
  type: VariableType
  title: string
  help: string
  required: boolean
  /** Used where nothing is given. */
  default: string | null
  /** Of the type `choice`. */
  choices?: string[] | undefined
  /** Characters of a text, default 100. */
  lengthMax?: number | undefined
  /** Of the type `number`. */
  minimum?: number | undefined
  maximum?: number | undefined
}

export type VariableProblem = { variable: string; detail: string }

export type RenderedScript = {
  /** For the device, secrets in it. */
  script: string
  /** For people: secrets replaced by `<Name>`. */
  shown: string
  /** The secret values, to be masked wherever the device repeats them. */
  secrets: string[]
}

export type Rendering = { ok: true; rendered: RenderedScript } | { ok: false; problems: VariableProblem[] }

export const SCRIPT_LENGTH_MAX = 100_000
export const VARIABLES_MAX = 100
const LENGTH_MAX = 100
const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,59}$/

/** Variables without regard to letter case and blanks, as documented callers write them ("Cac Profile"). Source: rest-api.md S2, 1.9. */
export function foldVariable(name: string): string {
  return name.replaceAll(' ', '').toLowerCase()
}

/** What is wrong with a template: unknown variables, blocks that do not close, names given twice. */
export function templateProblems(script: string, variables: readonly TemplateVariable[]): VariableProblem[] {
  const problems: VariableProblem[] = []
  const known = new Set<string>()
  for (const { name, type, choices } of variables) {
    if (!NAME.test(name)) problems.push({ variable: name, detail: 'A name is a letter, then letters, digits and _.' })
    if (known.has(foldVariable(name))) problems.push({ variable: name, detail: 'This variable is declared twice.' })
    if (type === 'choice' && !choices?.length) problems.push({ variable: name, detail: 'A choice needs its choices.' })
    known.add(foldVariable(name))
  }
  const open: string[] = []
  script.split('\n').forEach((line, index) => {
    const block = readBlock(line)
    if (block?.kind === 'if') open.push(block.name)
    if (block?.kind === 'end' && open.pop() === undefined) {
      problems.push({ variable: '', detail: `Line ${index + 1}: {{/if}} without {{#if …}}.` })
    }
    const named = block
      ? block.kind === 'if'
        ? [block.name]
        : []
      : [...line.matchAll(PLACEHOLDER)].map(([, n]) => n ?? '')
    for (const name of named) {
      if (known.has(foldVariable(name))) continue
      problems.push({ variable: name, detail: `Line ${index + 1} uses {{${name}}}, which is not among the variables.` })
    }
    if (!block && /\{\{|\}\}/.test(line.replaceAll(PLACEHOLDER, ''))) {
      problems.push({ variable: '', detail: `Line ${index + 1} has a brace pair that does not close.` })
    }
  })
  for (const name of open) problems.push({ variable: name, detail: `{{#if ${name}}} is never closed.` })
  return problems
}

/**
 * The script for these values; every wrong, missing and unknown variable is named at once. Values are kept to their type
 * whether or not the script uses them.
 */
export function renderScript(
  template: { script: string; variables: readonly TemplateVariable[] },
  given: Readonly<Record<string, string>>,
): Rendering {
  const problems = templateProblems(template.script, template.variables)
  const values = readValues(template.variables, given, problems)
  if (problems.length > 0) return { ok: false, problems }
  const secretNames = new Set(
    template.variables.filter(({ type }) => type === 'secret').map(({ name }) => foldVariable(name)),
  )
  const lines = chosenLines(template.script, values)
  const write = (masked: boolean) =>
    lines
      .map((line) =>
        line.replaceAll(PLACEHOLDER, (_all, name: string) => {
          const key = foldVariable(name)
          return masked && secretNames.has(key) ? `<${name.trim()}>` : (values.get(key) ?? '')
        }),
      )
      .join('\n')
  const spoilt = unquotedProblems(lines, values)
  if (spoilt.length > 0) return { ok: false, problems: spoilt }
  const secrets = [...secretNames].map((name) => values.get(name) ?? '').filter((value) => value !== '')
  return { ok: true, rendered: { script: write(false), shown: write(true), secrets } }
}

function readValues(
  variables: readonly TemplateVariable[],
  given: Readonly<Record<string, string>>,
  problems: VariableProblem[],
): Map<string, string> {
  const declared = new Map(variables.map((variable) => [foldVariable(variable.name), variable]))
  const values = new Map<string, string>()
  for (const [name, value] of Object.entries(given)) {
    const variable = declared.get(foldVariable(name))
    if (!variable) problems.push({ variable: name, detail: `The script has no variable ${quoted(name)}.` })
    else values.set(foldVariable(name), value)
  }
  for (const variable of variables) {
    const key = foldVariable(variable.name)
    const value = (values.get(key) ?? '') === '' ? (variable.default ?? '') : (values.get(key) ?? '')
    if (value === '') {
      if (variable.required) problems.push({ variable: variable.name, detail: `${variable.title} is needed.` })
      values.set(key, '')
      continue
    }
    const read = readValue(variable, value)
    if (read.ok) values.set(key, read.value)
    else problems.push({ variable: variable.name, detail: read.reason })
  }
  return values
}

function readValue(
  variable: TemplateVariable,
  raw: string,
): { ok: true; value: string } | { ok: false; reason: string } {
  const { type, title } = variable
  const no = (reason: string) => ({ ok: false, reason: `${title}: ${reason}` }) as const
  if (type === 'label') return { ok: true, value: labelOf(raw, variable.lengthMax ?? LENGTH_MAX) }
  const lengthMax = variable.lengthMax ?? LENGTH_MAX
  if (raw.length > lengthMax) return no(`at most ${lengthMax} characters.`)
  if (/\p{Cc}|\p{Zl}|\p{Zp}/u.test(raw)) return no('no line breaks and no control characters.')
  if (/["\\]/.test(raw)) return no('no quotation marks and no backslashes.')
  if (/\{\{|\}\}/.test(raw)) return no('no pairs of braces.')
  if (!/^[\x20-\x7e]*$/.test(raw)) return no('only plain ASCII characters, which every device takes.')
  if (type === 'word' && !/^[A-Za-z0-9._:@/+=-]+$/.test(raw)) return no('letters, digits and . _ - : @ / + = only.')
  if (type === 'host' && !/^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?$/.test(raw)) {
    return no('a host name or an IP address, with or without a port.')
  }
  if (type === 'choice' && !variable.choices?.includes(raw)) return no(`one of ${(variable.choices ?? []).join(', ')}.`)
  if (type === 'number') {
    const { minimum = 0, maximum = 2_147_483_647 } = variable
    const number = Number(raw)
    if (!/^-?[0-9]{1,10}$/.test(raw) || number < minimum || number > maximum) {
      return no(`a whole number from ${minimum} to ${maximum}.`)
    }
  }
  return { ok: true, value: raw }
}

/** A name of a company may hold anything: what a device cannot take becomes something it can. */
function labelOf(raw: string, lengthMax: number): string {
  const plain = raw
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/["“”„«»]/g, "'")
    .replace(/\{\{|\}\}/g, ' ')
    .replace(/[^\x20-\x7e]|\\/g, ' ')
    .replace(/ +/g, ' ')
    .trim()
  return plain.slice(0, lengthMax).trim()
}

/** Outside of quotes a blank would begin another word of the line, and `!` or `#` a comment. */
function unquotedProblems(lines: readonly string[], values: ReadonlyMap<string, string>): VariableProblem[] {
  const problems = new Map<string, VariableProblem>()
  for (const line of lines) {
    for (const match of line.matchAll(PLACEHOLDER)) {
      const name = match[1] ?? ''
      const isQuoted = (line.slice(0, match.index).match(/"/g) ?? []).length % 2 === 1
      const value = values.get(foldVariable(name)) ?? ''
      if (isQuoted || /^[A-Za-z0-9._:@/+=-]+$/.test(value)) continue
      problems.set(foldVariable(name), {
        variable: name,
        detail:
          value === ''
            ? `The script needs a value for ${name}.`
            : `${name} stands without quotation marks in the script, so it can hold letters, digits and . _ - : @ / + = only.`,
      })
    }
  }
  return [...problems.values()]
}

type Block = { kind: 'if'; name: string } | { kind: 'end' }

function readBlock(line: string): Block | null {
  const opening = /^\s*\{\{#if\s+([^{}]+?)\s*\}\}\s*$/.exec(line)
  if (opening) return { kind: 'if', name: opening[1] ?? '' }
  return /^\s*\{\{\/if\}\}\s*$/.test(line) ? { kind: 'end' } : null
}

function chosenLines(script: string, values: ReadonlyMap<string, string>): string[] {
  const kept: string[] = []
  const open: boolean[] = []
  for (const line of script.split('\n')) {
    const block = readBlock(line)
    if (block?.kind === 'if') open.push((values.get(foldVariable(block.name)) ?? '') !== '')
    else if (block) open.pop()
    else if (open.every(Boolean)) kept.push(line.trimEnd())
  }
  return kept
}

const quoted = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
