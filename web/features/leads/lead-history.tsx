import { Button } from '@fluentui/react-components'
import { HistoryRegular } from '@fluentui/react-icons/svg/history'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { listJournalEntries } from '../../api/journal.ts'
import type { DeskLeadDetail } from '../../api/leads.ts'
import { JournalEntryView } from '../../shell/journal-entry.tsx'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { EmptyState, LoadingRows } from '../../ui/states.tsx'

/** Lead History: what was done with this lead, by whom, newest first. Source: seed 000, row menu. */
export function LeadHistory({ lead }: { lead: DeskLeadDetail }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const entries = useInfiniteQuery({
    // Also anew when the lead has changed.
    queryKey: ['journal', operatorId, 'lead', lead.id, lead.changedAt],
    queryFn: ({ pageParam, signal }) =>
      listJournalEntries(operatorId, { objectType: 'lead', objectId: lead.id }, { cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
  if (entries.isPending) return <LoadingRows count={4} />
  if (entries.isError) return <ProblemNotice error={entries.error} onRetry={() => void entries.refetch()} />
  const all = entries.data.pages.flatMap(({ data }) => data)
  if (all.length === 0)
    return (
      <EmptyState icon={<HistoryRegular />} title={t('journal.leadEmpty')}>
        {t('journal.leadEmptyText')}
      </EmptyState>
    )
  return (
    <>
      {all.map((entry) => (
        <JournalEntryView key={entry.id} entry={entry} />
      ))}
      {entries.hasNextPage && (
        <Button onClick={() => void entries.fetchNextPage()} disabledFocusable={entries.isFetchingNextPage}>
          {t('list.more')}
        </Button>
      )}
    </>
  )
}
