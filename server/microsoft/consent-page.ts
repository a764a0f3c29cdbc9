import { hash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { decodeJson } from './decode-json.ts'
import type { Dialect } from './native-dialect.ts'
import { sliceRecords } from './slice-records.ts'

/** One page of the consent list. */
export type ConsentPage = {
  /** Changes when, and only when, the text of the records changes: total and link have no part in it. SHA-256, base64url. */
  fingerprint: string
  recordCount: number
  /** The caller said that it knows this fingerprint, so the page was not looked into; `records()` still gives its records. */
  known: boolean
  records(): Promise<ListedRecord[]>
  /** What Microsoft says the whole list holds; it may disagree with the pages while records change. */
  totalCount: number | null
  /** As Microsoft wrote it; null on the last page, and when the list is paged by number only. */
  nextLink: string | null
}

/** One record of a list. */
export type ListedRecord = {
  /** As Microsoft wrote it. */
  text: string
  digest: string
  /** What the caller knows a record of this very text by: then it was not parsed. */
  knownId: string | undefined
  /** The raw record, of any shape: see `readConsent`. Undefined where it is known. */
  value: unknown
}

/** What the caller has seen before, and so need not be parsed again. */
export type Recall = {
  /** The number of records behind a fingerprint that is known. */
  page?: (fingerprint: string) => number | undefined
  /** The digest of a record's text, and the id of the known one that it is. */
  record?: (text: string) => { digest: string; knownId: string | undefined }
}

/** Reads the text of a list. Throws SyntaxError when it is not a list in this dialect. */
export async function readConsentPage(text: string, dialect: Dialect, recall: Recall = {}): Promise<ConsentPage> {
  const parts = splitList(text, dialect)
  if (parts !== null) {
    const { from, to } = parts
    const fingerprint = fingerprintOf(text.slice(from, to))
    const facts = { fingerprint, ...envelopeFacts(parts.envelope, dialect) }
    const knownCount = recall.page?.(fingerprint)
    if (knownCount !== undefined) {
      let read: Promise<ListedRecord[]> | null = null
      const records = () => {
        read ??= readRecords(text, from, to, recall)
        return read
      }
      return { ...facts, known: true, recordCount: knownCount, records }
    }
    const records = await tryRecords(text, from, to, recall)
    if (records !== null) return { ...facts, known: false, recordCount: records.length, records: async () => records }
  }
  return readWhole(text, dialect, recall)
}

/** For envelopes in which the list is not the only array: slower, same result. */
async function readWhole(text: string, dialect: Dialect, recall: Recall): Promise<ConsentPage> {
  const envelope = decodeJson(text)
  const list = listIn(envelope, dialect.consentMembers)
  if (list === null) throw new SyntaxError('no list of records in the answer')
  const recordsText = JSON.stringify(list)
  const fingerprint = fingerprintOf(recordsText)
  const records = await readRecords(recordsText, 0, recordsText.length, recall)
  return {
    fingerprint,
    known: recall.page?.(fingerprint) !== undefined,
    recordCount: records.length,
    records: async () => records,
    ...envelopeFacts(envelope, dialect),
  }
}

/** Records between two looks at what else is to be done: a thousand at once would hold up whatever else the process does. */
const READ_AT_ONCE = 25

/** Of the list that is the part of the text from `from` up to `to`: a slice of a long text is read more slowly than the text. */
async function readRecords(text: string, from: number, to: number, recall: Recall): Promise<ListedRecord[]> {
  const name = recall.record ?? unknownRecord
  const slices = sliceRecords(text, from, to)
  if (slices === null) {
    return arrayOf(decodeJson(text.slice(from, to))).map((value) => {
      const written = JSON.stringify(value)
      return { text: written, digest: name(written).digest, knownId: undefined, value }
    })
  }
  const records: ListedRecord[] = []
  for (const slice of slices) {
    if (records.length % READ_AT_ONCE === READ_AT_ONCE - 1) await setImmediate()
    const { digest, knownId } = name(slice)
    records.push({ text: slice, digest, knownId, value: knownId === undefined ? decodeJson(slice) : undefined })
  }
  return records
}

function unknownRecord(text: string) {
  return { digest: hash('sha1', text, 'hex'), knownId: undefined }
}

/**
 * Cuts the text of the records out of the text of the answer without parsing it: a page that did not change, which is
 * nearly every page of nearly every sync, then costs one hash. The cut holds from the first `[` to the last `]`; it
 * counts only if what is left is an envelope whose list is the array that was cut. Where more than the list was cut
 * out, the cut is no JSON array, so that no fingerprint of it is ever handed out or recalled.
 */
function splitList(text: string, dialect: Dialect): { from: number; to: number; envelope: unknown } | null {
  const from = text.indexOf('[')
  const to = text.lastIndexOf(']')
  if (from < 0 || to < from) return null
  const envelope = tryParse(`${text.slice(0, from)}[]${text.slice(to + 1)}`)
  // Not listIn: where the list is null, the array that was cut out is another one.
  const list = Array.isArray(envelope) ? envelope : memberIn(envelope, dialect.consentMembers)
  return Array.isArray(list) ? { from, to: to + 1, envelope } : null
}

/** The array of an answer: the answer itself, or the first of the named members, where null means an empty one. Null = none. */
export function listIn(answer: unknown, memberNames: readonly string[]): unknown[] | null {
  if (Array.isArray(answer)) return answer
  const member = memberIn(answer, memberNames)
  if (member === null) return []
  return Array.isArray(member) ? member : null
}

function memberIn(answer: unknown, names: readonly string[]): unknown {
  if (answer === null || typeof answer !== 'object') return undefined
  const entries = Object.entries(answer)
  for (const name of names) {
    const found = entries.find(([key]) => key.toLowerCase() === name)
    if (found !== undefined) return found[1]
  }
  return undefined
}

/** What an answer says of its whole list: the total and the link to the next page. */
export function envelopeFacts(envelope: unknown, dialect: Dialect): Pick<ConsentPage, 'totalCount' | 'nextLink'> {
  const total = memberIn(envelope, dialect.totalMembers)
  const count = typeof total === 'string' && /^\d+$/.test(total) ? Number(total) : total
  const link = memberIn(envelope, dialect.nextLinkMembers)
  return {
    totalCount: typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : null,
    nextLink: typeof link === 'string' && link.trim() !== '' ? link.trim() : null,
  }
}

function fingerprintOf(recordsText: string): string {
  return hash('sha256', recordsText, 'base64url')
}

function arrayOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  throw new SyntaxError('the records are not a list')
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not an error yet: the caller then reads the whole text, which reports what is wrong with it.
    return undefined
  }
}

async function tryRecords(text: string, from: number, to: number, recall: Recall): Promise<ListedRecord[] | null> {
  try {
    return await readRecords(text, from, to, recall)
  } catch {
    // As above.
    return null
  }
}
