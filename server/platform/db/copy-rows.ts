const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
/** Signature, flags, length of the extension. */
const HEADER_BYTES = SIGNATURE.length + 8
const FIELD_COUNT_BYTES = 2
const LENGTH_BYTES = 4

/**
 * The values of a `COPY … (format binary)` of one text column, one after the other, cut out of its frames: large values are
 * neither copied nor decoded, and null comes as nothing. Binary because the other formats look at every byte twice.
 * Source: PostgreSQL documentation, COPY, Binary Format.
 */
export async function* copyRows(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  let rest: Buffer = EMPTY
  let valueBytes = 0
  let headerBytes = HEADER_BYTES
  let ended = false
  for await (const chunk of chunks) {
    // What is left over is the beginning of a frame, a few bytes.
    let bytes: Buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    rest = EMPTY
    const pieces: Buffer[] = []
    while (!ended) {
      if (valueBytes > 0) {
        if (bytes.length === 0) break
        const piece = bytes.subarray(0, valueBytes)
        valueBytes -= piece.length
        bytes = bytes.subarray(piece.length)
        pieces.push(piece)
        continue
      }
      const frame = headerBytes > 0 ? headerBytes : FIELD_COUNT_BYTES
      if (bytes.length < frame) break
      if (headerBytes > 0) {
        headerBytes = 0
        bytes = bytes.subarray(afterHeader(bytes))
        continue
      }
      const fields = bytes.readInt16BE(0)
      ended = fields === END
      if (ended) break
      if (fields !== 1) throw new Error(`COPY sent rows of ${fields} columns where one was asked for`)
      if (bytes.length < FIELD_COUNT_BYTES + LENGTH_BYTES) break
      valueBytes = Math.max(0, bytes.readInt32BE(FIELD_COUNT_BYTES))
      bytes = bytes.subarray(FIELD_COUNT_BYTES + LENGTH_BYTES)
    }
    rest = bytes
    // One buffer for each that came, however many values were in it: what follows costs by the piece.
    const [only, ...more] = pieces
    if (only) yield more.length === 0 ? only : Buffer.concat(pieces)
  }
  if (!ended) throw new Error('COPY ended in the middle of a row')
}

const EMPTY = Buffer.alloc(0)
const END = -1

function afterHeader(bytes: Buffer): number {
  const extension = bytes.readInt32BE(HEADER_BYTES - LENGTH_BYTES)
  if (bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE) && extension === 0) return HEADER_BYTES
  throw new Error('COPY did not begin as its binary format does')
}
