import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { LeadBulkAction } from '../../api/lead-bulk.ts'
import { countDeskLeads, type DeskLead, type LeadFilter } from '../../api/leads.ts'
import { useOperator } from '../../shell/operator.ts'
import { type ChosenLeads, countChosen, loadedOf } from './lead-bulk-choice.ts'

/** What would come of an action: how many change, how many stay as they are, and which are refused, by Microsoft's status. */
export type BulkPreview = {
  willChange: number
  unchanged: number
  refused: { status: string; count: number; names: string[] }[]
}

/** The one status that an action asks for; the others take any. */
const STATUS_WANTED: Partial<Record<LeadBulkAction, string>> = { archive: 'removed', 'assign-channel': 'active' }

/** How many there are of each status: of all, and of those that are already as the action would make them. */
type Counts = { all: Map<string, number>; alreadySo: Map<string, number> }

export type BulkPlan = { action: LeadBulkAction; channelId: number | undefined }

/** From the loaded rows where leads were chosen one by one, from the server's counts where all were. Null: not known yet. */
export function useBulkPreview(chosen: ChosenLeads, plan: BulkPlan): BulkPreview | null {
  const { operatorId } = useOperator()
  const isAll = chosen.selection.kind === 'all'
  const counted = useQuery({
    queryKey: ['bulk-preview', operatorId, chosen.filter, chosen.total, plan],
    queryFn: ({ signal }) => countAll(operatorId, chosen.filter, plan, signal),
    enabled: isAll,
    placeholderData: keepPreviousData,
  }).data
  if (!isAll) return previewOf(chosen, plan, { all: new Map(), alreadySo: new Map() })
  return counted ? previewOf(chosen, plan, counted) : null
}

/** `counted` of the whole filter where all are chosen; what was taken out, or is loaded and chosen, is added here. */
export function previewOf(chosen: ChosenLeads, plan: BulkPlan, counted: Counts): BulkPreview {
  const [all, alreadySo] = [new Map(counted.all), new Map(counted.alreadySo)]
  const names = new Map<string, string[]>()
  const loaded = loadedOf(chosen)
  const isAll = chosen.selection.kind === 'all'
  for (const lead of isAll ? loaded.takenOut : loaded.chosen) {
    add(all, lead.status, isAll ? -1 : 1)
    if (isAlreadySo(lead, plan)) add(alreadySo, lead.status, isAll ? -1 : 1)
    else if (!isAll) names.set(lead.status, [...(names.get(lead.status) ?? []), lead.companyName || lead.tenantId])
  }
  const wanted = STATUS_WANTED[plan.action]
  const refused = [...all].flatMap(([status, total]) => {
    const count = total - (alreadySo.get(status) ?? 0)
    const isRefused = wanted !== undefined && status.toLowerCase() !== wanted && count > 0
    return isRefused ? [{ status, count, names: names.get(status) ?? [] }] : []
  })
  const unchanged = sum(alreadySo.values())
  const willChange = countChosen(chosen) - unchanged - sum(refused.map(({ count }) => count))
  return { willChange: Math.max(0, willChange), unchanged, refused }
}

function isAlreadySo(lead: DeskLead, { action, channelId }: BulkPlan): boolean {
  if (action === 'archive') return lead.archivedAt !== null
  if (action === 'unarchive') return lead.archivedAt === null
  if (action === 'remove-channel') return lead.channel === null
  return action === 'assign-channel' && channelId !== undefined && lead.channel?.id === channelId
}

async function countAll(operatorId: number, filter: LeadFilter, plan: BulkPlan, signal: AbortSignal): Promise<Counts> {
  const count = async (narrowed: LeadFilter | null) => {
    if (!narrowed) return new Map<string, number>()
    const { facets } = await countDeskLeads(operatorId, narrowed, { facets: true }, signal)
    return new Map(facets.status.map(({ value, count }) => [value, count]))
  }
  const [all, alreadySo] = await Promise.all([count(filter), count(alreadySoFilter(filter, plan))])
  return { all, alreadySo }
}

/** Those of the filter that are already as the action would make them; null: there are none. */
function alreadySoFilter(filter: LeadFilter, { action, channelId }: BulkPlan): LeadFilter | null {
  if (action === 'archive') return filter.archived === undefined ? null : { ...filter, archived: 'only' }
  if (action === 'unarchive') {
    const { archived, ...hidden } = filter
    return archived === 'only' ? null : hidden
  }
  if (action === 'remove-channel') return { ...filter, channelId: 0 }
  return action === 'assign-channel' && channelId !== undefined ? { ...filter, channelId } : null
}

function add(counts: Map<string, number>, status: string, by: number): void {
  counts.set(status, (counts.get(status) ?? 0) + by)
}

function sum(numbers: Iterable<number>): number {
  let total = 0
  for (const one of numbers) total += one
  return total
}
