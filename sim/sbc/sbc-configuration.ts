import { TABLES, type TableSpec } from './sbc-tables.ts'

/** One row; its children by the words of their table. */
export interface Row {
  values: Map<string, string>
  children: Map<string, Rows>
}
/** Rows of one table by index. */
export type Rows = Map<number, Row>

/** The tables of a device, as running or as saved. */
export type Configuration = Map<string, Rows>

export function emptyConfiguration(): Configuration {
  return new Map(TABLES.map(({ words }) => [words, new Map()]))
}

export function newRow(table: TableSpec): Row {
  return { values: new Map(), children: new Map(table.children.map(({ words }) => [words, new Map()])) }
}

export function copyConfiguration(from: Configuration): Configuration {
  return new Map([...from].map(([words, rows]) => [words, copyRows(rows)]))
}

function copyRows(rows: Rows): Rows {
  return new Map([...rows].map(([index, row]) => [index, copyRow(row)]))
}

export function copyRow({ values, children }: Row): Row {
  return { values: new Map(values), children: new Map([...children].map(([words, rows]) => [words, copyRows(rows)])) }
}

export function findByName(table: TableSpec, rows: Rows, name: string): number | undefined {
  for (const [index, row] of rows) if (row.values.get(table.nameParameter) === name) return index
  return undefined
}

export function firstFreeIndex(rows: Rows): number {
  let index = 0
  while (rows.has(index)) index += 1
  return index
}

/** Who refers to a row by its name: words of the table and index, or undefined. */
export function whoRefersTo(configuration: Configuration, words: string, name: string): string | undefined {
  for (const table of TABLES) {
    for (const [index, row] of configuration.get(table.words) ?? []) {
      for (const [parameter, spec] of Object.entries(table.parameters)) {
        if (spec.refersTo === words && row.values.get(parameter) === name) return `${table.words} ${index}`
      }
    }
  }
  return undefined
}

/** As `show running-config voip` prints it. Passwords are shown as the device keeps them, not as they were entered. */
export function printConfiguration(configuration: Configuration): string {
  const lines = ['configure voip']
  for (const table of TABLES) printTable(table, configuration.get(table.words) ?? new Map(), 1, lines)
  lines.push('exit')
  return lines.join('\n')
}

function printTable(table: TableSpec, rows: Rows, depth: number, lines: string[]): void {
  const indent = ' '.repeat(depth)
  for (const [index, row] of [...rows].sort(([a], [b]) => a - b)) {
    lines.push(`${indent}${table.words} ${index}`)
    for (const [parameter, value] of row.values) {
      if (value !== '') lines.push(`${indent} ${parameter} ${shown(parameter, value)}`)
    }
    for (const child of table.children) printTable(child, row.children.get(child.words) ?? new Map(), depth + 1, lines)
    lines.push(`${indent} activate`, `${indent}exit`)
  }
}

function shown(parameter: string, value: string): string {
  if (parameter === 'password')
    return `$1$${Buffer.from(value).toString('base64').split('').reverse().join('')} obscured`
  return /^[\w.:-]+$/.test(value) && !/name|prefix|tag|description|profile|address/.test(parameter)
    ? value
    : `"${value}"`
}

/** As it is written to a file, and read from it. */
export function configurationText(configuration: Configuration): string {
  return JSON.stringify([...configuration].map(([words, rows]) => [words, rowsForFile(rows)]))
}

type FiledRows = [number, [string, string][], [string, FiledRows][]][]

function rowsForFile(rows: Rows): FiledRows {
  return [...rows].map(([index, { values, children }]) => [
    index,
    [...values],
    [...children].map(([words, below]) => [words, rowsForFile(below)]),
  ])
}

export function readConfiguration(text: string): Configuration {
  const filed = JSON.parse(text) as [string, FiledRows][]
  return new Map(filed.map(([words, rows]) => [words, rowsFromFile(rows)]))
}

function rowsFromFile(filed: FiledRows): Rows {
  return new Map(
    filed.map(([index, values, children]) => [
      index,
      { values: new Map(values), children: new Map(children.map(([words, rows]) => [words, rowsFromFile(rows)])) },
    ]),
  )
}
