import { describe, expect, test, vi } from 'vitest'
import { fc } from '../../test/harness/fast-check.ts'
import { type ConsentPage, readConsentPage } from './consent-page.ts'
import { decodeJson } from './decode-json.ts'
import { nativeDialect } from './native-dialect.ts'

const page = (text: string) => readConsentPage(text, nativeDialect)
const valuesOf = async (read: ConsentPage) => (await read.records()).map(({ value }) => value)

describe('readConsentPage', () => {
  test.each([
    ['{"Values":[{"a":1}],"TotalCount":7,"NextLink":"/next"}', 1, 7, '/next'],
    ['{"totalCount":"7","nextLink":"","values":[{"a":1},null]}', 2, 7, null],
    ['{"value":[],"@odata.nextLink":"https://h/?a[0]=]","@odata.count":0}', 0, 0, 'https://h/?a[0]=]'],
    ['{"NextLink":"https://h/?a[0]=1","Values":[{"a":[1]}],"TotalCount":3}', 1, 3, 'https://h/?a[0]=1'],
    ['{"Warnings":["x"],"Values":[{"a":1}],"Errors":[]}', 1, null, null],
    ['{"Values":null,"TotalCount":0}', 0, 0, null],
    ['{"Values":null,"Errors":[{"a":1}]}', 0, null, null],
    ['{"Values":[],"Errors":[{"a":1}]}', 0, null, null],
    [' [ {"a":"]"} ] ', 1, null, null],
    ['{"Values":[],"TotalCount":-1}', 0, null, null],
    ['{"Values":[],"TotalCount":1.5,"NextLink":5}', 0, null, null],
  ])('reads %s', async (text, recordCount, totalCount, nextLink) => {
    const read = await page(text)
    expect(read).toMatchObject({ recordCount, totalCount, nextLink, known: false })
    expect(await read.records()).toHaveLength(recordCount)
  })

  test.each([
    '',
    'null',
    '7',
    '{}',
    '{"Values":{}}',
    '{"Values":[1',
    '{"Values":[{"a":[1]},{"b',
    '<html>[]</html>',
    '{"Values":[1]}}',
  ])('refuses %s', async (text) => {
    await expect(page(text)).rejects.toThrow(SyntaxError)
  })

  test('the fingerprint is that of the records: total and link have no part in it', async () => {
    const one = (await page('{"Values":[{"a":1}],"TotalCount":7,"NextLink":"/2"}')).fingerprint
    expect((await page('{"TotalCount":8,"Values":[{"a":1}]}')).fingerprint).toBe(one)
    expect((await page('{"Values":[{"a":2}],"TotalCount":7,"NextLink":"/2"}')).fingerprint).not.toBe(one)
  })

  test('a recalled page is not parsed until its records are asked for', async () => {
    const text = '{"Values":[{"a":1},{"a":2}],"TotalCount":7,"NextLink":"/2"}'
    const { fingerprint } = await page(text)
    const parse = vi.spyOn(JSON, 'parse')
    const recalled = await readConsentPage(text, nativeDialect, {
      page: (asked) => (asked === fingerprint ? 2 : undefined),
    })
    expect(recalled).toMatchObject({ known: true, recordCount: 2, totalCount: 7, nextLink: '/2', fingerprint })
    expect(parse.mock.calls.map(([argument]) => argument)).toEqual(['{"Values":[],"TotalCount":7,"NextLink":"/2"}'])
    parse.mockRestore()
    expect(await valuesOf(recalled)).toEqual([{ a: 1 }, { a: 2 }])
  })

  test('a known record is not parsed; a page with one that is no JSON is refused, whatever else is known', async () => {
    const name = (text: string) => ({ digest: text, knownId: text === '{"a": 1}' ? 'one' : undefined })
    const read = await readConsentPage('{"Values":[{"a": 1},\n {"b":"}]\\"{"}]}', nativeDialect, { record: name })
    expect(await read.records()).toEqual([
      { text: '{"a": 1}', digest: '{"a": 1}', knownId: 'one', value: undefined },
      { text: '{"b":"}]\\"{"}', digest: '{"b":"}]\\"{"}', knownId: undefined, value: { b: '}]"{' } },
    ])
    for (const wrong of ['{"a": 1},{b:2}', '{"a": 1} {"b":2}', '{"a": 1},', '{"a": 1},,{"b":2}', '{"a": 1}x']) {
      const reading = readConsentPage(`{"Values":[${wrong}]}`, nativeDialect, { record: name })
      await expect(reading, wrong).rejects.toThrow(SyntaxError)
    }
  })

  test('finds the same records as a plain parse, wherever the list stands in the envelope', async () => {
    const envelope = fc.record({
      before: fc.dictionary(fc.string(), fc.jsonValue()),
      records: fc.oneof(fc.array(fc.jsonValue()), fc.array(fc.dictionary(fc.string(), fc.jsonValue()))),
      after: fc.dictionary(fc.string(), fc.jsonValue()),
      indent: fc.nat(2),
    })
    const isListName = (key: string) => ['values', 'value'].includes(key.toLowerCase())
    await fc.assert(
      fc.asyncProperty(envelope, async ({ before, records, after, indent }) => {
        const others = (members: Record<string, unknown>) => Object.entries(members).filter(([key]) => !isListName(key))
        const members = Object.fromEntries([...others(before), ['Values', records], ...others(after)])
        const text = JSON.stringify(members, null, indent)
        expect(await valuesOf(await page(text))).toEqual(JSON.parse(text).Values)
      }),
    )
  })
})

describe('decodeJson', () => {
  test('replaces what PostgreSQL cannot store, in texts and names, and nothing else', () => {
    expect(decodeJson('{"a\\u0000b":["x\\u0000","\\ud83d\\ude00","\\ud83d!","\\\\u0000",1,null]}')).toEqual({
      'a\uFFFDb': ['x\uFFFD', '😀', '\uFFFD!', '\\u0000', 1, null],
    })
  })

  test('keeps a member called __proto__', () => {
    expect(JSON.stringify(decodeJson('{"__proto__":"\\u0000"}'))).toBe('{"__proto__":"\uFFFD"}')
  })
})
