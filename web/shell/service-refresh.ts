import { useQueryClient } from '@tanstack/react-query'

/** Everything that shows a service, read anew. */
export function useServiceRefresh(): (operatorId: number) => Promise<unknown> {
  const client = useQueryClient()
  return (operatorId) =>
    Promise.all(
      ['services', 'service', 'service-counts', 'tasks', 'leads', 'lead', 'lead-counts'].map((key) =>
        client.invalidateQueries({ queryKey: [key, operatorId] }),
      ),
    )
}
