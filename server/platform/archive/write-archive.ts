import { createHash } from 'node:crypto'
import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress, type ZstdCompress } from 'node:zlib'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { unlessSilent } from '../db/unless-silent.ts'
import { databaseFailed, enterTransaction, leave } from './archive-connection.ts'
import {
  type ArchivedInstallation,
  type ArchiveHeader,
  type ArchiveTrailer,
  END_OF_ROWS,
  FORMAT,
  FORMAT_VERSION,
} from './archive-format.ts'
import { type CatalogueTable, copyTarget, readMigrations, readSequences, readTables } from './catalogue.ts'

export type WriteSettings = {
  /** The login that owns the tables: it alone sees every row. */
  ownerUrl: string
  /** Version of this program. */
  leadline: string
  /** Asked within the snapshot. */
  installation(client: pg.ClientBase): Promise<ArchivedInstallation>
  /** Ids of the master keys that something in the snapshot needs. */
  masterKeys(client: pg.ClientBase): Promise<string[]>
  sign(text: string): string
  onProgress?: (done: { table: string; bytes: number }) => void
  signal?: AbortSignal
}

/** `bytes`: of the text, before it is compressed. */
export type WrittenArchive = { header: ArchiveHeader; trailer: ArchiveTrailer; rows: number; bytes: number }

/** zstd's own default; two megabytes of window. */
const ZSTD_LEVEL = 3
const BLOCK_BYTES = 256 * 1024
/** The database counts as gone when it sends nothing for so long although more is wanted. */
const SILENCE_MS = 60_000

/**
 * Writes one consistent snapshot of the whole database: a single REPEATABLE READ, read-only transaction, table by table as
 * COPY gives it, so that nothing is held but a few blocks. Others go on working meanwhile. Throws `ArchiveError` when the
 * database fails, and what `out` fails with.
 */
export async function writeArchive(out: Writable, settings: WriteSettings): Promise<WrittenArchive> {
  const client = await enterTransaction(settings.ownerUrl, 'isolation level repeatable read read only')
  try {
    const tables = await readTables(client)
    const header = await describe(client, tables, settings)
    const text = new Text(client, header, settings)
    const compress = createZstdCompress({
      params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL, [constants.ZSTD_c_checksumFlag]: 1 },
    })
    const { signal } = settings
    await Promise.all([
      writeInBlocks(text.parts(tables), compress),
      pipeline(compress, out, ...(signal ? [{ signal }] : [])),
    ])
    return text.written()
  } finally {
    leave(client)
  }
}

async function describe(
  client: pg.Client,
  tables: CatalogueTable[],
  { installation, masterKeys, leadline }: WriteSettings,
): Promise<ArchiveHeader> {
  const { rows } = await client.query<{ version: string }>(`select current_setting('server_version') as version`)
  return {
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    createdAt: new Date().toISOString(),
    leadline,
    postgresql: rows[0]?.version ?? '',
    installation: await installation(client),
    migrations: await readMigrations(client),
    masterKeys: await masterKeys(client),
    tables: tables.map(({ name, columns }) => ({ name, columns })),
  }
}

/** The text of an export as it comes into being, with what its last lines will say of it. */
class Text {
  readonly #client: pg.Client
  readonly #header: ArchiveHeader
  readonly #settings: WriteSettings
  readonly #hash = createHash('sha256')
  readonly #copies: { table: string; copy: { rowCount: number } }[] = []
  #trailer: ArchiveTrailer | null = null
  #bytes = 0

  constructor(client: pg.Client, header: ArchiveHeader, settings: WriteSettings) {
    this.#client = client
    this.#header = header
    this.#settings = settings
  }

  written(): WrittenArchive {
    if (!this.#trailer) throw new Error('The export has not been written to its end.')
    const rows = Object.values(this.#trailer.tables).reduce((sum, count) => sum + count, 0)
    return { header: this.#header, trailer: this.#trailer, rows, bytes: this.#bytes }
  }

  async *parts(tables: CatalogueTable[]): AsyncGenerator<Buffer, void, void> {
    yield this.#line(this.#header)
    for (const table of tables) {
      yield this.#line({ table: table.name })
      yield* this.#rows(table)
      yield this.#seen(Buffer.from(`${END_OF_ROWS}\n`))
    }
    const sequences = await readSequences(this.#client).catch((cause) => Promise.reject(databaseFailed(cause)))
    // A COPY has told its count by the time that a later statement is answered, and not always before.
    const counts = Object.fromEntries(this.#copies.map(({ table, copy }) => [table, copy.rowCount]))
    this.#trailer = { tables: counts, sequences, sha256: this.#hash.copy().digest('hex') }
    const last = JSON.stringify(this.#trailer)
    yield this.#seen(Buffer.from(`${last}\n`))
    yield this.#line({ signature: this.#settings.sign(last) })
  }

  async *#rows(table: CatalogueTable): AsyncGenerator<Buffer, void, void> {
    const copy = this.#client.query(copyTo(`copy ${copyTarget(table)} to stdout`))
    // One that is left in the middle still fails when its connection is closed, and nobody listens any more.
    copy.on('error', () => {})
    this.#copies.push({ table: table.name, copy })
    const chunks = unlessSilent(copy[Symbol.asyncIterator]() as AsyncGenerator<Buffer>, SILENCE_MS)
    let told = this.#bytes
    try {
      for await (const chunk of chunks) {
        yield this.#seen(chunk)
        if (this.#bytes - told < BLOCK_BYTES) continue
        told = this.#bytes
        this.#settings.onProgress?.({ table: table.name, bytes: this.#bytes })
      }
    } catch (cause) {
      throw databaseFailed(cause)
    }
  }

  #line(value: object): Buffer {
    return this.#seen(Buffer.from(`${JSON.stringify(value)}\n`))
  }

  #seen(part: Buffer): Buffer {
    this.#hash.update(part)
    this.#bytes += part.length
    return part
  }
}

/**
 * Small parts together: each that is compressed costs a call. One block of memory serves for all of it, so that a long export
 * leaves no more behind than a short one; it is filled anew when what was in it has been taken.
 */
async function writeInBlocks(parts: AsyncGenerator<Buffer, void, void>, compress: ZstdCompress): Promise<void> {
  const block = Buffer.allocUnsafeSlow(BLOCK_BYTES)
  let filled = 0
  try {
    for await (const part of parts) {
      let at = 0
      while (at < part.length) {
        const taken = part.copy(block, filled, at)
        filled += taken
        at += taken
        if (filled < BLOCK_BYTES) continue
        await written(compress, block)
        filled = 0
      }
    }
    if (filled > 0) await written(compress, block.subarray(0, filled))
    compress.end()
  } catch (error) {
    compress.destroy(error as Error)
    throw error
  }
}

/** Resolves when the bytes have been taken; rejects when the stream has ended before. */
function written(stream: Writable, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const closed = () => reject(stream.errored ?? new Error('The export was broken off.'))
    stream.once('close', closed)
    stream.write(bytes, (error) => {
      stream.off('close', closed)
      if (error) reject(error)
      else resolve()
    })
  })
}
