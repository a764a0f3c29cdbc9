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

type Lister = Pick<OperatorConnectClient, 'listConsents'>

const DEFAULT_MAX_PAGES = 20_000
const MAX_EMPTY_PAGES = 10
/** So many answers in a row may lead back where the listing has been: a cache on the way may mix pages up for once. */
const MAX_STRAYS = 3
const STRAY_PAUSE_MS = 1000

/**
 * All pages from a position on: by link while Microsoft gives one, else by number until its total is reached, or, where
 * it gives none, until a page is empty or not full. A page that came before is left out: its link is followed if it is a
 * new one, else the page is asked for again. Throws MicrosoftError `paging` when that does not help and for listings
 * without end, so that a listing that ends quietly is complete as far as Microsoft tells.
 */
export async function* iterateConsents(
  client: Lister,
  range: ConsentRange,
  options: IterateOptions = {},
): AsyncGenerator<ListedPage, void, void> {
  const call: CallOptions = { signal: options.signal, ...(options.retry === undefined ? {} : { retry: options.retry }) }
  const seenPages = new Set<string>()
  const seenLinks = new Set<string>()
  const maxPages = options.maxPages ?? DEFAULT_MAX_PAGES
  let position: ConsentPosition | null = { skip: range.skip, nextLink: range.nextLink ?? null }
  let emptyPages = 0
  let strays = 0
  for (let asked = 0; position !== null; asked++) {
    if (asked >= maxPages) throw endless(`it has more than ${maxPages} pages`)
    if (position.nextLink !== null) seenLinks.add(position.nextLink)
    const page = await client.listConsents({ ...range, ...position }, call)

    const isRepeated = page.recordCount > 0 && seenPages.has(page.fingerprint)
    const leadsBack = page.nextLink !== null && seenLinks.has(page.nextLink)
    if (isRepeated || leadsBack) {
      strays++
      if (strays > MAX_STRAYS) throw endless('its pages or links come again and again')
      if (page.nextLink !== null && !leadsBack) position = { skip: position.skip, nextLink: page.nextLink }
      else await strayPause(options)
      continue
    }
    strays = 0
    seenPages.add(page.fingerprint)
    emptyPages = page.recordCount === 0 ? emptyPages + 1 : 0
    if (emptyPages > MAX_EMPTY_PAGES) throw endless(`${emptyPages} empty pages came in a row`)
    position = positionAfter(page, position, range.top)
    yield { ...page, next: position }
  }
}

async function strayPause(options: IterateOptions): Promise<void> {
  const signal = options.signal ?? new AbortController().signal
  await pause(options.sleep ?? systemSleep, STRAY_PAUSE_MS, 'listConsents', signal)
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

function endless(finding: string): MicrosoftError {
  return new MicrosoftError({
    kind: 'paging',
    operation: 'listConsents',
    transient: true,
    detail: `The list of consents cannot be read to its end: ${finding}.`,
    remedy: 'Run the sync again; if it stays, ask Microsoft, with the request ids of the log.',
  })
}
