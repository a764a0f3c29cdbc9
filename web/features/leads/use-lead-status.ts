import { useQuery } from '@tanstack/react-query'
import { getLeadStatus } from '../../api/lead-status.ts'
import type { DeskLeadDetail } from '../../api/leads.ts'
import { useOperator } from '../../shell/operator.ts'

/** Syncs and tasks go on while somebody looks. */
const REFRESH_MS = 10_000

/** Detailed Status, anew with every change of the lead. */
export function useLeadStatus(lead: DeskLeadDetail, isWanted = true) {
  const { operatorId } = useOperator()
  return useQuery({
    queryKey: ['lead-status', operatorId, lead.id, lead.changedAt],
    queryFn: ({ signal }) => getLeadStatus(operatorId, lead.id, signal),
    placeholderData: (before, query) => (query?.queryKey[2] === lead.id ? before : undefined),
    refetchInterval: REFRESH_MS,
    enabled: isWanted,
  })
}
