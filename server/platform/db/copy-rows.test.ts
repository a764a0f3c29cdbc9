import { expect, test } from 'vitest'
import { fc } from '../../../test/harness/fast-check.ts'
import { copyRows } from './copy-rows.ts'

const header = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
const end = Buffer.from([0xff, 0xff])

function row(value: string | null): Buffer {
  const bytes = Buffer.from(value ?? '')
  const frame = Buffer.alloc(6)
  frame.writeInt16BE(1, 0)
  frame.writeInt32BE(value === null ? -1 : bytes.length, 2)
  return Buffer.concat([frame, bytes])
}

async function* cut(bytes: Buffer, at: number[]): AsyncGenerator<Buffer> {
  let from = 0
  for (const to of [...new Set(at)].sort((a, b) => a - b)) {
    if (to <= from || to >= bytes.length) continue
    yield bytes.subarray(from, to)
    from = to
  }
  if (from < bytes.length) yield bytes.subarray(from)
}

async function read(chunks: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of copyRows(chunks)) parts.push(part)
  return Buffer.concat(parts).toString()
}

test('values come out whole, wherever the chunks are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.option(fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\0'), maxLength: 12 })), { maxLength: 6 }),
      fc.array(fc.nat(150), { maxLength: 8 }),
      async (values, at) => {
        const whole = values.map((value) => (value === null ? null : value.toWellFormed()))
        const bytes = Buffer.concat([header, ...whole.map(row), end])
        expect(await read(cut(bytes, at))).toBe(whole.map((value) => value ?? '').join(''))
      },
    ),
  )
})

test('the chunks are read to their end, so that the connection is free again', async () => {
  let ended = false
  async function* chunks() {
    yield Buffer.concat([header, row('lead'), end])
    yield Buffer.alloc(0)
    ended = true
  }
  expect(await read(chunks())).toBe('lead')
  expect(ended).toBe(true)
})

test('what breaks off is not taken for an end', async () => {
  const bytes = Buffer.concat([header, row('lead')])
  await expect(read(cut(bytes, []))).rejects.toThrow('middle')
  await expect(read(cut(bytes.subarray(0, -2), []))).rejects.toThrow('middle')
})

test('another format, or another number of columns, is refused', async () => {
  await expect(read(cut(Buffer.from('{"id":1}\n{"id":2}\n{"id":3}'), []))).rejects.toThrow('begin')
  const two = Buffer.concat([header, Buffer.from([0, 2, 0, 0, 0, 0]), end])
  await expect(read(cut(two, []))).rejects.toThrow('2 columns')
})
