import { listInstallationJournal } from '../../../../contract/journal.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { JournalService } from '../journal.service.ts'
import { toWireEntry } from '../journal.view.ts'

export function listInstallationJournalRoute(journal: JournalService): Route {
  return route(listInstallationJournal, async ({ query }, { principal }) => {
    const { entries, nextCursor } = await journal.list(principal, query)
    return { json: { data: entries.map(toWireEntry), nextCursor } }
  })
}
