import type { Route } from '../../../platform/http/index.ts'
import type { JournalService } from '../journal.service.ts'
import { listInstallationJournalRoute } from './list-installation-journal.ts'
import { listJournalEntriesRoute } from './list-journal-entries.ts'
import { verifyInstallationJournalRoute } from './verify-installation-journal.ts'
import { verifyJournalRoute } from './verify-journal.ts'

export function auditRoutes(journal: JournalService): Route[] {
  return [
    listJournalEntriesRoute(journal),
    verifyJournalRoute(journal),
    listInstallationJournalRoute(journal),
    verifyInstallationJournalRoute(journal),
  ]
}
