import { SbcError } from '../sbc-error.ts'
import { MEDIANT_TABLES, type TableSpec, tableOfLine, wordsOf } from './mediant-tables.ts'

/** A row that a script wants to be there. */
export type WantedRow = {
  table: TableSpec
  /** By what it is known: for a row below another without such a thing, its place. */
  key: string
  /** `new`: to be made where it is not there · `named`: one that is there is meant. */
  selector: 'new' | 'named'
  values: Map<string, string>
  children: WantedRow[]
  /** A line `! shared` stands above it. */
  isShared: boolean
  /** Keys of rows below it that are to go. */
  goneChildren: { table: TableSpec; key: string }[]
  line: number
}

export type ScriptItem =
  | { kind: 'row'; row: WantedRow }
  | { kind: 'gone'; table: TableSpec; key: string; line: number }
  | { kind: 'show'; line: string }

type Word = { text: string; isQuoted: boolean }

const SHOWS_MAX = 20

/**
 * What a script wants, line by line. Throws `refused-line` with number and words of the line for what this driver cannot read
 * as a wish: it would have to be believed unseen.
 */
export function readScript(script: string): ScriptItem[] {
  return new ScriptReader().read(script)
}

/** Whether it has nothing but blanks and comments. */
export function isEmptyScript(script: string): boolean {
  return script.split(/\r?\n/).every((line) => isComment(line.trim()))
}

const isComment = (line: string) => line === '' || line.startsWith('!') || line.startsWith('#')

class ScriptReader {
  readonly #items: ScriptItem[] = []
  readonly #open: WantedRow[] = []
  #isInVoip = false
  #shows = 0
  #number = 0
  #isShared = false

  read(script: string): ScriptItem[] {
    for (const [at, raw] of script.split(/\r?\n/).entries()) {
      this.#number = at + 1
      const line = raw.trim()
      if (/^!\s*shared$/i.test(line)) this.#isShared = true
      if (!isComment(line)) this.#readLine(line)
    }
    if (this.#open.length > 0) this.#close()
    return this.#items
  }

  #readLine(line: string): void {
    const words = wordsOf(line)
    if (!words) throw this.#refuse(line, 'its quotation marks do not close')
    const [first = ''] = words.map(({ text }) => text)
    if (first === 'show') this.#show(line)
    else if (line === 'configure voip') this.#enterVoip()
    else if (line === 'exit') this.#exit()
    else if (!this.#isInVoip) throw this.#refuse(line, 'it stands outside of "configure voip"')
    else if (line !== 'activate') this.#configure(words, line)
  }

  #configure(words: Word[], line: string): void {
    const texts = words.map(({ text }) => text)
    const [first = ''] = texts
    const within = this.#open.at(-1)
    const found = tableOfLine(within ? within.table.children : MEDIANT_TABLES, texts)
    if (first === 'no') this.#remove(words.slice(1), line)
    else if (found) this.#openRow(found.table, words.slice(words.length - found.rest.length), line)
    else this.#set(first, texts.slice(1), line)
  }

  #enterVoip(): void {
    this.#close()
    this.#isInVoip = true
  }

  #show(line: string): void {
    this.#shows += 1
    if (this.#shows > SHOWS_MAX) throw this.#refuse(line, `a script may show at most ${SHOWS_MAX} things`)
    this.#items.push({ kind: 'show', line })
  }

  #exit(): void {
    const row = this.#open.pop()
    if (row) this.#finish(row)
    else this.#isInVoip = false
  }

  #close(): void {
    while (this.#open.length > 0) this.#exit()
  }

  #openRow(table: TableSpec, rest: Word[], line: string): void {
    const [selector] = rest
    if (!selector || rest.length !== 1)
      throw this.#refuse(line, 'it needs "new", or a name in quotation marks, after the table')
    const isNew = selector.text === 'new' && !selector.isQuoted
    if (!isNew && !selector.isQuoted) {
      throw this.#refuse(line, 'an index may belong to another row: say "new", or the name in quotation marks')
    }
    this.#open.push({
      table,
      key: isNew ? '' : selector.text,
      selector: isNew ? 'new' : 'named',
      values: new Map(),
      children: [],
      isShared: this.#isShared && this.#open.length === 0,
      goneChildren: [],
      line: this.#number,
    })
    this.#isShared = false
  }

  #finish(row: WantedRow): void {
    const parent = this.#open.at(-1)
    if (row.selector === 'new') {
      const key = row.table.key === null ? String(parent?.children.length ?? 0) : row.values.get(row.table.key)
      if (!key) throw this.#refuse(`${row.table.words} new`, `the row has no ${row.table.key}`, row.line)
      row.key = key
    }
    if (parent) parent.children.push(row)
    else this.#items.push({ kind: 'row', row })
  }

  #remove(words: Word[], line: string): void {
    const within = this.#open.at(-1)
    const texts = words.map(({ text }) => text)
    const found = tableOfLine(within ? within.table.children : MEDIANT_TABLES, texts)
    const name = words.at(-1)
    if (found?.rest.length !== 1 || !name?.isQuoted) {
      throw this.#refuse(line, 'it needs a table and a name in quotation marks: an index may belong to another row')
    }
    const { table } = found
    if (within) within.goneChildren.push({ table, key: name.text })
    else this.#items.push({ kind: 'gone', table, key: name.text, line: this.#number })
  }

  #set(parameter: string, values: readonly string[], line: string): void {
    const row = this.#open.at(-1)
    if (!row) throw this.#refuse(line, 'it is no table that this driver knows')
    const [value] = values
    if (value === undefined || values.length > 1 || !/^[a-z][a-z0-9-]*$/.test(parameter)) {
      throw this.#refuse(line, 'it is no parameter with one value')
    }
    row.values.set(parameter, value)
  }

  #refuse(line: string, why: string, number = this.#number): SbcError {
    const shown = line.length > 80 ? `${line.slice(0, 80)}…` : line
    return new SbcError({ kind: 'refused-line', operation: 'script', detail: `Line ${number}, ${shown}: ${why}.` })
  }
}
