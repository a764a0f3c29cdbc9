import { expect, test } from 'vitest'
import { licenseProblem } from './license-rules.ts'

const shipped = (license: string | null) => licenseProblem({ name: 'left', version: '1.0.0', license, isTool: false })
const tool = (license: string) => licenseProblem({ name: 'left', version: '1.0.0', license, isTool: true })

test.each(['MIT', 'Apache-2.0', '(MIT OR GPL-3.0-only)', 'MIT AND (ISC OR AGPL-3.0-only)'])(
  '%s may be shipped',
  (license) => {
    expect(shipped(license)).toBeNull()
  },
)

test.each(['GPL-3.0-only', 'MIT AND GPL-2.0-only', 'AGPL-3.0-or-later', 'UNLICENSED', 'MPL-2.0', 'BUSL-1.1'])(
  '%s may not be shipped',
  (license) => {
    expect(shipped(license)).toBe(`left 1.0.0: ${license} does not go with Apache-2.0 in what we ship`)
  },
)

test('a tool may have terms that stay with its own files, but not every term', () => {
  expect(tool('MPL-2.0')).toBeNull()
  expect(tool('GPL-3.0-only')).toBe('left 1.0.0: GPL-3.0-only does not go with Apache-2.0')
})

test('no license, and one that cannot be read, are refused', () => {
  expect(shipped(null)).toBe('left 1.0.0 names no license')
  expect(shipped('MIT OR')).toBe('left 1.0.0: "MIT OR" cannot be read as a license')
  expect(shipped('SEE LICENSE IN LICENSE.txt')).toContain('cannot be read')
})
