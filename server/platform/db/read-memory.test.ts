import { expect, test } from 'vitest'
import { type Joint, joined } from './joint.ts'
import { createReadMemory } from './read-memory.ts'

const joint: Joint = { part: () => Promise.reject(new Error('not asked')), completed: 0, closed: false }

test('what nobody asks for goes first', () => {
  const memory = createReadMemory<{ n: number }>({ maxEntries: 2 })
  for (const n of [1, 2]) memory.set(`${n}`, { n })
  memory.get('1')
  memory.set('3', { n: 3 })
  expect(['1', '2', '3'].map((key) => memory.get(key)?.n)).toEqual([1, undefined, 3])
})

test('no more bytes are held than it may, and nothing large', () => {
  const memory = createReadMemory<Buffer>({ maxBytes: 1_600, bytesOf: (bytes) => bytes.length })
  memory.set('large', Buffer.alloc(200))
  expect(memory.get('large')).toBeUndefined()
  for (let n = 0; n < 40; n++) memory.set(`${n}`, Buffer.alloc(99))
  const held = Array.from({ length: 40 }, (_, n) => memory.get(`${n}`)).filter((bytes) => bytes)
  expect(held).toHaveLength(16)
})

test('what is seen in work that is not stored yet is neither remembered nor told', async () => {
  const memory = createReadMemory<{ n: number }>({ maxEntries: 2 })
  memory.set('stored', { n: 1 })
  await joined(joint, async () => {
    expect(memory.get('stored')).toBeUndefined()
    memory.set('unstored', { n: 2 })
  })
  expect(memory.get('unstored')).toBeUndefined()
  expect(memory.get('stored')).toEqual({ n: 1 })
})
