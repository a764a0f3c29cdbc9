import type { ConsentPage } from './consent-page.ts'
import { MicrosoftError } from './microsoft-error.ts'
import type { CallOptions, ConsentRange, OperatorConnectClient } from './operator-connect-port.ts'
import { pause } from './retries.ts'
import { type Sleep, systemSleep } from './waiting.ts'

/** Where a page begins. A job may store it, and begin there again after a crash. */
export type ConsentPosition = { skip: number; nextLink: string | null }

/** A page of a running listing; `next` is null on the last one. */
export type ListedPage = ConsentPage & { next: ConsentPosition | null }

export type IterateOptions = CallOptions & {
  /** Bounds a listing whose end Microsoft never tells. */
  maxPages?: number
  sleep?: Sleep
}

const DEFAULT_MAX_PAGES = 20_000
const MAX_EMPTY_PAGES = 10
/** A page that came before is asked for again so often, after so long: a cache on the way may have mixed them up for once. */
const REPEATED_PAGE_TRIES = 3
const REPEATED_PAGE_PAUSE_MS = 1000

/**
 * All pages from a position on: by link while Microsoft gives one, else by number until its total is reached, or, where
 * it gives none, until a page is empty or not full. Throws MicrosoftError `paging` for links and pages that come again
 * and for listings without end, so that a listing that ends quietly is complete as far as Microsoft tells.
 */
export async function* iterateConsents(
  client: Pick<OperatorConnectClient, 'listConsents'>,
  range: ConsentRange,
  options: IterateOptions = {},
): AsyncGenerator<ListedPage, void, void> {
  const seenPages = new Set<string>()
  const seenLinks = new Set<string>()
  const maxPages = options.maxPages ?? DEFAULT_MAX_PAGES
  let position: ConsentPosition | null = { skip: range.skip, nextLink: range.nextLink ?? null }
  let emptyPages = 0
  for (let pages = 0; position !== null; pages++) {
    if (pages >= maxPages) throw endless(`it has more than ${maxPages} pages`)
    if (position.nextLink !== null) noteNew(seenLinks, position.nextLink)
    const page = await newPage(client, { ...range, ...position }, seenPages, options)
    emptyPages = page.recordCount === 0 ? emptyPages + 1 : 0
    if (emptyPages > MAX_EMPTY_PAGES) throw endless(`${emptyPages} empty pages came in a row`)
    position = positionAfter(page, position, range.top)
    yield { ...page, next: position }
  }
}

async function newPage(
  client: Pick<OperatorConnectClient, 'listConsents'>,
  range: ConsentRange,
  seen: Set<string>,
  options: IterateOptions,
): Promise<ConsentPage> {
  const call: CallOptions = { signal: options.signal, ...(options.retry === undefined ? {} : { retry: options.retry }) }
  for (let tries = 1; ; tries++) {
    const page = await client.listConsents(range, call)
    if (page.recordCount === 0) return page
    if (!seen.has(page.fingerprint)) {
      seen.add(page.fingerprint)
      return page
    }
    if (tries >= REPEATED_PAGE_TRIES) throw endless('a page came again that had come before')
    await pause(
      options.sleep ?? systemSleep,
      REPEATED_PAGE_PAUSE_MS,
      'listConsents',
      options.signal ?? new AbortController().signal,
    )
  }
}

function positionAfter(page: ConsentPage, from: ConsentPosition, top: number): ConsentPosition | null {
  const skip = from.skip + page.recordCount
  // A page beyond twice the total can no longer be explained by records that came in while the list was read.
  if (page.totalCount !== null && skip > page.totalCount * 2 + top * 2)
    throw endless(`it has given ${skip} records where it counts ${page.totalCount}`)
  if (page.nextLink !== null) return { skip, nextLink: page.nextLink }
  // Links were followed until here: where they end, the list ends, whatever the total says.
  if (from.nextLink !== null || page.recordCount === 0) return null
  const isLast = page.totalCount !== null ? skip >= page.totalCount : page.recordCount !== top
  return isLast ? null : { skip, nextLink: null }
}

function noteNew(seenLinks: Set<string>, link: string): void {
  if (seenLinks.has(link)) throw endless('a link to the next page came again')
  seenLinks.add(link)
}

function endless(finding: string): MicrosoftError {
  return new MicrosoftError({
    kind: 'paging',
    operation: 'listConsents',
    transient: true,
    detail: `The list of consents cannot be read to its end: ${finding}.`,
    remedy: 'Run the sync again; if it stays, ask Microsoft, with the request ids of the log.',
  })
}
