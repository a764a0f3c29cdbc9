import { BuildingRegular } from '@fluentui/react-icons/svg/building'
import { PeopleTeamRegular } from '@fluentui/react-icons/svg/people-team'
import { PersonAddRegular } from '@fluentui/react-icons/svg/person-add'
import { SearchRegular } from '@fluentui/react-icons/svg/search'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { search, type WireFoundLead } from '../../api/search.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import type { PaletteItem } from './palette-item.ts'
import type { Recent } from './recent.ts'

/** The server takes no longer ones. */
const TYPED_MAX = 200
/** Of each kind: the best, and where there are as many, a way to all of them. */
const ROWS = 5

/** Leads, tenants and channels for what was typed: asked with every letter, and the question before is given up. */
export function useFound(typed: string): { items: PaletteItem[]; isPending: boolean; error: unknown } {
  const { t } = useTranslation()
  const { operatorId, channelId, can } = useOperator()
  const open = useOpenFound()
  const navigate = useNavigate()
  const q = typed.trim().slice(0, TYPED_MAX)
  const isAsked = q !== '' && can('leads.read')
  const { data, isFetching, error } = useQuery({
    queryKey: ['search', operatorId, channelId, q],
    queryFn: ({ signal }) => search(operatorId, { q, limit: ROWS }, signal),
    enabled: isAsked,
    placeholderData: keepPreviousData,
    staleTime: 15_000,
    gcTime: 60_000,
    retry: false,
  })
  if (!isAsked) return { items: [], isPending: false, error: null }
  const lead = (kind: 'leads' | 'tenants') => (found: WireFoundLead) => {
    const { companyName, contactName, contactEmail, tenantId, channelName, shortName, status } = found
    const word = status === 'Active' ? null : t(`lead.status.${status as 'Active'}`, { defaultValue: status })
    const detail = [word, shortName, contactName ?? contactEmail, `${tenantId.slice(0, 8)}…`, channelName].filter(
      Boolean,
    )
    return open({ kind, id: found.id, label: companyName ?? t('palette.noCompany'), detail: detail.join(' · ') })
  }
  const params = { operatorId: String(operatorId) }
  /** Where there may be more than are told. */
  const all = (kind: 'leads' | 'tenants', told: number): PaletteItem[] => {
    if (told < ROWS) return []
    const label = t(kind === 'leads' ? 'palette.allLeads' : 'palette.allTenants', { q })
    const to = kind === 'leads' ? paths.leads : paths.tenants
    const run = () => void navigate({ to, params, search: { q } })
    return [{ kind, id: 'all', label, icon: <SearchRegular />, isPassing: true, run }]
  }
  const items = data
    ? [
        ...data.leads.map(lead('leads')),
        ...all('leads', data.leads.length),
        ...data.tenants.map(lead('tenants')),
        ...all('tenants', data.tenants.length),
        ...data.channels.map(({ id, name }) => open({ kind: 'channels', id: String(id), label: name })),
      ]
    : []
  return { items, isPending: isFetching, error }
}

/** What was found, now or before, as a line that opens it. */
export function useOpenFound(): (found: Recent) => PaletteItem {
  const { operatorId } = useOperator()
  const navigate = useNavigate()
  const params = { operatorId: String(operatorId) }
  return ({ kind, id, label, detail }) => ({
    ...{ kind, id, label, icon: ICONS[kind as keyof typeof ICONS] },
    ...(detail !== undefined && { detail }),
    run: () => {
      if (kind === 'channels') void navigate({ to: paths.channels, params, search: { channel: id } })
      else void navigate({ to: kind === 'tenants' ? paths.tenant : paths.lead, params: { ...params, leadId: id } })
    },
  })
}

const ICONS = { leads: <PersonAddRegular />, tenants: <BuildingRegular />, channels: <PeopleTeamRegular /> }
