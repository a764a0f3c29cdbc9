import type { Route } from '../../../platform/http/index.ts'
import type { JournalService } from '../journal.service.ts'
import { listJournalEntriesRoute } from './list-journal-entries.ts'
import { verifyJournalRoute } from './verify-journal.ts'

export function auditRoutes(journal: JournalService): Route[] {
  return [listJournalEntriesRoute(journal), verifyJournalRoute(journal)]
}
