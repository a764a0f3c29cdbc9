import { badRequest } from '../../kernel/errors.ts'
import { isGuid } from '../../kernel/ids.ts'
import { parseInstant } from '../../kernel/instant.ts'
import type { EntryPosition } from './journal-list.store.ts'

const INSTANT = /^\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/

/** Where a page ended, as opaque text. */
export function encodeCursor({ at, entryId }: EntryPosition): string {
  return Buffer.from(`${at} ${entryId}`).toString('base64url')
}

/** 400 when the text is not one of ours. */
export function decodeCursor(cursor: string): EntryPosition {
  const [at = '', entryId = '', ...rest] = Buffer.from(cursor, 'base64url').toString().split(' ')
  if (rest.length === 0 && isInstant(at) && isGuid(entryId)) return { at, entryId }
  throw badRequest([
    {
      pointer: '/query/cursor',
      detail: 'Not a cursor of this list: use nextCursor of the page before, or leave it out.',
    },
  ])
}

/** An instant (ISO 8601) or a date, taken as UTC; 400 naming the parameter. */
export function readInstant(name: string, text: string): Date {
  const instant = parseInstant(text)
  if (instant) return instant
  throw badRequest([
    {
      pointer: `/query/${name}`,
      detail: 'Must be an instant such as 2026-11-22T04:00:00Z, or a date such as 2026-11-22.',
    },
  ])
}

function isInstant(text: string): boolean {
  return INSTANT.test(text) && !Number.isNaN(Date.parse(text))
}
