import { ANOTHER_COPY, ArchiveError } from './archive-error.ts'

/**
 * An export is text, compressed with zstd. Its lines:
 *
 *     {"format":"leadline-export",…}     the header
 *     {"table":"operator"}               then the rows as COPY writes them, then a line `\.`; so for every table
 *     {"tables":{"operator":2,…},…}      the trailer: what a whole file has
 *     {"signature":"v1.…"}               of the trailer's line, by the master key
 *
 * `zstd -dc FILE | less` shows it, and every table in it can be loaded by hand with `\copy`.
 */
export const FORMAT = 'leadline-export'
/** Raised when an older program could not read what a newer one writes. */
export const FORMAT_VERSION = 1

/** Lines of ours are short; a longer one is something else. */
export const LINE_BYTES_MAX = 4_194_304
export const END_OF_ROWS = '\\.'

export type ArchivedTable = { name: string; columns: string[] }

export type ArchiveHeader = {
  format: typeof FORMAT
  formatVersion: number
  /** RFC 3339. */
  createdAt: string
  /** Version of the program that wrote it. */
  leadline: string
  /** Of the server, as it says it. */
  postgresql: string
  installation: ArchivedInstallation
  /** Names of the migrations that the database had had, in order. */
  migrations: string[]
  /** Ids of the master keys that sealed or signed something in it; never a key. */
  masterKeys: string[]
  /** In the order in which they follow: a table comes after those it refers to. */
  tables: ArchivedTable[]
}

export type ArchivedInstallation = {
  id: string
  kind: 'sandbox' | 'production'
  /** RFC 3339. */
  createdAt: string
  /** Leads that the simulator was asked for; sandbox only. */
  sandboxLeads?: number
}

export type ArchivedSequence = { name: string; lastValue: string; isCalled: boolean }

export type ArchiveTrailer = {
  /** Rows of each table. */
  tables: Record<string, number>
  sequences: ArchivedSequence[]
  /** Of all lines before this one, hexadecimal. */
  sha256: string
}

/** Reads the first line. Throws `ArchiveError` on anything but a header of this or an older version of the format. */
export function parseHeader(line: string | null): ArchiveHeader {
  const header = parseObject(line)
  if (header?.format !== FORMAT) throw notAnExport()
  const { formatVersion } = header
  if (typeof formatVersion !== 'number') throw notAnExport()
  if (formatVersion > FORMAT_VERSION)
    throw new ArchiveError(
      'newer-version',
      `The file was written by Leadline ${String(header.leadline)}, in a format that this version does not know (${formatVersion}, here ${FORMAT_VERSION}).`,
      'Import it with that version, or a newer one.',
    )
  if (!isHeader(header)) throw damaged('its first line says too little')
  return header
}

export function parseTrailer(line: string | null): ArchiveTrailer {
  if (line === null) throw cut()
  const trailer = parseObject(line)
  const isWhole =
    trailer && isCounts(trailer.tables) && isListOf(trailer.sequences, isSequence) && typeof trailer.sha256 === 'string'
  if (!isWhole) throw damaged('its last lines cannot be read')
  return trailer as ArchiveTrailer
}

export function parseSignature(line: string | null): string {
  if (line === null) throw cut()
  const signature = parseObject(line)?.signature
  if (typeof signature !== 'string') throw damaged('its last line is no signature')
  return signature
}

/** The line before a table's rows: its name. */
export function parseTableLine(line: string | null): string {
  if (line === null) throw cut()
  const table = parseObject(line)?.table
  if (typeof table !== 'string') throw damaged('a table is missing')
  return table
}

export function notAnExport(cause?: unknown): ArchiveError {
  return new ArchiveError(
    'not-an-export',
    'This is no export of Leadline.',
    'Name a file that leadline export or leadline backup has made.',
    cause,
  )
}

export function cut(cause?: unknown): ArchiveError {
  return new ArchiveError('cut', 'The file ends too early: a part of it is missing.', ANOTHER_COPY, cause)
}

export function damaged(how: string, cause?: unknown): ArchiveError {
  return new ArchiveError('damaged', `The file is damaged: ${how}.`, ANOTHER_COPY, cause)
}

type Fields = Record<string, unknown>

function parseObject(line: string | null): Fields | null {
  try {
    const value: unknown = JSON.parse(line ?? '')
    return isObject(value) ? value : null
  } catch {
    // What it is instead is told by whoever expected it.
    return null
  }
}

function isHeader(value: Fields): value is Fields & ArchiveHeader {
  const { createdAt, leadline, postgresql, installation, migrations, masterKeys, tables } = value
  const texts = [createdAt, leadline, postgresql].every((text) => typeof text === 'string')
  return (
    texts &&
    isInstallation(installation) &&
    isListOf(migrations, isText) &&
    isListOf(masterKeys, isText) &&
    isListOf(tables, isTable)
  )
}

function isInstallation(value: unknown): boolean {
  return (
    isObject(value) &&
    isText(value.id) &&
    (value.kind === 'sandbox' || value.kind === 'production') &&
    isText(value.createdAt) &&
    (value.sandboxLeads === undefined || typeof value.sandboxLeads === 'number')
  )
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown) => typeof value === 'string'
const isListOf = (value: unknown, isItem: (item: unknown) => boolean) => Array.isArray(value) && value.every(isItem)
const isTable = (value: unknown) => isObject(value) && isText(value.name) && isListOf(value.columns, isText)
const isCounts = (value: unknown) => isObject(value) && Object.values(value).every(Number.isSafeInteger)
const isSequence = (value: unknown) =>
  isObject(value) && isText(value.name) && /^\d+$/.test(String(value.lastValue)) && typeof value.isCalled === 'boolean'
