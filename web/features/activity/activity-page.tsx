import { Button, Input } from '@fluentui/react-components'
import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download'
import { HistoryRegular } from '@fluentui/react-icons/svg/history'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useCallback, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type JournalFilter, listJournalEntries, type WireJournalEntry } from '../../api/journal.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { serverNow, useDay } from '../../ui/clock.ts'
import { DataGrid } from '../../ui/data-grid/data-grid.tsx'
import type { GridColumn } from '../../ui/data-grid/grid-column.ts'
import { rangeOf } from '../../ui/date-choice.ts'
import { DateFilter } from '../../ui/date-filter.tsx'
import { FacetFilter } from '../../ui/facet-filter.tsx'
import { FilterChip } from '../../ui/filter-chip.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { EmptyState, LoadingRows } from '../../ui/states.tsx'
import { Truncated } from '../../ui/truncated.tsx'
import styles from './activity.module.css'
import { type ActivitySearch, results } from './activity-search.ts'
import { EntryPanel } from './entry-panel.tsx'
import { useJournalExport } from './journal-export.ts'
import { ResultPill } from './result-pill.tsx'
import { Verification } from './verification.tsx'

const POLL_MS = 10_000
const NO_ENTRIES: WireJournalEntry[] = []
const entryIdOf = (entry: WireJournalEntry) => entry.id

