import { expect, test } from 'vitest'
import { keysOf, shownUrl } from './message.rules.ts'

test.each([
  ['https://crm.example.com', 'https://crm.example.com/'],
  ['https://crm.example.com/hook?sig=key&b=', 'https://crm.example.com/hook?sig=***&b=***'],
  ['https://hooks.slack.com/services/T00/B00/XXXXabcd', 'https://hooks.slack.com/services/…abcd'],
  ['https://hook.eu1.make.com/abcdefghij0123456789', 'https://hook.eu1.make.com/…6789'],
  ['https://crm.example.com:8443/hooks/crm/#part', 'https://crm.example.com:8443/hooks/…'],
])('of the address %s is shown %s, and nothing more when it comes again', (url, shown) => {
  expect(shownUrl(url)).toBe(shown)
  expect(shownUrl(shown)).toBe(shown)
})

test('what a receiver says of its own address is hidden', () => {
  expect(keysOf('https://hooks.slack.com/services/T00/B00/XXXXabcd?k=v')).toEqual(['T00/B00/XXXXabcd', 'v'])
  expect(keysOf('https://crm.example.com/hooks/crm')).toEqual([])
})
