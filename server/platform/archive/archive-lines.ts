import { createHash } from 'node:crypto'
import { cut, END_OF_ROWS, LINE_BYTES_MAX, notAnExport } from './archive-format.ts'

const LINE_END = 0x0a
const END_LINE = Buffer.from(`${END_OF_ROWS}\n`)
const END_AFTER_ROW = Buffer.from(`\n${END_OF_ROWS}\n`)

/** The text of an export, cut into lines of ours and stretches of rows, each byte seen once. Chunks may be cut anywhere. */
export class ArchiveLines {
  readonly #source: AsyncIterator<Buffer>
  readonly #hash = createHash('sha256')
  #digestBefore = ''
  #rest: Buffer = Buffer.alloc(0)

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** SHA-256, hexadecimal, of all that came before the line that was read last. */
  get digestBefore(): string {
    return this.#digestBefore
  }

  /** The next line without its end; null when there is nothing more. Throws `ArchiveError` when it has no end. */
  async line(): Promise<string | null> {
    let end = this.#rest.indexOf(LINE_END)
    while (end < 0) {
      if (this.#rest.length > LINE_BYTES_MAX) throw notAnExport()
      if (!(await this.#more())) {
        if (this.#rest.length === 0) return null
        throw cut()
      }
      end = this.#rest.indexOf(LINE_END)
    }
    this.#digestBefore = this.#hash.copy().digest('hex')
    return this.#take(end + 1).toString('utf8', 0, end)
  }

  /** The rows of a table, whole or in parts, up to the line that ends them. Throws `ArchiveError` when that never comes. */
  async *rows(): AsyncGenerator<Buffer, void, void> {
    let lineBegins = true
    for (;;) {
      // Rows are never `\.`: COPY writes a backslash in a value as two.
      const needed = lineBegins ? END_LINE.length : 1
      while (this.#rest.length < needed) if (!(await this.#more())) throw cut()
      if (lineBegins && this.#rest.subarray(0, END_LINE.length).equals(END_LINE)) {
        this.#take(END_LINE.length)
        return
      }
      const end = this.#rest.indexOf(END_AFTER_ROW)
      const piece = this.#take(end >= 0 ? end + 1 : this.#rest.lastIndexOf(LINE_END) + 1 || this.#rest.length)
      lineBegins = piece.at(-1) === LINE_END
      yield piece
    }
  }

  async #more(): Promise<boolean> {
    const next = await this.#source.next()
    if (next.done) return false
    this.#rest = this.#rest.length === 0 ? next.value : Buffer.concat([this.#rest, next.value])
    return true
  }

  #take(bytes: number): Buffer {
    const taken = this.#rest.subarray(0, bytes)
    this.#rest = this.#rest.subarray(bytes)
    this.#hash.update(taken)
    return taken
  }
}
