import { expect, it } from 'vitest'
import { nearestName } from './nearest-name.ts'

it('finds the name that was probably meant, and none for something else', () => {
  expect(nearestName('strat', ['start', 'job'])).toBe('start')
  expect(nearestName('LEADLINE_PORT', ['LEADLINE_HTTP_PORT', 'LEADLINE_ROLES'])).toBe('LEADLINE_HTTP_PORT')
  expect(nearestName('frobnicate', ['start', 'job'])).toBe(null)
})
