import { SbcError } from '../sbc-error.ts'
import { MEDIANT_TABLES, type TableSpec, tableOfLine, wordsOf } from './mediant-tables.ts'

/** A row as the device shows it. */
export type DeviceRow = {
  index: number
  values: Map<string, string>
  /** Parameters that are shown in other words than they were told: passwords. */
  hidden: Set<string>
  /** By the words of their table. */
  children: Map<string, DeviceRow[]>
}

/** Rows of the tables that the driver knows; what else the device has is passed over. */
export type DeviceConfiguration = Map<string, DeviceRow[]>

type Block = { line: string; below: Block[] }

/** Reads what `show running-config voip` prints. Throws `malformed` for what is no configuration. */
export function readConfiguration(output: string): DeviceConfiguration {
  const voip = blocksOf(output).filter(({ line }) => line === 'configure voip')
  if (voip.length === 0) {
    throw new SbcError({
      kind: 'malformed',
      operation: 'read',
      detail: 'What the SBC shows is no running configuration.',
    })
  }
  const read: DeviceConfiguration = new Map(MEDIANT_TABLES.map(({ words }) => [words, []]))
  for (const { below } of voip) readRows(MEDIANT_TABLES, below, read)
  return read
}

export function rowByKey(table: TableSpec, rows: readonly DeviceRow[] | undefined, key: string): DeviceRow | undefined {
  if (!rows) return undefined
  if (table.key === null) return rows[Number(key)]
  const parameter = table.key
  return rows.find(({ values }) => values.get(parameter) === key)
}

function readRows(tables: readonly TableSpec[], blocks: readonly Block[], into: Map<string, DeviceRow[]>): void {
  for (const { line, below } of blocks) {
    const words = wordsOf(line)?.map(({ text }) => text) ?? []
    const found = tableOfLine(tables, words)
    const index = Number(found?.rest[0])
    if (found?.rest.length !== 1 || !Number.isInteger(index)) continue
    const row = readRow(found.table, index, below)
    const rows = into.get(found.table.words) ?? []
    rows.push(row)
    into.set(found.table.words, rows)
  }
}

function readRow(table: TableSpec, index: number, blocks: readonly Block[]): DeviceRow {
  const row: DeviceRow = { index, values: new Map(), hidden: new Set(), children: new Map() }
  for (const { line } of blocks) {
    const words = wordsOf(line)?.map(({ text }) => text) ?? []
    const [parameter = '', value] = words
    if (value === undefined || tableOfLine(table.children, words)) continue
    row.values.set(parameter, value)
    if (words.length === 3 && (words[2] === 'obscured' || words[2] === 'encrypted')) row.hidden.add(parameter)
  }
  readRows(table.children, blocks, row.children)
  return row
}

/** The lines as a tree, by how far they are moved in. `exit` and `activate` say nothing that this does not. */
function blocksOf(text: string): Block[] {
  const root: Block = { line: '', below: [] }
  const path: { depth: number; block: Block }[] = [{ depth: -1, block: root }]
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim()
    if (line === '' || line === 'exit' || line === 'activate' || line.startsWith('!') || line.startsWith('#')) continue
    const depth = raw.length - raw.trimStart().length
    while ((path.at(-1)?.depth ?? -1) >= depth) path.pop()
    const block: Block = { line, below: [] }
    path.at(-1)?.block.below.push(block)
    path.push({ depth, block })
  }
  return root.below
}
