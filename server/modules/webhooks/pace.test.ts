import { expect, it } from 'vitest'
import { createPace } from './pace.ts'

it('gives as many as the rate in the long run, in small lots', () => {
  let now = 0
  const pace = createPace(500, () => now)
  let begun = 0
  for (; now < 10_000; now += 20) {
    const room = pace.room()
    expect(room).toBeLessThanOrEqual(50)
    pace.take(room)
    begun += room
  }
  expect(begun).toBeGreaterThan(4_990)
  expect(begun).toBeLessThanOrEqual(5_050)
})

it('makes good what it was held up, but not an hour of it', () => {
  let now = 0
  const pace = createPace(500, () => now)
  pace.take(pace.room())
  now += 60
  expect(pace.room()).toBe(30)
  now += 3_600_000
  expect(pace.room()).toBe(50)
})

it('never keeps a single one waiting, and counts it all the same', () => {
  let now = 0
  const pace = createPace(10, () => now)
  for (let i = 0; i < 5; i++) {
    expect(pace.room()).toBe(1)
    pace.take(1)
  }
  now += 300
  pace.take(pace.room())
  expect(pace.room()).toBe(1)
})
