import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useOperator } from '../../shell/operator.ts'

const KEYS = [
  'leads',
  'lead',
  'lead-counts',
  'leads-of-tenant',
  'lead-comments',
  'lead-status',
  'lead-owners',
  'journal',
] as const

/** Reads anew whatever shows leads, after one of them was changed here. */
export function useLeadRefresh(): () => Promise<void> {
  const queries = useQueryClient()
  const { operatorId } = useOperator()
  return useCallback(async () => {
    await Promise.all(KEYS.map((key) => queries.invalidateQueries({ queryKey: [key, operatorId] })))
  }, [queries, operatorId])
}
