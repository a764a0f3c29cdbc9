import { Button, SearchBox } from '@fluentui/react-components'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServiceFilter } from '../../api/services.ts'
import { useOperator } from '../../shell/operator.ts'
import { FacetFilter } from '../../ui/facet-filter.tsx'
import { GivenFilterChip } from '../../ui/filter-chip.tsx'
import { useFacet } from './service-queries.ts'
import {
  type FacetName,
  facetNames,
  facetValues,
  isNarrowed,
  SEARCH_LENGTH_MAX,
  type ServiceSearch,
} from './service-search.ts'
import styles from './services.module.css'

const TYPING_PAUSE_MS = 200

type ServiceToolbarProps = {
  search: ServiceSearch
  filter: ServiceFilter
  total: number | undefined
  onChange: (search: ServiceSearch) => void
}

/** Search, four facets, and how many services that leaves. */
export function ServiceToolbar({ search, filter, total, onChange }: ServiceToolbarProps) {
  const { t } = useTranslation()
  const set = (name: keyof ServiceSearch, value: string | undefined) => {
    const { [name]: _before, ...others } = search
    onChange(value ? { ...others, [name]: value } : others)
  }
  return (
    <search className={styles.toolbar} aria-label={t('services.narrow')}>
      <SearchField text={search.q ?? ''} onChange={(q) => set('q', q)} />
      {facetNames.map((name) => (
        <Facet key={name} name={name} search={search} filter={filter} onChange={set} />
      ))}
      {search.channel !== undefined && (
        <GivenFilterChip
          label={t('lead.channelName')}
          value={search.channel}
          onClear={() => set('channel', undefined)}
        />
      )}
      {search.customer !== undefined && (
        <GivenFilterChip
          label={t('license.lcCustomer')}
          value={search.customer}
          onClear={() => set('customer', undefined)}
        />
      )}
      {isNarrowed(search) && (
        <Button
          size="small"
          appearance="subtle"
          onClick={() => onChange(search.sort === undefined ? {} : { sort: search.sort })}
        >
          {t('filter.clearAll')}
        </Button>
      )}
      <span className={styles.results} role="status">
        {total === undefined ? '' : t('leads.results', { count: total, shown: total.toLocaleString() })}
      </span>
    </search>
  )
}

type FacetProps = {
  name: FacetName
  search: ServiceSearch
  filter: ServiceFilter
  onChange: (name: FacetName, value: string | undefined) => void
}

function Facet({ name, search, filter, onChange }: FacetProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const counted = useFacet(operatorId, filter, name)
  const word = (value: string) =>
    name === 'license' ? value : t(`services.${name}.${value}` as 'services.state.Active', { defaultValue: value })
  return (
    <FacetFilter
      label={t(name === 'license' ? 'lead.license.label' : `services.${name}Label`)}
      chosen={search[name]?.split(',') ?? []}
      all={counted?.all ?? null}
      onChange={(next) => onChange(name, next.join(','))}
      values={facetValues[name].map((value) => ({
        value,
        label: word(value),
        count: counted ? (counted.values.find((one) => one.value === value)?.count ?? 0) : null,
      }))}
    />
  )
}

function SearchField({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(text)
  const sent = useRef(text)
  // The address changed by other means (back, "Clear all"): it wins over what stands in the field.
  useEffect(() => {
    if (text === sent.current) return
    sent.current = text
    setTyped(text)
  }, [text])
  const latest = useRef(onChange)
  latest.current = onChange
  useEffect(() => {
    if (typed === sent.current) return
    const timer = setTimeout(() => {
      sent.current = typed
      latest.current(typed)
    }, TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed])
  return (
    <SearchBox
      className={`${styles.search}`}
      placeholder={t('services.search')}
      aria-label={t('services.search')}
      title={t('services.searchHint')}
      value={typed}
      onChange={(_, { value }) => setTyped(value.slice(0, SEARCH_LENGTH_MAX))}
    />
  )
}
