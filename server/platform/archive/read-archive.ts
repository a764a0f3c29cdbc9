import { type Readable, Transform } from 'node:stream'
import { createZstdDecompress } from 'node:zlib'
import { ArchiveError } from './archive-error.ts'
import { type ArchiveHeader, cut, damaged, notAnExport, parseHeader } from './archive-format.ts'
import { ArchiveLines } from './archive-lines.ts'

/** An export whose first line has been read; the rest comes as it is asked for. */
export type OpenArchive = {
  header: ArchiveHeader
  lines: ArchiveLines
  /** Compressed bytes taken from the file so far. */
  bytesRead(): number
  close(): void
}

/** Opens an export. Throws `ArchiveError` when it is none, or one of a newer format. */
export async function openArchive(file: Readable): Promise<OpenArchive> {
  let bytes = 0
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      done(null, chunk)
    },
  })
  const decompress = createZstdDecompress()
  // Errors travel with the text: the one who reads it must learn of each, whichever part failed.
  for (const stream of [file, count]) stream.on('error', (error) => decompress.destroy(error))
  file.pipe(count).pipe(decompress)
  const close = () => {
    for (const stream of [file, count, decompress]) stream.destroy()
  }
  const lines = new ArchiveLines(inWords(decompress, () => bytes))
  try {
    return { header: parseHeader(await lines.line()), lines, bytesRead: () => bytes, close }
  } catch (error) {
    close()
    throw error
  }
}

const ZSTD_MAGIC = [0x28, 0xb5, 0x2f, 0xfd]

/** What fails between file and text, as what it means for the person. */
async function* inWords(text: Readable, bytesRead: () => number): AsyncGenerator<Buffer, void, void> {
  let begun = false
  try {
    for await (const chunk of text) {
      begun = true
      yield chunk as Buffer
    }
  } catch (error) {
    if (error instanceof ArchiveError) throw error
    const { code = '', syscall } = error as NodeJS.ErrnoException
    // Of the file system: which file, and why, is all there is to say.
    if (syscall) throw error
    if (/unexpected end/i.test(String(error)) || code === 'Z_BUF_ERROR') throw begun ? cut(error) : notAnExport(error)
    if (!begun && bytesRead() >= ZSTD_MAGIC.length) throw notAnExport(error)
    throw damaged('it cannot be decompressed', error)
  }
}
