import { expect, test } from 'vitest'
import { isChanged, queryOf, queryWithGone, readView, viewIdOf } from './lead-view.ts'

const id = '019a9f60-2b7c-7d10-8f31-6a0c1d2e3f77'
const view = (query: string) => ({ id, query })

test('a view sets the address, and names what means nothing any more', () => {
  expect(readView(view('status=Active,New+word&q=a%26b&sort=-companyName'))).toEqual({
    search: { status: 'Active,New word', q: 'a&b', sort: '-companyName', view: id },
    gone: [],
  })
  expect(readView(view('colour=red&license=OC+Gold&view=x&part=history'))).toEqual({
    search: { view: id },
    gone: ['colour', 'license', 'view'],
  })
})

test('an address is kept without what is open in it', () => {
  expect(queryOf({ q: 'berg', status: 'Active,Removed', view: id, part: 'history' })).toBe(
    'q=berg&status=Active,Removed',
  )
  expect(queryOf({ view: id })).toBe('')
})

test('saving keeps filters that mean nothing here, but for those that were set anew', () => {
  const before = view('colour=red&license=OC+Gold&q=old')
  expect(queryWithGone({ q: 'new', view: id }, before)).toBe('q=new&colour=red&license=OC+Gold')
  expect(queryWithGone({ license: 'none', view: id }, before)).toBe('license=none&colour=red')
})

test('the order that a list has at first, blanks and what is open are no change', () => {
  expect(isChanged({ view: id, sort: '-consentedOn', part: 'history', q: ' berg ' }, view('q=berg'))).toBe(false)
  expect(isChanged({ view: id }, view('q=berg'))).toBe(true)
  expect(isChanged({ view: id, q: 'berg', sort: 'companyName' }, view('q=berg'))).toBe(true)
})

test('no view has no id', () => {
  expect([viewIdOf({}), viewIdOf({ view: 'all' }), viewIdOf({ view: id })]).toEqual([undefined, undefined, id])
})
