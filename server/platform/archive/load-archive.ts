import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { databaseFailed, enterTransaction, leave } from './archive-connection.ts'
import { ANOTHER_COPY, ArchiveError } from './archive-error.ts'
import {
  type ArchivedTable,
  type ArchiveTrailer,
  damaged,
  parseSignature,
  parseTableLine,
  parseTrailer,
} from './archive-format.ts'
import { type CatalogueTable, copyTarget, readTables } from './catalogue.ts'
import { type ClearedTable, clearTheWay, putBack } from './clear-the-way.ts'
import type { OpenArchive } from './read-archive.ts'

export type LoadSettings = {
  /** The login that owns the tables, on a database that has had exactly the migrations of the header. */
  ownerUrl: string
  /** Whether one of the master keys here made this signature; null: they are not here, and that is known. */
  verify: ((text: string, signature: string) => boolean) | null
  onProgress?: (table: string) => void
}

export type LoadedArchive = { rows: number; tables: number }

const LINE_END = 0x0a

/**
 * Loads an export into an empty database, in one transaction: all of it, or nothing, whatever ends it in the middle. Every
 * row is checked as any other is (keys, references, conditions), and the whole against what the file says of itself.
 * Throws `ArchiveError`.
 */
export async function loadArchive(archive: OpenArchive, settings: LoadSettings): Promise<LoadedArchive> {
  const client = await enterTransaction(settings.ownerUrl, '')
  try {
    const tables = await readTables(client)
    refuseOtherTables(archive.header.tables, tables)
    const cleared = await clearTheWay(client, tables)
    await refuseFullDatabase(client, tables, archive.header.installation.id)
    const counts = await loadTables(client, archive, settings)
    const trailer = await checkEnd(archive, counts, settings.verify)
    await finish(client, cleared, trailer)
    return summed(counts)
  } catch (error) {
    throw error instanceof ArchiveError || !isOfDatabase(error) ? error : databaseFailed(error)
  } finally {
    leave(client)
  }
}

/** Order apart, the file and the database must have the same tables with the same columns. */
function refuseOtherTables(archived: readonly ArchivedTable[], found: readonly CatalogueTable[]): void {
  const words = (tables: readonly ArchivedTable[]) => new Set(tables.map((table) => copyTarget(table)))
  const [theirs, ours] = [words(archived), words(found)]
  const strange = [...theirs.symmetricDifference(ours)][0]
  if (strange === undefined && archived.length === found.length) return
  throw new ArchiveError(
    'other-schema',
    `The file and this version of Leadline do not have the same tables: ${strange ?? 'one is named twice'}.`,
    'Import it with the version that wrote it.',
  )
}

/** The mark of the very installation that the file is of may be there: a first try may have got so far. */
async function refuseFullDatabase(client: pg.Client, tables: CatalogueTable[], id: string): Promise<void> {
  await client.query({ text: 'delete from installation where id::text = $1', values: [id] })
  for (const { name } of tables) {
    const { rows } = await client.query<{ full: boolean }>(
      `select exists (select from ${pg.escapeIdentifier(name)}) as full`,
    )
    if (!rows[0]?.full) continue
    if (name === 'installation')
      throw new ArchiveError(
        'other-installation',
        'The database is marked as that of another installation than the one in the file.',
        'Set LEADLINE_DATA_DIR to a new folder, or DATABASE_URL to an empty database.',
      )
    throw new ArchiveError(
      'not-empty',
      `The database is not empty: there are rows in ${name}. An import never mixes with what is there.`,
      'Set LEADLINE_DATA_DIR to a new folder, or DATABASE_URL to an empty database.',
    )
  }
}

async function loadTables(
  client: pg.Client,
  { header, lines }: OpenArchive,
  { onProgress }: LoadSettings,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of header.tables) {
    if (parseTableLine(await lines.line()) !== table.name) throw damaged(`${table.name} is not where it should be`)
    onProgress?.(table.name)
    const copy = client.query(copyFrom(`copy ${copyTarget(table)} from stdin`))
    try {
      await pipeline(lines.rows(), copy)
    } catch (error) {
      throw isOfDatabase(error) && isOfRows(error) ? damaged(`a row of ${table.name} does not fit`, error) : error
    }
    counts[table.name] = copy.rowCount
  }
  return counts
}

/** Reads an export to its end without a database: whether it is whole, and says of itself what it holds. Closes it. */
export async function checkArchive(
  archive: OpenArchive,
  verify: LoadSettings['verify'] = null,
): Promise<LoadedArchive> {
  const { header, lines } = archive
  const counts: Record<string, number> = {}
  try {
    for (const table of header.tables) {
      if (parseTableLine(await lines.line()) !== table.name) throw damaged(`${table.name} is not where it should be`)
      counts[table.name] = await countLines(lines.rows())
    }
    await checkEnd(archive, counts, verify)
    return summed(counts)
  } finally {
    archive.close()
  }
}

async function countLines(rows: AsyncIterable<Buffer>): Promise<number> {
  let count = 0
  for await (const piece of rows)
    for (let at = piece.indexOf(LINE_END); at >= 0; at = piece.indexOf(LINE_END, at + 1)) count++
  return count
}

function summed(counts: Record<string, number>): LoadedArchive {
  const each = Object.values(counts)
  return { rows: each.reduce((sum, count) => sum + count, 0), tables: each.length }
}

async function checkEnd(
  { lines }: OpenArchive,
  counts: Record<string, number>,
  verify: LoadSettings['verify'],
): Promise<ArchiveTrailer> {
  const text = await lines.line()
  const trailer = parseTrailer(text)
  if (trailer.sha256 !== lines.digestBefore) throw damaged('its checksum is another one')
  for (const [name, count] of Object.entries(counts))
    if (trailer.tables[name] !== count) throw damaged(`${name} has ${count} rows, not ${trailer.tables[name]}`)
  const signature = parseSignature(await lines.line())
  if ((await lines.line()) !== null) throw damaged('something follows its end')
  if (verify && !verify(text ?? '', signature))
    throw new ArchiveError(
      'altered',
      'The file was altered after it was written: its signature is wrong.',
      ANOTHER_COPY,
    )
  return trailer
}

async function finish(client: pg.Client, cleared: ClearedTable[], { sequences }: ArchiveTrailer): Promise<void> {
  for (const { name, lastValue, isCalled } of sequences)
    await client.query('select setval($1::regclass, $2::bigint, $3)', [pg.escapeIdentifier(name), lastValue, isCalled])
  try {
    await client.query('set constraints all immediate')
  } catch (error) {
    throw isOfRows(error) ? damaged('a row refers to one that is not there', error) : error
  }
  await putBack(client, cleared)
  await client.query('commit')
  // Plans go by what the planner knows of the tables: nothing, so far. Outside of the import, which is done.
  await client.query('analyze')
}

const sqlState = (error: unknown) => (error as { code?: unknown }).code
const isOfDatabase = (error: unknown) =>
  error instanceof pg.DatabaseError || /connection terminated/i.test(String(error))
/** Of the classes 22 (a value cannot be read) and 23 (a condition does not hold). */
const isOfRows = (error: unknown) => /^2[23]/.test(String(sqlState(error)))
