import { createHash } from 'node:crypto'
import { badRequest } from '../../kernel/errors.ts'
import type { ServicePosition, ServiceQuery } from './service-query.rules.ts'

/** A short digest of everything that decides what a list holds, except where the page begins. */
export function listDigest(query: ServiceQuery): string {
  const { offset: _offset, limit: _limit, after: _after, ...list } = query
  const entries = Object.entries(list).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(entries)).digest('base64url').slice(0, 12)
}

/** The same with the page. */
export function pageDigest(query: ServiceQuery): string {
  const page = JSON.stringify([listDigest(query), query.offset, query.limit, query.after])
  return createHash('sha256').update(page).digest('base64url').slice(0, 16)
}

/** A position in one ordered, filtered list, as opaque text. */
export function encodeCursor(query: ServiceQuery, { arrival, key }: ServicePosition): string {
  return Buffer.from(JSON.stringify([listDigest(query), arrival, key])).toString('base64url')
}

/** The position again; 400 when the text is not ours or belongs to another order or filter. */
export function decodeCursor(query: ServiceQuery, cursor: string): ServicePosition {
  const parts = parsed(cursor)
  if (Array.isArray(parts) && parts.length === 3 && parts[0] === listDigest(query)) {
    const [, arrival, key] = parts as [unknown, unknown, unknown]
    if (typeof key === 'string' && Number.isInteger(arrival) && Math.abs(arrival as number) < 2 ** 31) {
      return { key, arrival: arrival as number }
    }
  }
  const detail =
    'This cursor does not belong to this list. Use nextCursor of the page before with the same order and filters, or leave it out to start again.'
  throw badRequest([{ pointer: '/query/cursor', detail }])
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return null
  }
}
