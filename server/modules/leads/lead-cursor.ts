import { createHash } from 'node:crypto'
import { badRequest } from '../../kernel/errors.ts'
import { isFiltered } from './lead-list.store.ts'
import type { LeadPosition, LeadQuery } from './lead-query.rules.ts'

/** A position in one ordered, filtered list, as opaque text; good only for the same order and filters. */
export function encodeCursor(query: LeadQuery, position: LeadPosition): string {
  return Buffer.from(JSON.stringify([listOf(query), position.arrival, position.key])).toString('base64url')
}

/** The position again; 400 when the text is not ours or belongs to another order or filter. */
export function decodeCursor(query: LeadQuery, cursor: string): LeadPosition {
  const position = read(cursor)
  if (position && position.list === listOf(query) && fits(query, position)) {
    return { key: position.key, arrival: position.arrival }
  }
  throw badRequest([
    {
      pointer: '/query/cursor',
      detail:
        'This cursor does not belong to this list. Use X-Next-Cursor of the page before with the same order and filters, or leave it out to start again.',
    },
  ])
}

/** Keys are read as instants or numbers by the database: only text that is one may get there. */
function fits(query: LeadQuery, position: LeadPosition): boolean {
  if (/^-?companySize$/.test(query.sort)) return /^-?\d{1,10}$/.test(position.key)
  if (!/^-?(consentedOn|lastModifiedOn)$/.test(query.sort)) return true
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(position.key) && !Number.isNaN(Date.parse(position.key))
}

function read(cursor: string): (LeadPosition & { list: string }) | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (!Array.isArray(parts) || parts.length !== 3) return null
    const [list, arrival, key] = parts as [unknown, unknown, unknown]
    if (typeof list !== 'string' || typeof key !== 'string' || !Number.isSafeInteger(arrival)) return null
    return { list, key, arrival: arrival as number }
  } catch {
    return null
  }
}

/** Names the order and the filters, so that a cursor of another list is told apart. */
function listOf(query: LeadQuery): string {
  return `${query.sort}${isFiltered(query) ? `.${digest(query)}` : ''}`
}

/** A short digest of everything that decides what a list holds, except where the page begins. */
export function digest(query: LeadQuery): string {
  const { offset: _offset, limit: _limit, after: _after, ...list } = query
  const entries = Object.entries(list).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(entries)).digest('base64url').slice(0, 12)
}
