import { useTranslation } from 'react-i18next'
import { type JournalPage, listJournalEntries } from '../../api/journal.ts'
import type { DeskLead } from '../../api/leads.ts'
import { startDownload } from '../../shell/downloads.ts'
import { useOperator } from '../../shell/operator.ts'
import { csvFileName } from '../../shell/save-file.ts'
import { CSV_BEGIN, csvLine } from '../../ui/csv.ts'
import type { HistoryContext } from './lead-history-fields.ts'
import { type HistoryMoment, historyOf } from './lead-history-words.ts'

/** As many as the API gives at a time. */
const PAGE_SIZE = 1_000

const columns: Record<string, (moment: HistoryMoment) => string | null> = {
  Time: ({ at }) => at,
  By: ({ source }) => source,
  'What Happened': ({ sentences }) => sentences.join(' '),
  Text: ({ quote }) => quote,
  'Text Before': ({ quoteBefore }) => quoteBefore,
  Outcome: ({ result }) => result,
  Detail: ({ detail }) => detail,
  Action: ({ action }) => action,
  'Request ID': ({ requestId }) => requestId,
  'Entry ID': ({ id }) => id,
}

/** Saves the whole history of a lead in words as CSV, newest first; times are UTC. Source: issue 5, 3. */
export function useHistoryExport(lead: DeskLead, context: HistoryContext): () => void {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  return () =>
    void startDownload({
      fileName: csvFileName([t('leadDesk.history.file'), lead.companyName?.trim() || lead.tenantId], new Date()),
      unit: 'entries',
      help: null,
      begin: async (signal) => {
        const filter = { objectType: 'lead', objectId: lead.id }
        const read = (cursor?: string) =>
          listJournalEntries(operatorId, filter, { cursor, pageSize: PAGE_SIZE }, signal)
        return { headers: new Headers(), pieces: lines(await read(), read, context) }
      },
    })
}

async function* lines(
  first: JournalPage,
  read: (cursor: string) => Promise<JournalPage>,
  context: HistoryContext,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder()
  yield encoder.encode(CSV_BEGIN + csvLine(Object.keys(columns)))
  let page: JournalPage | null = first
  while (page !== null) {
    const moments = historyOf(page.data, context)
    const cells = moments.map((moment) => csvLine(Object.values(columns).map((cell) => cell(moment))))
    yield encoder.encode(cells.join(''))
    page = page.nextCursor === null ? null : await read(page.nextCursor)
  }
}
