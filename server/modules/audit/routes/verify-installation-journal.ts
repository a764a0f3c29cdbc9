import { verifyInstallationJournal } from '../../../../contract/journal.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { JournalService } from '../journal.service.ts'
import { toWireVerification } from '../journal.view.ts'

export function verifyInstallationJournalRoute(journal: JournalService): Route {
  return route(verifyInstallationJournal, async ({ query }, { principal, signal }) => {
    return { json: toWireVerification(await journal.verify(principal, query, signal)) }
  })
}
