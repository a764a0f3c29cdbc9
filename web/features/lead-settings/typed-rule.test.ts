import { expect, test } from 'vitest'
import { EMPTY_RULE, readCountries, readRule, typedRule } from './typed-rule.ts'

const rule = { ...EMPTY_RULE, name: ' Large ', personIds: ['p1'] }

test('what is left open is no condition', () => {
  expect(readRule(rule)).toEqual({ name: 'Large', conditions: {}, personIds: ['p1'], channelId: null })
})

test('what is read back is what was typed', () => {
  const draft = {
    name: 'Large',
    conditions: {
      countries: ['DE', 'AT'],
      sizeFrom: 250,
      sizeTo: 1_000,
      origin: 'direct' as const,
      nameContains: 'bank',
    },
    personIds: null,
    channelId: 907,
  }
  expect(readRule(typedRule(draft))).toEqual(draft)
})

test('countries are typed in any way, and those that are none are named', () => {
  expect(readCountries(' de;AT, de\n ch')).toEqual({ codes: ['DE', 'AT', 'CH'], wrong: [] })
  expect(readCountries('DE, Germany, JJ')).toEqual({ codes: ['DE', 'GERMANY', 'JJ'], wrong: ['GERMANY', 'JJ'] })
})

test.each([
  ['no name', { name: ' ' }],
  ['nobody', { personIds: [] }],
  ['no channel', { kind: 'channel' as const }],
  ['a country that is none', { countries: 'Germany' }],
  ['sizes the wrong way round', { sizeFrom: '1000', sizeTo: '50' }],
])('%s is not ready', (_name, part) => {
  expect(readRule({ ...rule, ...part })).toBeNull()
})
