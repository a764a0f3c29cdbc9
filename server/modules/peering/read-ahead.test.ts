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
