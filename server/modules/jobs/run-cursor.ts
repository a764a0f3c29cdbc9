import { badRequest } from '../../kernel/errors.ts'
import { isGuid } from '../../kernel/ids.ts'
import type { RunPosition } from '../../platform/jobs/index.ts'

/** Where a page of runs ended, as opaque text. */
export function encodeCursor({ queuedAt, runId }: RunPosition): string {
  return Buffer.from(`${queuedAt} ${runId}`).toString('base64url')
}

/** 400 when the text is not one of ours. */
export function decodeCursor(cursor: string): RunPosition {
  const [queuedAt = '', runId = '', ...rest] = Buffer.from(cursor, 'base64url').toString().split(' ')
  const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(queuedAt) && !Number.isNaN(Date.parse(queuedAt))
  if (rest.length === 0 && isInstant && isGuid(runId)) return { queuedAt, runId }
  throw badRequest([
    {
      pointer: '/query/cursor',
      detail: 'Not a cursor of this list: use nextCursor of the page before, or leave it out.',
    },
  ])
}
