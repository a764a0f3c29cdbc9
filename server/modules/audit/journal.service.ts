import { JOURNAL_PAGE_SIZE_DEFAULT, type JournalVerification } from '../../../contract/journal.ts'
import { badRequest } from '../../kernel/errors.ts'
import type { Principal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import type { Signer } from '../../platform/secrets/index.ts'
import { decodeCursor, encodeCursor, readInstant } from './journal-cursor.ts'
import { type EntryRow, type JournalFilter, selectEntries } from './journal-list.store.ts'
import { createJournalVerification } from './journal-verification.ts'

export type JournalQuery = Omit<JournalFilter, 'from' | 'to' | 'after'> & {
  from?: string
  to?: string
  cursor?: string
  pageSize?: number
}

export type JournalService = {
  list(principal: Principal, query: JournalQuery): Promise<{ entries: EntryRow[]; nextCursor: string | null }>
  /** `headPosition` and `headHash` belong together: a head from the log. */
  verify(
    principal: Principal,
    query: { headPosition?: number; headHash?: string },
    signal?: AbortSignal,
  ): Promise<JournalVerification>
}

/** Reading and verifying the journal; writing is `journal(tx).append`. */
export function createJournalService(settings: { transact: Transact; signer: Signer }): JournalService {
  const verifyJournal = createJournalVerification(settings)
  return {
    async list(principal, { from, to, cursor, pageSize = JOURNAL_PAGE_SIZE_DEFAULT, ...exact }) {
      if (exact.objectId !== undefined && exact.objectType === undefined) {
        throw badRequest([{ pointer: '/query/objectType', detail: 'Give objectType with objectId, for example lead.' }])
      }
      const filter: JournalFilter = {
        ...exact,
        ...(from !== undefined && { from: readInstant('from', from) }),
        ...(to !== undefined && { to: readInstant('to', to) }),
        ...(cursor !== undefined && { after: decodeCursor(cursor) }),
      }
      // One more than asked tells whether there is a next page.
      const rows = await settings.transact(principal, (tx) => selectEntries(tx, filter, pageSize + 1))
      const entries = rows.slice(0, pageSize)
      const last = entries.at(-1)
      const more = rows.length > pageSize && last
      return { entries, nextCursor: more ? encodeCursor({ at: last.at, entryId: last.entry_id }) : null }
    },

    async verify(principal, { headPosition, headHash }, signal) {
      if ((headPosition === undefined) !== (headHash === undefined)) {
        throw badRequest([{ pointer: '/query/headHash', detail: 'Give headPosition and headHash together.' }])
      }
      return verifyJournal(principal, {
        ...(signal && { signal }),
        ...(headPosition !== undefined &&
          headHash !== undefined && { knownHead: { position: headPosition, hash: headHash } }),
      })
    },
  }
}
