import { expect, test } from 'vitest'
import { trunkResult } from './trunk-check.ts'

const device = (name: string, fqdn: string, trouble: string | null = null) => ({
  ...{ sbcId: 1, name, trunkFqdns: [fqdn], trouble },
})
const [one, two] = [device('One', 'a.example'), device('Two', 'b.example')]
const down = device('Down', 'a.example', 'It does not answer.')
const listed = new Set(['a.example'])
const result = (...asked: Parameters<typeof trunkResult>) => trunkResult(...asked).result

test('a trunk is up where Microsoft lists it and its SBC answers', () => {
  expect(result([one], [one, two], listed)).toBe('ok')
  expect(result([], [one, two], listed)).toBe('ok')
  expect(result([one, two], [one, two], listed)).toBe('warning')
  expect(result([], [two], listed)).toBe('warning')
  expect(result([one], [one], null)).toBe('skipped')
})

test('a device that does not answer is an error, unless another one carries the calls', () => {
  expect(trunkResult([down], [down], listed)).toMatchObject({ result: 'error', detail: 'Down: It does not answer.' })
  expect(result([], [one, down], listed)).toBe('warning')
})