/** The journal: what was done, by whom and from where, newest first, and whether it is whole. */
export function ActivityPage() {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const search = getRouteApi('/operators/$operatorId/activity').useSearch()
  const navigate = useNavigate()
  const setSearch = useCallback(
    (next: ActivitySearch) =>
      void navigate({ to: paths.activity, params: { operatorId: String(operatorId) }, search: next, replace: true }),
    [navigate, operatorId],
  )
  const filter = useJournalFilter(search)
  const exportJournal = useJournalExport()
  const list = useInfiniteQuery({
    queryKey: ['journal', operatorId, filter],
    queryFn: ({ pageParam, signal }) => listJournalEntries(operatorId, filter, { cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    // A list that is loaded far down is not read anew by itself.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= 1 ? POLL_MS : false),
    placeholderData: (before) => before,
  })
  const rows = useMemo(() => list.data?.pages.flatMap(({ data }) => data) ?? NO_ENTRIES, [list.data?.pages])
  const columns = useMemo(() => entryColumns(t), [t])
  const grid = useRef<HTMLDivElement>(null)
  const [takesFocus, setTakesFocus] = useState(false)
  const open = rows.find(({ id }) => id === search.entry)
  const close = () => {
    const { entry: _entry, ...others } = search
    setSearch(others)
    grid.current?.focus({ preventScroll: true })
  }
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list
  const onNearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const at = open ? rows.indexOf(open) : -1
  const goTo = (index: number) => {
    const entry = at < 0 ? undefined : rows[index]
    return entry && (() => setSearch({ ...search, entry: entry.id }))
  }

  return (
    <div className={styles.page}>
      <div className={styles.top}>
        <h1>{t('navigation.activity')}</h1>
        <div className={styles.actions}>
          <Verification />
          <Button
            size="small"
            icon={<ArrowDownloadRegular fontSize={16} />}
            disabledFocusable={rows.length === 0}
            onClick={() => exportJournal(filter)}
          >
            {t('leads.exportCsv')}
          </Button>
        </div>
      </div>
      <Filters search={search} onChange={setSearch} />
      <div className={styles.list}>
        <ProblemNotice error={list.error} onRetry={() => void list.refetch()} />
        {list.isPending ? (
          <LoadingRows />
        ) : (
          <DataGrid
            label={t('navigation.activity')}
            columns={columns}
            rows={rows}
            rowId={entryIdOf}
            total={hasNextPage ? null : rows.length}
            openRowId={search.entry}
            onOpen={(entry, how) => {
              setTakesFocus(how === 'enter')
              setSearch({ ...search, entry })
            }}
            onClose={search.entry ? close : undefined}
            hasMore={hasNextPage}
            onNearEnd={onNearEnd}
            gridRef={grid}
            empty={
              <EmptyState icon={<HistoryRegular />} title={t('journal.empty')}>
                {t('journal.emptyText')}
              </EmptyState>
            }
          />
        )}
      </div>
      {open && (
        <EntryPanel
          entry={open}
          takesFocus={takesFocus}
          onPrevious={goTo(at - 1)}
          onNext={goTo(at + 1)}
          onClose={close}
        />
      )}
    </div>
  )
}

function useJournalFilter(search: ActivitySearch): JournalFilter {
  const { since, entry: _entry, ...texts } = search
  useDay()
  const days = rangeOf(since, serverNow())
  const text = JSON.stringify({ ...texts, from: days.since?.toISOString(), to: days.before?.toISOString() })
  return useMemo(() => JSON.parse(text) as JournalFilter, [text])
}

function entryColumns(t: TFunction): GridColumn<WireJournalEntry>[] {
  return [
    { id: 'at', header: t('journal.when'), width: 120, cell: ({ at }) => <RelativeTime instant={at} /> },
    {
      id: 'action',
      header: t('journal.what'),
      width: 220,
      grow: 1,
      cell: ({ action }) => (
        <Truncated text={t(`journal.action.${action as 'lead.changed'}`, { defaultValue: action })} />
      ),
    },
    {
      id: 'object',
      header: t('journal.object'),
      width: 220,
      grow: 1.4,
      cell: ({ object }) => (
        <>
          <Truncated text={object.name ?? object.id} />
          <Truncated text={object.type} quiet />
        </>
      ),
    },
    {
      id: 'actor',
      header: t('journal.who'),
      width: 200,
      grow: 1,
      cell: ({ actor }) => <Truncated text={actor.name} />,
    },
    { id: 'result', header: t('journal.outcome'), width: 120, cell: ({ result }) => <ResultPill result={result} /> },
    {
      id: 'detail',
      header: t('journal.detail'),
      width: 160,
      grow: 1.2,
      cell: ({ detail }) => (detail ? <Truncated text={detail} quiet /> : null),
    },
  ]
}

function Filters({ search, onChange }: { search: ActivitySearch; onChange: (search: ActivitySearch) => void }) {
  const { t } = useTranslation()
  const set = (name: keyof ActivitySearch, value: string | undefined) => {
    const { [name]: _before, entry: _entry, ...others } = search
    onChange(value ? { ...others, [name]: value } : others)
  }
  return (
    <search className={styles.filters} aria-label={t('leads.narrow')}>
      <DateFilter label={t('journal.when')} choice={search.since} onChange={(since) => set('since', since)} />
      <FacetFilter
        label={t('journal.outcome')}
        values={results.map((value) => ({ value, label: t(`journal.result.${value}`), count: null }))}
        chosen={search.result ? [search.result] : []}
        onChange={(chosen) => set('result', chosen.at(-1))}
      />
      {(search.objectType || search.objectId) && (
        <FilterChip
          label={t('journal.object')}
          value={[search.objectType, search.objectId].filter(Boolean).join(' ')}
          onClear={() => {
            const { objectType: _type, objectId: _id, entry: _entry, ...others } = search
            onChange(others)
          }}
        >
          {() => <p className={styles.object}>{[search.objectType, search.objectId].filter(Boolean).join(' ')}</p>}
        </FilterChip>
      )}
      <ExactText name="actor" label={t('journal.who')} search={search} onChange={set} />
      <ExactText name="action" label={t('journal.what')} search={search} onChange={set} />
    </search>
  )
}

type ExactTextProps = {
  name: 'actor' | 'action'
  label: string
  search: ActivitySearch
  onChange: (name: 'actor' | 'action', value: string | undefined) => void
}

/** The journal filters by whole words of its own: sent with Enter or when one leaves the field. */
function ExactText({ name, label, search, onChange }: ExactTextProps) {
  const { t } = useTranslation()
  const given = search[name] ?? ''
  const [typed, setTyped] = useState(given)
  const [shown, setShown] = useState(given)
  if (given !== shown) {
    setShown(given)
    setTyped(given)
  }
  const send = () => {
    if (typed.trim() !== given) onChange(name, typed.trim() || undefined)
  }
  return (
    <Input
      size="small"
      aria-label={label}
      placeholder={t('journal.exactly', { label })}
      value={typed}
      maxLength={200}
      onChange={(_, { value }) => setTyped(value)}
      onBlur={send}
      onKeyDown={({ key }) => key === 'Enter' && send()}
    />
  )
}
