import { useTranslation } from 'react-i18next'
import { type JournalFilter, type JournalPage, listJournalEntries, type WireJournalEntry } from '../../api/journal.ts'
import { startDownload } from '../../shell/downloads.ts'
import { useOperator } from '../../shell/operator.ts'
import { csvFileName } from '../../shell/save-file.ts'
import { CSV_BEGIN, csvLine } from '../../ui/csv.ts'

const columns: Record<string, (entry: WireJournalEntry) => string | null> = {
  Time: ({ at }) => at,
  Action: ({ action }) => action,
  'Object Type': ({ object }) => object.type,
  'Object ID': ({ object }) => object.id,
  'Object Name': ({ object }) => object.name,
  'Actor Kind': ({ actor }) => actor.kind,
  'Actor ID': ({ actor }) => actor.id,
  'Actor Name': ({ actor }) => actor.name,
  'Source Address': ({ sourceIp }) => sourceIp,
  Result: ({ result }) => result,
  Detail: ({ detail }) => detail,
  Before: ({ before }) => jsonText(before),
  After: ({ after }) => jsonText(after),
  'Request ID': ({ requestId }) => requestId,
  'Entry ID': ({ id }) => id,
}

/** Saves what the filter shows of the journal as CSV, newest first; times are UTC. Source: issue 3, 4. */
export function useJournalExport(): (filter: JournalFilter) => void {
  const { t } = useTranslation()
  const { operatorId, name } = useOperator()
  return (filter) =>
    void startDownload({
      fileName: csvFileName([t('journal.file'), name], new Date()),
      unit: 'entries',
      help: null,
      begin: async (signal) => {
        const read = (cursor?: string) =>
          listJournalEntries(operatorId, filter, { cursor, pageSize: PAGE_SIZE }, signal)
        return { headers: new Headers(), pieces: lines(await read(), read) }
      },
    })
}

/** As many as the API gives at a time. */
const PAGE_SIZE = 1_000

async function* lines(
  first: JournalPage,
  read: (cursor: string) => Promise<JournalPage>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder()
  yield encoder.encode(CSV_BEGIN + csvLine(Object.keys(columns)))
  let page: JournalPage | null = first
  while (page !== null) {
    const cells = page.data.map((entry) => csvLine(Object.values(columns).map((cell) => cell(entry))))
    yield encoder.encode(cells.join(''))
    page = page.nextCursor === null ? null : await read(page.nextCursor)
  }
}

function jsonText(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value)
}
