import { expect, test } from 'vitest'
import { ticksUpTo, wholeTicksUpTo } from './scale.ts'

test('lines are few, round, and reach the highest bar', () => {
  expect(ticksUpTo(17)).toEqual([0, 5, 10, 15, 20])
  expect(ticksUpTo(100)).toEqual([0, 25, 50, 75, 100])
  expect(ticksUpTo(1_234)).toEqual([0, 500, 1_000, 1_500])
  for (const max of [0.3, 1, 7, 99, 101, 12_345, 999_999]) {
    const ticks = ticksUpTo(max)
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(max)
    expect(ticks.length).toBeLessThanOrEqual(5)
  }
})

test('nothing to show has a line at zero', () => {
  expect([ticksUpTo(0), ticksUpTo(Number.NaN)]).toEqual([[0], [0]])
})

test('there are no half leads', () => {
  expect([1, 9, 10].map((max) => wholeTicksUpTo(max))).toEqual([
    [0, 1],
    [0, 5, 10],
    [0, 5, 10],
  ])
  for (let max = 1; max < 300; max += 1) {
    const ticks = wholeTicksUpTo(max)
    expect(ticks.every(Number.isInteger), String(ticks)).toBe(true)
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(max)
  }
  expect(wholeTicksUpTo(0)).toEqual([0])
})
