const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
/** Signature, flags, length of the extension. */
const HEADER_BYTES = SIGNATURE.length + 8
const FIELD_COUNT_BYTES = 2
const LENGTH_BYTES = 4
const EMPTY = Buffer.alloc(0)
const END = -1

/**
 * Cuts the values of a `COPY … (format binary)` of one text column out of their frames: large values are neither copied nor
 * decoded, null comes as nothing. Binary because the other formats look at every byte twice.
 * Source: PostgreSQL documentation, COPY, Binary Format.
 */
export class CopyRows {
  #rest: Buffer = EMPTY
  #begun = false
  #valueBytes = 0
  #ended = false

  /** The parts of values that a chunk brings, one after the other; chunks may be cut anywhere. */
  take(chunk: Buffer): Buffer[] {
    // What is left over is the beginning of a frame, a few bytes.
    let bytes: Buffer = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk
    const pieces: Buffer[] = []
    while (!this.#ended) {
      if (this.#valueBytes > 0) {
        if (bytes.length === 0) break
        const piece = bytes.subarray(0, this.#valueBytes)
        this.#valueBytes -= piece.length
        pieces.push(piece)
        bytes = bytes.subarray(piece.length)
        continue
      }
      const frameBytes = this.#frame(bytes)
      if (frameBytes === 0) break
      bytes = bytes.subarray(frameBytes)
    }
    this.#rest = bytes
    return pieces
  }

  /** Throws unless everything came. */
  end(): void {
    if (!this.#ended) throw new Error('COPY ended in the middle of a row')
  }

  /** Length of the frame at the beginning, read; 0 while it is not all there. */
  #frame(bytes: Buffer): number {
    if (!this.#begun) {
      if (bytes.length < HEADER_BYTES) return 0
      const isHeader = bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)
      if (!isHeader || bytes.readInt32BE(HEADER_BYTES - LENGTH_BYTES) !== 0)
        throw new Error('COPY did not begin as its binary format does')
      this.#begun = true
      return HEADER_BYTES
    }
    if (bytes.length < FIELD_COUNT_BYTES) return 0
    const fields = bytes.readInt16BE(0)
    this.#ended = fields === END
    if (this.#ended) return FIELD_COUNT_BYTES
    if (fields !== 1) throw new Error(`COPY sent rows of ${fields} columns where one was asked for`)
    if (bytes.length < FIELD_COUNT_BYTES + LENGTH_BYTES) return 0
    this.#valueBytes = Math.max(0, bytes.readInt32BE(FIELD_COUNT_BYTES))
    return FIELD_COUNT_BYTES + LENGTH_BYTES
  }
}

/** The same for a stream: one buffer for each that comes, however many values are in it, since what follows costs by the piece. */
export async function* copyRows(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  const rows = new CopyRows()
  for await (const chunk of chunks) {
    const [only, ...more] = rows.take(chunk)
    if (only) yield more.length === 0 ? only : Buffer.concat([only, ...more])
  }
  rows.end()
}
