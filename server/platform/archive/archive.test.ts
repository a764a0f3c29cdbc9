import { describe, expect, it } from 'vitest'
import { ArchiveError } from './archive-error.ts'
import { FORMAT, FORMAT_VERSION, parseHeader } from './archive-format.ts'
import { ArchiveLines } from './archive-lines.ts'
import { inLoadingOrder } from './catalogue.ts'

const HEADER = {
  format: FORMAT,
  formatVersion: FORMAT_VERSION,
  createdAt: '2026-11-22T18:00:00.000Z',
  leadline: '1.2.3',
  postgresql: '18.0',
  installation: { id: 'a', kind: 'production', createdAt: '2026-01-01T00:00:00Z' },
  migrations: ['0001-foundation'],
  masterKeys: ['0123abcd'],
  tables: [{ name: 'operator', columns: ['operator_id', 'name'] }],
}

async function* inPieces(text: string, bytes: number): AsyncGenerator<Buffer> {
  const whole = Buffer.from(text)
  for (let at = 0; at < whole.length; at += bytes) yield whole.subarray(at, at + bytes)
}

async function rowsOf(lines: ArchiveLines): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of lines.rows()) parts.push(part)
  return Buffer.concat(parts).toString()
}

const codeOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  return error instanceof ArchiveError ? error.code : error
}

describe('lines', () => {
  // A backslash in a value is two in COPY, so `\\.` is a value and `\.` the end.
  const ROWS = 'one\ttwo\n\\\\.\n\\N\tZürich\n\n1\n'
  const TEXT = `{"table":"a"}\n${ROWS}\\.\n{"table":"b"}\n\\.\n{"tables":{}}\n`

  it.each([1, 2, 3, 5, 7, 64, 4_096])('are found wherever the text is cut, here every %i bytes', async (bytes) => {
    const lines = new ArchiveLines(inPieces(TEXT, bytes))
    expect(await lines.line()).toBe('{"table":"a"}')
    expect(await rowsOf(lines)).toBe(ROWS)
    expect(await lines.line()).toBe('{"table":"b"}')
    expect(await rowsOf(lines)).toBe('')
    expect(await lines.line()).toBe('{"tables":{}}')
    expect(await lines.line()).toBeNull()
  })

  it('tell wherever a text ends too early', async () => {
    const whole = Buffer.from(TEXT)
    for (let length = 1; length < whole.length; length++) {
      const lines = new ArchiveLines(inPieces(whole.subarray(0, length).toString('latin1'), 4))
      const read = async () => {
        await lines.line()
        await rowsOf(lines)
        await lines.line()
        await rowsOf(lines)
        if ((await lines.line()) === null) throw new ArchiveError('cut', 'no trailer', '')
      }
      expect(await codeOf(read()), `${length} bytes`).toBe('cut')
    }
  })

  it('have a digest of all that came before the last one', async () => {
    const digestOf = async (text: string) => {
      const lines = new ArchiveLines(inPieces(text, 3))
      await lines.line()
      await lines.line()
      return lines.digestBefore
    }
    expect(await digestOf('a\nb\n')).toBe(await digestOf('a\nc\n'))
    expect(await digestOf('a\nb\n')).not.toBe(await digestOf('A\nb\n'))
  })
})

describe('the header', () => {
  it('is read as it was written', () => {
    expect(parseHeader(JSON.stringify(HEADER))).toEqual(HEADER)
  })

  it.each([
    ['not-an-export', null],
    ['not-an-export', 'PGDMP'],
    ['not-an-export', '[]'],
    ['not-an-export', JSON.stringify({ ...HEADER, format: 'something-else' })],
    ['newer-version', JSON.stringify({ format: FORMAT, formatVersion: FORMAT_VERSION + 1, leadline: '9.0.0' })],
    ['damaged', JSON.stringify({ ...HEADER, tables: [{ name: 1 }] })],
    ['damaged', JSON.stringify({ ...HEADER, installation: { ...HEADER.installation, kind: 'other' } })],
  ])('%s: %s', (code, line) => {
    expect(() => parseHeader(line)).toThrow(expect.objectContaining({ code }))
  })
})

describe('the order of tables', () => {
  const table = (name: string, ...needs: string[]) => ({ name, columns: [], needs })

  it('has each after those it refers to', () => {
    const names = inLoadingOrder([table('c', 'b', 'a'), table('b', 'a'), table('a')]).map(({ name }) => name)
    expect(names).toEqual(['a', 'b', 'c'])
  })

  it('does not exist in a circle', () => {
    expect(() => inLoadingOrder([table('a', 'b'), table('b', 'a')])).toThrow('a, b')
  })
})
