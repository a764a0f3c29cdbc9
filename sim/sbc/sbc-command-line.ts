import {
  type Configuration,
  copyRow,
  findByName,
  firstFreeIndex,
  newRow,
  printConfiguration,
  type Row,
  type Rows,
  whoRefersTo,
} from './sbc-configuration.ts'
import { TABLES, type TableSpec } from './sbc-tables.ts'

export interface ScriptResult {
  /** What the device prints, up to the line that it refuses. */
  output: string
  /** Undefined: every line was taken. What came before the refused one has been applied all the same. */
  refusedLine: number | undefined
}

interface OpenRow {
  table: TableSpec
  rows: Rows
  index: number
  /** What is being entered: counts with `activate`. */
  draft: Row
  isActive: boolean
}

class Refused extends Error {}

const OUTPUT_LIMIT = 4_000_000
/** They wait for a person, or take the device away. */
const FORBIDDEN = new Set(['copy', 'reload', 'debug', 'ping', 'traceroute', 'write', 'clear', 'erase'])

/**
 * Runs a script line by line over a configuration, which it changes. `linesMax`: it stops after so many, as a device does
 * that restarts in the middle.
 */
export function runScript(
  configuration: Configuration,
  script: string,
  facts: string,
  linesMax = Infinity,
): ScriptResult {
  const session = new Session(configuration, facts)
  const lines = script.split(/\r?\n/)
  for (const [at, line] of lines.entries()) {
    if (at >= linesMax) break
    try {
      session.run(line)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      session.say(`% Line ${at + 1}: ${error.message}`)
      return { output: session.output, refusedLine: at + 1 }
    }
  }
  return { output: session.output, refusedLine: undefined }
}

class Session {
  output = ''
  private readonly configuration: Configuration
  private readonly facts: string
  private isInVoip = false
  private readonly open: OpenRow[] = []

  constructor(configuration: Configuration, facts: string) {
    this.configuration = configuration
    this.facts = facts
  }

  say(text: string): void {
    if (this.output.length + text.length > OUTPUT_LIMIT) throw new Refused('The output is too long')
    this.output += `${text}\n`
  }

  run(raw: string): void {
    const line = raw.trim()
    if (line === '' || line.startsWith('!') || line.startsWith('#')) return
    const words = splitWords(line)
    const [first = ''] = words
    if (FORBIDDEN.has(first)) throw new Refused(`Command "${first}" is not allowed in a CLI script`)
    if (first === 'show' || first === 'do') this.show(first === 'do' ? words.slice(1) : words)
    else if (line === 'configure voip') this.enterVoip()
    else if (line === 'exit') this.leave()
    else if (this.isInVoip) this.configure(words, line)
    else throw new Refused(`Invalid command: "${line}"`)
  }

  private configure(words: readonly string[], line: string): void {
    const [first = ''] = words
    const table = this.tableOf(words)
    if (line === 'activate') this.activate()
    else if (first === 'no') this.remove(words.slice(1), line)
    else if (table) this.openRow(table, words.slice(table.words.split(' ').length), line)
    else this.set(first, words.slice(1), line)
  }

  private enterVoip(): void {
    this.isInVoip = true
    this.open.length = 0
  }

  private leave(): void {
    const row = this.open.pop()
    if (row && !row.isActive)
      this.say(`Note: ${row.table.words} ${row.index} was left without activate; nothing was changed`)
    if (!row) this.isInVoip = false
  }

  private get here(): OpenRow | undefined {
    return this.open.at(-1)
  }

  /** A table of this level. */
  private tableOf(words: readonly string[]): TableSpec | undefined {
    const within = this.here
    const tables = within ? within.table.children : TABLES
    return tables.find(({ words: name }) => name === words.slice(0, name.split(' ').length).join(' '))
  }

  private rowsOf(table: TableSpec): Rows {
    const within = this.here
    const rows = within ? within.draft.children.get(table.words) : this.configuration.get(table.words)
    if (!rows) throw new Refused(`There is no table ${table.words} here`)
    return rows
  }

