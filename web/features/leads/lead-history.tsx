import { Button } from '@fluentui/react-components'
import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download'
import { HistoryRegular } from '@fluentui/react-icons/svg/history'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listJournalEntries } from '../../api/journal.ts'
import type { DeskLeadDetail } from '../../api/leads.ts'
import { channelsQuery } from '../../api/queries.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { instantOf } from '../../ui/dates.ts'
import { FacetFilter } from '../../ui/facet-filter.tsx'
import { EmptyState, LoadingRows } from '../../ui/states.tsx'
import desk from './lead-desk.module.css'
import { useHistoryExport } from './lead-history-export.ts'
import { type HistoryContext, type HistoryTopic, historyTopics } from './lead-history-fields.ts'
import { HistoryMomentView } from './lead-history-moment.tsx'
import { type HistoryMoment, type HistorySource, historyOf, historySources } from './lead-history-words.ts'

/** A filter that leaves less than this on the screen reads on by itself. */
const ENOUGH_MOMENTS = 20
/** More is read only when it is asked for. */
const READ_ON_PAGES = 20

/**
 * Lead History: who did what with this lead, and what Microsoft did, in words, newest first. Source: seed 000, row menu;
 * issue 5, 3.
 */
export function LeadHistory({ lead }: { lead: DeskLeadDetail }) {
  const { t } = useTranslation()
  const context = useHistoryContext(lead)
  const { entries, moments } = useMoments(lead, context)
  const [sources, setSources] = useState<HistorySource[]>([])
  const [topics, setTopics] = useState<HistoryTopic[]>([])
  const exportHistory = useHistoryExport(lead, context)
  const shown = moments.filter(
    ({ source, topics: about }) =>
      (sources.length === 0 || sources.includes(source)) &&
      (topics.length === 0 || about.some((topic) => topics.includes(topic))),
  )
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = entries
  const isFiltered = sources.length + topics.length > 0
  const pages = entries.data?.pages.length ?? 0
  const readsOn = isFiltered && shown.length < ENOUGH_MOMENTS && hasNextPage && pages < READ_ON_PAGES
  useEffect(() => {
    if (readsOn && !isFetchingNextPage) void fetchNextPage()
  }, [readsOn, isFetchingNextPage, fetchNextPage])
  if (entries.isPending) return <LoadingRows count={4} />
  if (entries.isError) return <ProblemNotice error={entries.error} onRetry={() => void entries.refetch()} />
  return (
    <>
      <search className={desk.historyFilters} aria-label={t('leads.narrow')}>
        <FacetFilter
          label={t('leadDesk.history.by')}
          chosen={sources}
          onChange={(next) => setSources(next as HistorySource[])}
          values={historySources.map((value) => counted(t(`leadDesk.history.source.${value}`), value, moments))}
        />
        <FacetFilter
          label={t('leadDesk.history.about')}
          chosen={topics}
          onChange={(next) => setTopics(next as HistoryTopic[])}
          values={historyTopics.map((value) => counted(t(`leadDesk.history.topic.${value}`), value, moments))}
        />
        <Button
          size="small"
          icon={<ArrowDownloadRegular fontSize={16} />}
          disabledFocusable={moments.length === 0}
          onClick={exportHistory}
        >
          {t('leads.exportCsv')}
        </Button>
      </search>
      {shown.length === 0 && !readsOn && <NoMoments t={t} isFiltered={isFiltered} />}
      <ol className={desk.timeLine}>
        {shown.map((moment) => (
          <HistoryMomentView key={moment.id} moment={moment} />
        ))}
      </ol>
      {readsOn && <LoadingRows count={2} />}
      {hasNextPage && !readsOn && (
        <Button onClick={() => void fetchNextPage()} disabledFocusable={isFetchingNextPage}>
          {t('list.more')}
        </Button>
      )}
    </>
  )
}

function NoMoments({ t, isFiltered }: { t: TFunction; isFiltered: boolean }) {
  return (
    <EmptyState icon={<HistoryRegular />} title={t(isFiltered ? 'empty.narrowed' : 'journal.leadEmpty')}>
      {t(isFiltered ? 'leadDesk.history.narrowedText' : 'journal.leadEmptyText')}
    </EmptyState>
  )
}

function counted(label: string, value: HistorySource | HistoryTopic, moments: readonly HistoryMoment[]) {
  const count = moments.filter(
    ({ source, topics }) => source === value || topics.includes(value as HistoryTopic),
  ).length
  return { value, label, count }
}

function useMoments(lead: DeskLeadDetail, context: HistoryContext) {
  const { operatorId } = useOperator()
  const entries = useInfiniteQuery({
    // Also anew when the lead has changed.
    queryKey: ['journal', operatorId, 'lead', lead.id, lead.changedAt],
    queryFn: ({ pageParam, signal }) =>
      listJournalEntries(operatorId, { objectType: 'lead', objectId: lead.id }, { cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (before, query) => (query?.queryKey[3] === lead.id ? before : undefined),
  })
  const pages = entries.data?.pages
  const isWhole = entries.isSuccess && !entries.hasNextPage
  const moments = useMemo(() => {
    const written = historyOf(pages?.flatMap(({ data }) => data) ?? [], context)
    return isWhole ? withBeginning(written, lead, context) : written
  }, [pages, isWhole, lead, context])
  return { entries, moments }
}

function useHistoryContext(lead: DeskLeadDetail): HistoryContext {
  const { t } = useTranslation()
  const { operatorId, can, isWholeOperator } = useOperator()
  const channels = useQuery({ ...channelsQuery(operatorId), enabled: can('channels.read') }).data
  return useMemo(() => {
    const names = new Map((channels ?? []).map(({ id, name }) => [id, name]))
    if (lead.channel) names.set(lead.channel.id, lead.channel.name)
    return { t, channels: names, isWholeOperator }
  }, [t, channels, lead.channel, isWholeOperator])
}

/** What was before we knew the lead, from what Microsoft says of it. */
function withBeginning(written: HistoryMoment[], lead: DeskLeadDetail, { t }: HistoryContext): HistoryMoment[] {
  const base = { quote: null, quoteBefore: null, result: 'ok', detail: null, action: '', requestId: null } as const
  const beginning: HistoryMoment[] = []
  if (!written.some(({ action }) => action === 'lead.created')) {
    const sentences = [t('leadDesk.history.firstSeen')]
    beginning.push({
      ...base,
      id: 'first-seen',
      at: lead.firstSeenAt,
      source: 'leadline',
      topics: ['status'],
      sentences,
    })
  }
  if (!lead.isDirectLead) {
    const sentences = [t('leadDesk.history.consented')]
    beginning.push({
      ...base,
      id: 'consented',
      at: lead.consentedOn,
      source: 'microsoft',
      topics: ['status'],
      sentences,
    })
  }
  const timeOf = ({ at }: HistoryMoment) => instantOf(at)?.getTime() ?? 0
  return [...written, ...beginning].sort((a, b) => timeOf(b) - timeOf(a))
}
