import { describe, expect, test } from 'vitest'
import { type ConsentPage, readConsentPage } from './consent-page.ts'
import { type ConsentPosition, type IterateOptions, iterateConsents } from './iterate-consents.ts'
import { MicrosoftError } from './microsoft-error.ts'
import { nativeDialect } from './native-dialect.ts'
import type { ConsentRange } from './operator-connect-port.ts'

type Answer = { records: number[]; total?: number | null; link?: string | null }

/** A client whose pages a function makes; remembers what it was asked for. */
function clientOf(answer: (range: ConsentRange, call: number) => Answer) {
  const asked: ConsentPosition[] = []
  const listConsents = async (range: ConsentRange): Promise<ConsentPage> => {
    asked.push({ skip: range.skip, nextLink: range.nextLink ?? null })
    const { records, total, link } = answer(range, asked.length)
    return readConsentPage(
      JSON.stringify({ Values: records, TotalCount: total ?? null, NextLink: link ?? null }),
      nativeDialect,
      range.recall,
    )
  }
  return { asked, listConsents }
}

async function all(
  client: ReturnType<typeof clientOf>,
  range: ConsentRange = { skip: 0, top: 3 },
  options: IterateOptions = {},
) {
  const records: unknown[] = []
  const positions: (ConsentPosition | null)[] = []
  for await (const page of iterateConsents(client, range, { sleep: async () => {}, ...options })) {
    records.push(...(await page.records()).map((record) => record.value))
    positions.push(page.next)
  }
  return { records, positions }
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)
const slice = (count: number, { skip, top }: ConsentRange) => numbers(count).slice(skip, skip + top)

async function pagingError(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof MicrosoftError)) throw error ?? new Error('it succeeded')
  expect(error.kind).toBe('paging')
  return error.detail
}

describe('by number', () => {
  test.each([0, 1, 3, 6, 7])('reads a list of %i to its total', async (count) => {
    const client = clientOf((range) => ({ records: slice(count, range), total: count }))
    expect((await all(client)).records).toEqual(numbers(count))
    expect(client.asked).toHaveLength(Math.max(1, Math.ceil(count / 3)))
  })

  test.each([0, 1, 3, 7])('reads a list of %i without a total to a page that is not full', async (count) => {
    const client = clientOf((range) => ({ records: slice(count, range) }))
    expect((await all(client)).records).toEqual(numbers(count))
  })

  test('a server that gives less than asked for is followed at its pace', async () => {
    const client = clientOf((range) => ({ records: slice(7, { ...range, top: 2 }), total: 7 }))
    expect((await all(client)).records).toEqual(numbers(7))
  })

  test('a server that does not page at all is read once', async () => {
    for (const total of [7, null]) {
      const client = clientOf(() => ({ records: numbers(7), total }))
      expect((await all(client)).records).toEqual(numbers(7))
      expect(client.asked).toHaveLength(1)
    }
  })

  test('a total that is too high ends with an empty page', async () => {
    const client = clientOf((range) => ({ records: slice(4, range), total: 11 }))
    expect((await all(client)).records).toEqual(numbers(4))
  })

  test('begins where it is told, and says where each page ends', async () => {
    const client = clientOf((range) => ({ records: slice(7, range), total: 7 }))
    expect(await all(client, { skip: 3, top: 3 })).toEqual({
      records: [3, 4, 5, 6],
      positions: [{ skip: 6, nextLink: null }, null],
    })
  })

  test('pages that are recalled count with their records', async () => {
    const client = clientOf((range) => ({ records: slice(7, range), total: 7 }))
    const counts = new Map<string, number>()
    for await (const page of iterateConsents(client, { skip: 0, top: 3 }))
      counts.set(page.fingerprint, page.recordCount)
    const known: boolean[] = []
    for await (const page of iterateConsents(client, {
      skip: 0,
      top: 3,
      recall: { page: (fingerprint) => counts.get(fingerprint) },
    }))
      known.push(page.known)
    expect(known).toEqual([true, true, true])
    expect(client.asked).toHaveLength(6)
  })
})

