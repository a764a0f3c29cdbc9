import { badRequest } from '../../kernel/errors.ts'
import { isGuid } from '../../kernel/ids.ts'
import type { TaskPosition } from './task-list.store.ts'

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/

/** Where a page of tasks ended, as opaque text. */
export function encodeCursor({ at, taskId }: TaskPosition): string {
  return Buffer.from(`${at} ${taskId}`).toString('base64url')
}

/** 400 when the text is not one of ours. */
export function decodeCursor(cursor: string): TaskPosition {
  const [at = '', taskId = '', ...rest] = Buffer.from(cursor, 'base64url').toString().split(' ')
  if (rest.length === 0 && INSTANT.test(at) && !Number.isNaN(Date.parse(at)) && isGuid(taskId)) return { at, taskId }
  throw notOurs()
}

/** Items go by their number. */
export function decodeItemCursor(cursor: string): number {
  if (/^[1-9]\d{0,8}$/.test(cursor)) return Number(cursor)
  throw notOurs()
}

function notOurs(): Error {
  const detail = 'Not a cursor of this list: use nextCursor of the page before, or leave it out.'
  return badRequest([{ pointer: '/query/cursor', detail }])
}
