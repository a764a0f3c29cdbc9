import { type EventName, eventSpec } from '../../../contract/events.ts'

/** An event as it is sent; `payload` is JSON text. */
export type Message = {
  eventId: string
  name: string
  operatorId: number
  /** Of whose lead it tells; null: of none, or of nobody's. */
  channelId: number | null
  payload: string
  at: Date
  /** Sent to try the webhook: what it tells has not happened. */
  isTest: boolean
}

/** The position of what was sent as a test: it has none in the order of events, and belongs to the one webhook it was made for. */
export const TEST_POSITION = 0

/** The body that a receiver gets: the same bytes in every attempt. */
export function bodyOf({ name, operatorId, channelId, payload, at, isTest }: Message): string {
  const { version } = eventSpec(name as EventName)
  const facts = { type: name, version, timestamp: at.toISOString(), operatorId, channelId }
  const envelope = JSON.stringify({ ...facts, ...(isTest && { test: true }) })
  // The payload is put in as the text it was written as: it may hold what a parser would change.
  return `${envelope.slice(0, -1)},"data":${payload}}`
}

const HIDDEN = '***'
const SHOWN_HEADERS = 40
const SHOWN_HEADER_LENGTH = 500
export const SHOWN_BODY_BYTES = 4_096

/** A text without the secrets in it, which a receiver may have sent back. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) if (secret.length >= 4) clean = clean.replaceAll(secret, HIDDEN)
  return clean
}

/** Headers of an answer as they may be kept: few, short, no secrets, no cookies. */
export function keptHeaders(headers: Record<string, string>, secrets: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .slice(0, SHOWN_HEADERS)
      .map(([name, value]) => [
        name,
        name === 'set-cookie' ? HIDDEN : withoutSecrets(value.slice(0, SHOWN_HEADER_LENGTH), secrets),
      ]),
  )
}

/** Stands for the parts of an address that are not shown. */
export const HIDDEN_PART = '…'
const FIRST_SEGMENT_MAX = 16
/** Of less than this nothing is shown: four characters would be most of it. */
const TAIL_FROM = 12
const TAIL = 4

/**
 * The address without what may be a key: chats and automation services put it into the path. Shown are scheme, host, the
 * first segment, the last characters of a long rest, and the names of the query. What is hidden already stays as it is.
 */
export function shownUrl(text: string): string {
  if (text.includes(HIDDEN_PART)) return text
  const url = new URL(text)
  for (const name of new Set(url.searchParams.keys())) url.searchParams.set(name, HIDDEN)
  const hidden = hiddenPath(url)
  const path = hidden === '' ? url.pathname : url.pathname.slice(0, -hidden.length) + hiddenTail(hidden)
  return url.origin + path + url.search
}

/** What a receiver may have sent back of its own address: the hidden part of the path, and the values of the query. */
export function keysOf(text: string): string[] {
  const url = new URL(text)
  const hidden = hiddenPath(url)
  return [...(hidden.length < TAIL_FROM ? [] : [hidden]), ...url.searchParams.values()]
}

/** The path after its first segment; all of it where that is long, and may be the key. */
function hiddenPath({ pathname }: URL): string {
  const [, first = '', ...rest] = pathname.split('/')
  return first.length > FIRST_SEGMENT_MAX ? pathname.slice(1) : rest.join('/')
}

function hiddenTail(hidden: string): string {
  return HIDDEN_PART + (hidden.length < TAIL_FROM ? '' : hidden.slice(-TAIL))
}
