import { expect, test } from 'vitest'
import { readAhead, settlesWithin } from './read-ahead.ts'

test('asks for the next item while the present one is worked on, and in order', async () => {
  const asked: number[] = []
  async function* source() {
    for (let i = 0; i < 4; i++) {
      asked.push(i)
      yield i
    }
  }
  const got: number[] = []
  for await (const item of readAhead(source())) {
    await Promise.resolve()
    expect(asked.length).toBeGreaterThan(Math.min(item, 2))
    got.push(item)
  }
  expect(got).toEqual([0, 1, 2, 3])
})

test('asks for as many as it is told, and not for more', async () => {
  let asked = 0
  async function* source() {
    for (; asked < 10; ) yield asked++
  }
  const got: number[] = []
  for await (const item of readAhead(source(), 3)) {
    await new Promise((resolve) => setImmediate(resolve))
    expect(asked).toBe(Math.min(item + 4, 10))
    got.push(item)
  }
  expect(got).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('an error comes when its turn comes, after the items before it', async () => {
  async function* source() {
    yield 1
    throw new Error('broken')
  }
  const got: number[] = []
  await expect(async () => {
    for await (const item of readAhead(source())) got.push(item)
  }).rejects.toThrow('broken')
  expect(got).toEqual([1])
})

test('leaving early ends the source', async () => {
  let ended = false
  async function* source() {
    try {
      yield 1
      yield 2
      yield 3
    } finally {
      ended = true
    }
  }
  for await (const _item of readAhead(source())) break
  expect(ended).toBe(true)
})

test('tells whether a promise settles in time, however it does', async () => {
  expect(await settlesWithin(Promise.resolve(), 1_000)).toBe(true)
  expect(await settlesWithin(Promise.reject(new Error('no')), 1_000)).toBe(true)
  expect(await settlesWithin(new Promise(() => {}), 5)).toBe(false)
})
