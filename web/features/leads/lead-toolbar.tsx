import { Button, MessageBar, MessageBarBody, SearchBox } from '@fluentui/react-components'
import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LeadFilter } from '../../api/leads.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { DateFilter } from '../../ui/date-filter.tsx'
import { FacetFilter, type FacetValue } from '../../ui/facet-filter.tsx'
import { useWatched } from '../../ui/watched.ts'
import { ArchivedFilter } from './archived-filter.tsx'
import { GivenFilters } from './given-filters.tsx'
import { useLeadExport } from './lead-export.ts'
import { type FacetName, useFacetCounts, useSettledFilter } from './lead-queries.ts'
import {
  cutSearch,
  ignoredFilters,
  isNarrowed,
  isSearchCut,
  type LeadSearch,
  licenses,
  processings,
  SEARCH_LENGTH_MAX,
  statuses,
  withoutFilters,
} from './lead-search.ts'
import styles from './leads.module.css'
import { OverdueFilter, OwnerFilter } from './owner-filter.tsx'

/** The third letter asks at once; while somebody types on, the server is asked at most this often. */
const ASK_EVERY_MS = 120
/** Fewer letters are in nearly every lead and cost the server most: only who stops there is asked for them. */
const LEAST_LETTERS = 3
const FEW_LETTERS_PAUSE_MS = 300

type LeadToolbarProps = {
  search: LeadSearch
  filter: LeadFilter
  total: number | undefined
  onChange: (search: LeadSearch) => void
}

/** Search, two dates, three facets, and how many leads that leaves. Source: seed 000, toolbar; issue 3, 3. */
export function LeadToolbar({ search, filter, total, onChange }: LeadToolbarProps) {
  const { t } = useTranslation()
  const ignored = useWatched(ignoredFilters)
  const isCut = useWatched(isSearchCut) && search.q?.length === SEARCH_LENGTH_MAX
  const set = (name: keyof LeadSearch, value: string | undefined) => {
    ignoredFilters.set('')
    const { [name]: _before, ...others } = search
    onChange(value ? { ...others, [name]: value } : others)
  }
  return (
    <>
      {ignored && (
        <MessageBar intent="info">
          <MessageBarBody>{t('leads.ignored', { names: ignored })}</MessageBarBody>
        </MessageBar>
      )}
      {isCut && (
        <MessageBar intent="info">
          <MessageBarBody>{t('leads.searchCut', { count: SEARCH_LENGTH_MAX })}</MessageBarBody>
        </MessageBar>
      )}
      <search className={styles.toolbar} aria-label={t('leads.narrow')}>
        <SearchField text={search.q ?? ''} onChange={(q) => set('q', q)} />
        <div className={styles.chips}>
          <DateFilter label={t('lead.consented')} choice={search.consented} onChange={(day) => set('consented', day)} />
          <DateFilter label={t('lead.modified')} choice={search.modified} onChange={(day) => set('modified', day)} />
          <Facets search={search} filter={filter} onChange={set} />
          <GivenFilters search={search} onChange={set} />
          <OwnerFilter
            choice={search.owner}
            onChange={(owner) => set('owner', owner)}
            isOverdue={search.overdue === 'true'}
            onOverdue={(isOn) => set('overdue', isOn ? 'true' : undefined)}
          />
          {search.overdue === 'true' && <OverdueFilter onClear={() => set('overdue', undefined)} />}
          <ArchivedFilter choice={search.archived} onChange={(choice) => set('archived', choice)} />
          {isNarrowed(search) && (
            <Button size="small" appearance="subtle" onClick={() => onChange(withoutFilters(search))}>
              {t('filter.clearAll')}
            </Button>
          )}
        </div>
        <span className={styles.results} role="status">
          {total === undefined ? '' : t('leads.results', { count: total, shown: total.toLocaleString() })}
        </span>
      </search>
    </>
  )
}

/** All that the filter shows, as a file. */
export function ExportAll({ filter, total }: Pick<LeadToolbarProps, 'filter' | 'total'>) {
  const { t } = useTranslation()
  const { exportAll } = useLeadExport()
  return (
    <PermittedButton
      size="small"
      className={`${styles.export}`}
      icon={<ArrowDownloadRegular fontSize={16} />}
      verdict={{ allowed: total !== 0, reason: t('export.nothing') }}
      onClick={() => exportAll(filter)}
    >
      <span className={styles.wideOnly}>{t('leads.exportCsv')}</span>
    </PermittedButton>
  )
}

function SearchField({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(text)
  const sent = useRef(text)
  const sentAt = useRef(0)
  // The address changed by other means (back, "Clear all"): it wins over what stands in the field.
  useEffect(() => {
    if (text === sent.current) return
    sent.current = text
    setTyped(text)
  }, [text])
  const latest = useRef(onChange)
  latest.current = onChange
  const send = useCallback((text: string) => {
    sent.current = text
    sentAt.current = performance.now()
    latest.current(text)
  }, [])
  useEffect(() => {
    if (typed === sent.current) return
    const timer = setTimeout(() => send(typed), pauseBefore(typed, sentAt.current))
    return () => clearTimeout(timer)
  }, [typed, send])
  return (
    <SearchBox
      className={`${styles.search}`}
      placeholder={t('leads.search')}
      aria-label={t('leads.search')}
      title={t('leads.searchHint')}
      value={typed}
      onChange={(_, { value }) => {
        const next = cutSearch(value)
        setTyped(next)
        if (next !== sent.current && pauseBefore(next, sentAt.current) === 0) send(next)
      }}
    />
  )
}

function pauseBefore(typed: string, sentAt: number): number {
  const { length } = typed.trim()
  if (length > 0 && length < LEAST_LETTERS) return FEW_LETTERS_PAUSE_MS
  return Math.max(0, sentAt + ASK_EVERY_MS - performance.now())
}

type FacetsProps = {
  search: LeadSearch
  filter: LeadFilter
  onChange: (name: FacetName, value: string | undefined) => void
}

function Facets({ search, filter, onChange }: FacetsProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const counts = useFacetCounts(operatorId, useSettledFilter(filter))
  const names = useMemo(
    () =>
      ({
        status: {
          label: t('lead.microsoftStatus'),
          known: statuses,
          word: (value: string) => t(`lead.status.${value as 'Active'}`, { defaultValue: value }),
        },
        license: {
          label: t('lead.license.label'),
          known: licenses,
          word: (value: string) => t(`lead.license.${value as 'none'}`, { defaultValue: value }),
        },
        processing: {
          label: t('lead.processing.label'),
          known: processings,
          word: (value: string) => t(`lead.processing.${value as 'Updating'}`, { defaultValue: value }),
        },
      }) satisfies Record<FacetName, unknown>,
    [t],
  )
  return (Object.keys(names) as FacetName[]).map((name) => {
    const chosen = search[name]?.split(',') ?? []
    const counted = counts[name]?.values
    // Words of Microsoft that we do not know yet are found and offered as well.
    const values = [...new Set<string>([...names[name].known, ...(counted ?? []).map(({ value }) => value), ...chosen])]
    return (
      <FacetFilter
        key={name}
        label={names[name].label}
        chosen={chosen}
        all={counts[name]?.all ?? null}
        onChange={(next) => onChange(name, next.join(','))}
        values={values.map<FacetValue>((value) => ({
          value,
          label: names[name].word(value),
          count: counted ? (counted.find((one) => one.value === value)?.count ?? 0) : null,
        }))}
      />
    )
  })
}
