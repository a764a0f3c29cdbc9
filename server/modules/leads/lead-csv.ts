import { Readable } from 'node:stream'

/** Spreadsheets take a file for UTF-8 only when it begins with this. */
const BOM = '\ufeff'
const CHUNK_BYTES = 64 * 1024

/** Head and lines as one file, in chunks that are worth sending. */
export function csvFile(columns: readonly string[], lines: Readable): Readable {
  async function* chunks(): AsyncGenerator<Buffer> {
    const head = columns.map((column) => `"${column.replaceAll('"', '""')}"`).join(',')
    let parts: Buffer[] = [Buffer.from(`${BOM}${head}\r\n`)]
    let bytes = 0
    for await (const line of lines as AsyncIterable<Buffer>) {
      parts.push(line)
      bytes += line.length
      if (bytes < CHUNK_BYTES) continue
      yield Buffer.concat(parts)
      parts = []
      bytes = 0
    }
    yield Buffer.concat(parts)
  }
  const file = Readable.from(chunks(), { objectMode: false })
  file.once('close', () => lines.destroy())
  return file
}
