import { expect, it } from 'vitest'
import { fc } from '../../../test/harness/fast-check.ts'
import { RateLimit } from './rate-limit.ts'

it('gives the whole limit at once, then as it refills', () => {
  const limit = new RateLimit(60, 60)
  for (let taken = 1; taken <= 60; taken++)
    expect(limit.take('a', 0)).toMatchObject({ allowed: true, remaining: 60 - taken })
  expect(limit.take('a', 0)).toEqual({
    allowed: false,
    limit: 60,
    remaining: 0,
    resetSeconds: 60,
    retryAfterSeconds: 1,
  })
  expect(limit.take('b', 0).allowed).toBe(true)
  expect(limit.take('a', 999).allowed).toBe(false)
  expect(limit.take('a', 1_000).allowed).toBe(true)
  expect(limit.peek('a', 61_000).remaining).toBe(60)
})

it('allows whoever waits as long as it says', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 600 }), (most, windowSeconds) => {
      const limit = new RateLimit(most, windowSeconds)
      let refused = limit.take('a', 0)
      while (refused.allowed) refused = limit.take('a', 0)
      expect(limit.take('a', refused.retryAfterSeconds * 1000).allowed).toBe(true)
    }),
  )
})

it('stays bounded under a flood of addresses, and forgets no one who is still held', () => {
  const limit = new RateLimit(1, 60)
  for (let address = 0; address < 60_000; address++) limit.take(`address ${address}`, address)
  expect(limit.take('address 59999', 60_000).allowed).toBe(false)
})
