import { createHash } from 'node:crypto'
import { NOTICES_PAGE_SIZE_DEFAULT, noticesOpenTo } from '../../../contract/notices.ts'
import { badRequest } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { type NoticeRow, type NoticeScope, noticeStore } from './notice.store.ts'
import { isRead, type Reading, readingAfter } from './reading.rules.ts'
import { readingStore } from './reading.store.ts'

export type ShownNotice = { notice: NoticeRow; read: boolean }
export type NoticePage = { notices: ShownNotice[]; unread: number; nextCursor: string | null }
type ListQuery = { unread?: boolean; cursor?: string; pageSize?: number }

export type NoticeService = ReturnType<typeof createNoticeService>

/** What somebody is told of in the portal, and how far he has read it: as himself, for one operator, through a channel's eyes or not. */
export function createNoticeService({ transact }: { transact: Transact }) {
  return {
    /** Changes with what is new and with what is read; costs one look at an index. */
    tag: (principal: OperatorPrincipal, query: ListQuery): Promise<string> =>
      transact(principal, async (tx) => {
        const scope = scopeOf(principal)
        const newest = await noticeStore(tx).newest(principal.channelId)
        const reading = await readingStore(tx, scope.reader, principal.channelId).find()
        const state = JSON.stringify([principal.operatorId, scope, newest, reading, query])
        return createHash('sha256').update(state).digest('base64url').slice(0, 22)
      }),

    list: (principal: OperatorPrincipal, query: ListQuery): Promise<NoticePage> =>
      transact(principal, async (tx) => {
        const { pageSize = NOTICES_PAGE_SIZE_DEFAULT, cursor } = query
        const scope = scopeOf(principal)
        const reading = await readingStore(tx, scope.reader, principal.channelId).find()
        const store = noticeStore(tx)
        const before = cursor === undefined ? null : decodeCursor(cursor)
        // One more than asked tells whether there is a next page.
        const found = await store.list(scope, { before, limit: pageSize + 1, unread: query.unread ? reading : null })
        const rows = found.slice(0, pageSize)
        const last = found.length > pageSize ? rows.at(-1) : undefined
        return {
          notices: rows.map((notice) => ({ notice, read: isReadBy(scope.reader, reading, notice) })),
          unread: await store.countUnread(scope, reading),
          nextCursor: last ? encodeCursor(last.position) : null,
        }
      }),

    /** How many are unread then. */
    markRead: (
      principal: OperatorPrincipal,
      { upTo, noticeIds }: { upTo?: number; noticeIds?: string[] },
    ): Promise<number> =>
      transact(principal, async (tx) => {
        const scope = scopeOf(principal)
        const store = noticeStore(tx)
        const readings = readingStore(tx, scope.reader, principal.channelId)
        const before = await readings.lock()
        const after = readingAfter(before, {
          ...(upTo !== undefined && { upTo }),
          positions: noticeIds ? await store.positionsOf(scope, noticeIds) : [],
          newest: await store.newest(principal.channelId),
        })
        await readings.save(after)
        return store.countUnread(scope, after)
      }),
  }
}

/** As actors of events are written, so that one's own doing is known. */
function scopeOf({ kind, id, channelId, permissions }: OperatorPrincipal): NoticeScope {
  const names = noticesOpenTo({ permissions, isChannel: channelId !== null })
  return { reader: `${kind}/${id}`, channelId, names }
}

function isReadBy(reader: string, reading: Reading, { position, actor }: NoticeRow): boolean {
  return actor === reader || isRead(reading, position)
}

function encodeCursor(position: number): string {
  return Buffer.from(`n${position}`).toString('base64url')
}

function decodeCursor(cursor: string): number {
  const [, digits] = /^n(\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (digits !== undefined && Number.isSafeInteger(Number(digits))) return Number(digits)
  const detail = 'Not a cursor of this list: use nextCursor of the page before, or leave it out.'
  throw badRequest([{ pointer: '/query/cursor', detail }])
}
