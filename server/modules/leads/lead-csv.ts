import { Readable } from 'node:stream'
import { plain, type RemoteLead } from './lead.rules.ts'

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

/** A cell: quoted, on one line, and never a formula (design/quality.md, Known traps). As `csv_cell` of the database. */
export function csvCell(text: string): string {
  const cell = plain(text)
  return `"${/^[-=+@\t\r\n]/.test(text) ? "'" : ''}${cell.includes('"') ? cell.replaceAll('"', '""') : cell}"`
}

/**
 * The cells of a line up to Market. Kept ready with the lead: taking a contact out of the lead's text and making its cells
 * takes the database as long for each lead as all the rest of the export.
 */
export function contactCells({ contactDetails }: RemoteLead, countries: string[]): string {
  const { fullName, email, phoneNumber, companyName, companySize } = contactDetails
  const size = companySize?.replace(/^L(\d+)_U(\d+)$/, '$1-$2').replace(/^L(\d+)_UInfinity$/, '$1+')
  const cells = [fullName, email, phoneNumber, companyName, size, countries.join(' ')]
  return cells.map((cell) => csvCell(cell ?? '')).join(',')
}
