import { expect, test } from 'vitest'
import { shortNameFlaws, shortNameProposals } from './short-name.rules.ts'

const codes = (name: string) => shortNameFlaws(name).map(({ code }) => code)

test.each([
  ['ab', ['too-short']],
  ['', ['too-short']],
  ['a'.repeat(16), ['too-long']],
  ['Müller', ['not-ascii']],
  ['a\u0007b', ['not-ascii']],
  ...[...'\\/:*?"<>|'].map((sign): [string, string[]] => [`ab${sign}c`, ['forbidden-character']]),
  ['ab.c', ['dot']],
  ['ab c', ['blank']],
  ['audit', ['reserved']],
  ['AuDit', ['reserved']],
])('%j breaks %j and no other rule', (name, expected) => {
  expect(codes(name)).toEqual(expected)
})

test('every rule that is broken is told, each once', () => {
  expect(codes('é./ tooooo-long-by-far')).toEqual(['too-long', 'not-ascii', 'forbidden-character', 'dot', 'blank'])
})

test.each(['abc', 'a'.repeat(15), 'Contoso', 'x_y-z', 'a+b=c', "O'Neil", 'audits', '(a)&{b}', '123', '~!@#$%^&_;'])(
  '%j keeps them all',
  (name) => {
    expect(codes(name)).toEqual([])
  },
)

test.each([
  ['Alder & Pine US', 'AlderPineUS'],
  ['Contoso Ltd', 'Contoso'],
  ['Müller Straßenbau GmbH', 'Muller'],
  ['HP Inc.', 'HP-OC'],
  ['Internationalization Services', 'Internationaliz'],
])('%j is proposed as %j', (company, proposal) => {
  expect(shortNameProposals(company)[0]).toBe(proposal)
})

test('proposals are all different, all good, and none is the reserved word', () => {
  const proposals = shortNameProposals('Audit Ltd')
  expect(proposals[0]).toBe('Audit2')
  expect(new Set(proposals).size).toBe(proposals.length)
  expect(proposals.flatMap(shortNameFlaws)).toEqual([])
})

test('nothing is proposed where no letter of the name can be used', () => {
  expect(shortNameProposals('株式会社')).toEqual([])
  expect(shortNameProposals('  ')).toEqual([])
})
