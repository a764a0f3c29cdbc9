import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { channelsQuery } from '../../api/queries.ts'
import { useOperator } from '../../shell/operator.ts'
import { countryName } from '../../ui/countries.ts'
import { GivenFilterChip } from '../../ui/filter-chip.tsx'
import { type LeadSearch, NO_CHANNEL } from './lead-search.ts'

type GivenFiltersProps = {
  search: LeadSearch
  onChange: (name: 'leads' | 'country' | 'channel', value: undefined) => void
}

/** Filters that come with a link, of Home for one, and have no choice of their own here: they are shown and can be removed. */
export function GivenFilters({ search: { leads, country, channel }, onChange }: GivenFiltersProps) {
  const { t } = useTranslation()
  return (
    <>
      {leads && (
        <GivenFilterChip
          label={t('leads.chosen')}
          value={t('leads.chosenCount', { count: leads.split(',').length })}
          onClear={() => onChange('leads', undefined)}
        />
      )}
      {country && (
        <GivenFilterChip
          label={t('lead.market')}
          value={country.split(',').map(countryName).join(', ')}
          onClear={() => onChange('country', undefined)}
        />
      )}
      {channel && <GivenChannel channel={channel} onClear={() => onChange('channel', undefined)} />}
    </>
  )
}

function GivenChannel({ channel, onClear }: { channel: string; onClear: () => void }) {
  const { t } = useTranslation()
  const operator = useOperator()
  const isNumber = channel !== NO_CHANNEL
  const channels = useQuery({
    ...channelsQuery(operator.operatorId),
    enabled: isNumber && operator.can('channels.read'),
  })
  const name = channels.data?.find(({ id }) => String(id) === channel)?.name
  return (
    <GivenFilterChip
      label={t('lead.channelName')}
      value={isNumber ? (name ?? channel) : t('leads.noChannel')}
      onClear={onClear}
    />
  )
}