  private openRow(table: TableSpec, rest: readonly string[], line: string): void {
    const rows = this.rowsOf(table)
    const [key = ''] = rest
    if (rest.length !== 1) throw new Refused(`Incomplete command: "${line}"`)
    const isNew = key === 'new'
    const index = isNew ? firstFreeIndex(rows) : this.indexOf(table, rows, key)
    const there = rows.get(index)
    if (!there && rows.size >= table.rowsMax)
      throw new Refused(`The table ${table.words} is full (${table.rowsMax} rows)`)
    this.open.push({ table, rows, index, draft: there ? copyRow(there) : newRow(table), isActive: false })
  }

  private indexOf(table: TableSpec, rows: Rows, key: string): number {
    if (/^\d{1,6}$/.test(key)) return Number(key)
    const byName = table.nameParameter === '' ? undefined : findByName(table, rows, key)
    if (byName === undefined) throw new Refused(`There is no row "${key}" in ${table.words}`)
    return byName
  }

  private set(parameter: string, values: readonly string[], line: string): void {
    const row = this.here
    const spec = row?.table.parameters[parameter]
    if (!row || !spec) throw new Refused(`Invalid command: "${line}"`)
    const [value = ''] = values
    if (values.length !== 1) throw new Refused(`Invalid value in "${line}"`)
    if (value.length > spec.lengthMax)
      throw new Refused(`Value of ${parameter} is longer than ${spec.lengthMax} characters`)
    if (spec.choices && !spec.choices.includes(value)) throw new Refused(`Invalid value "${value}" for ${parameter}`)
    if (spec.refersTo !== undefined && value !== '') this.demandRow(spec.refersTo, value, parameter)
    row.draft.values.set(parameter, value)
    row.isActive = false
  }

  private demandRow(words: string, name: string, parameter: string): void {
    const table = TABLES.find((one) => one.words === words)
    const rows = this.configuration.get(words)
    if (table && rows && findByName(table, rows, name) !== undefined) return
    throw new Refused(`${parameter}: there is no row "${name}" in ${words}`)
  }

  private activate(): void {
    const row = this.here
    if (!row) throw new Refused('There is nothing to activate')
    const { table, rows, index, draft } = row
    for (const [parameter, spec] of Object.entries(table.parameters)) {
      if (spec.required && !draft.values.get(parameter))
        throw new Refused(`${table.words} ${index}: ${parameter} is missing`)
    }
    const name = draft.values.get(table.nameParameter)
    const other = name === undefined ? undefined : findByName(table, rows, name)
    if (other !== undefined && other !== index)
      throw new Refused(`${table.words}: the name "${name}" is in use by row ${other}`)
    rows.set(index, draft)
    row.isActive = true
  }

  private remove(words: readonly string[], line: string): void {
    const table = this.tableOf(words)
    const key = words.slice(table?.words.split(' ').length)[0]
    if (!table || key === undefined) throw new Refused(`Invalid command: "no ${line.slice(3)}"`)
    const rows = this.rowsOf(table)
    const index = this.indexOf(table, rows, key)
    const row = rows.get(index)
    if (!row) throw new Refused(`There is no row ${key} in ${table.words}`)
    const name = row.values.get(table.nameParameter)
    const user = name === undefined ? undefined : whoRefersTo(this.configuration, table.words, name)
    if (user !== undefined) throw new Refused(`${table.words} "${name}" is in use by ${user}`)
    rows.delete(index)
  }

  private show(words: readonly string[]): void {
    const line = words.join(' ')
    if (/^show (running-config|run)( voip)?$/.test(line)) this.say(printConfiguration(this.configuration))
    else if (line === 'show system version') this.say(this.facts)
    else if (/^show voip [a-z-]+( [a-z-]+)*$/.test(line)) this.say('(nothing to show)')
    else throw new Refused(`Invalid command: "${line}"`)
  }
}

/** Words of a line; what stands in quotation marks is one. */
function splitWords(line: string): string[] {
  const words: string[] = []
  for (const match of line.matchAll(/"([^"]*)"|(\S+)/g)) words.push(match[1] ?? match[2] ?? '')
  if ((line.match(/"/g) ?? []).length % 2 === 1) throw new Refused('Quotation marks do not close')
  return words
}