describe('by link', () => {
  test('follows links to the end, through an empty page, whatever the total says', async () => {
    const pages: Answer[] = [
      { records: [1], total: 9, link: '/2' },
      { records: [], total: 9, link: '/3' },
      { records: [2, 3], total: 9 },
    ]
    const client = clientOf((_, call) => pages[call - 1] ?? { records: [] })
    expect(await all(client)).toEqual({
      records: [1, 2, 3],
      positions: [{ skip: 1, nextLink: '/2' }, { skip: 1, nextLink: '/3' }, null],
    })
  })

  test('begins at a stored link', async () => {
    const client = clientOf(() => ({ records: [8, 9], total: 10 }))
    expect((await all(client, { skip: 8, top: 3, nextLink: '/stored' })).records).toEqual([8, 9])
    expect(client.asked).toEqual([{ skip: 8, nextLink: '/stored' }])
  })
})

describe('pages and links without end', () => {
  test('a page that comes again once is asked for again, and nothing is missed', async () => {
    const sleeps: number[] = []
    const client = clientOf((range, call) => ({ records: call === 2 ? [0, 1, 2] : slice(7, range), total: 7 }))
    const sleep = async (milliseconds: number) => {
      sleeps.push(milliseconds)
    }
    expect((await all(client, { skip: 0, top: 3 }, { sleep })).records).toEqual(numbers(7))
    expect(sleeps).toEqual([1000])
  })

  test('a page that comes again and again is an error', async () => {
    const client = clientOf(() => ({ records: [0, 1, 2], total: 7 }))
    expect(await pagingError(all(client))).toContain('come again and again')
    expect(client.asked).toHaveLength(5)
  })

  test('ever new links to the same page are an error', async () => {
    const client = clientOf((_, call) => ({ records: [1, 2, 3], link: `/${call}` }))
    expect(await pagingError(all(client))).toContain('come again and again')
  })

  test('a link to itself is an error', async () => {
    const client = clientOf((_, call) => ({ records: [call], link: '/same' }))
    expect(await pagingError(all(client))).toContain('come again and again')
    expect(client.asked).toHaveLength(5)
  })

  describe('that come once', () => {
    const linked = (skip: number): Answer => ({
      records: slice(9, { skip, top: 3 }),
      total: 9,
      link: skip + 3 < 9 ? `/${skip + 3}` : null,
    })
    const skipOf = (range: ConsentRange) => (range.nextLink ? Number(range.nextLink.slice(1)) : range.skip)

    test.each<[string, number, (skip: number) => Answer]>([
      ['the page before, its link leading to the page asked for', 3, (skip) => linked(skip - 3)],
      ['the first page, its link leading to it', 1, () => ({ ...linked(0), link: '/0' })],
      ['a link to the page itself', 2, (skip) => ({ ...linked(skip), link: `/${skip}` })],
      ['an early page again, its link leading back', 3, () => linked(0)],
    ])('%s', async (_, faultyCall, fault) => {
      const client = clientOf((range, call) => (call === faultyCall ? fault(skipOf(range)) : linked(skipOf(range))))
      const { records, positions } = await all(client)
      expect(records).toEqual(numbers(9))
      expect(positions.at(-1)).toBeNull()
    })
  })

  test('ever new links to empty pages are an error', async () => {
    const client = clientOf((_, call) => ({ records: [], link: `/${call}` }))
    expect(await pagingError(all(client))).toContain('empty pages')
  })

  test('ever new records far beyond the total are an error', async () => {
    const client = clientOf((_, call) => ({
      records: [call * 3, call * 3 + 1, call * 3 + 2],
      total: 6,
      link: `/${call}`,
    }))
    expect(await pagingError(all(client))).toContain('21 records where it counts 6')
  })

  test('without a total, the number of pages is bounded', async () => {
    const client = clientOf((_, call) => ({ records: [call], link: `/${call}` }))
    expect(await pagingError(all(client, { skip: 0, top: 3 }, { maxPages: 5 }))).toContain('more than 5 pages')
    expect(client.asked).toHaveLength(5)
  })

  test('can be called off while waiting for a repeated page', async () => {
    const controller = new AbortController()
    const client = clientOf(() => ({ records: [0, 1, 2], total: 7 }))
    const sleep = async () => controller.abort()
    await expect(all(client, { skip: 0, top: 3 }, { sleep, signal: controller.signal })).rejects.toMatchObject({
      kind: 'aborted',
    })
  })
})
