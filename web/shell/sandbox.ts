import { queryOptions, useQuery } from '@tanstack/react-query'
import { type Connection, getConnection } from '../api/connections.ts'
import { signInOptionsQuery } from '../api/queries.ts'
import { type Operator, useOperator } from './operator.ts'

/** The operator's connection to Microsoft, for those who may see it. */
export function connectionQuery(operator: Operator) {
  return queryOptions<Connection>({
    queryKey: ['connection', operator.operatorId],
    queryFn: ({ signal }) => getConnection(operator.operatorId, signal),
    enabled: operator.isWholeOperator && operator.can('connections.manage'),
    staleTime: 30_000,
  })
}

/**
 * Whether Microsoft is simulated here: a sandbox names its sample people. Its address is the one the connection signs in
 * at, known to those who may see the connection.
 */
export function useSandbox(): { simulatorUrl: string | null } | null {
  const options = useQuery(signInOptionsQuery)
  const connection = useQuery(connectionQuery(useOperator()))
  if (!options.data || options.data.samplePeople.length === 0) return null
  const authority = connection.data?.authority
  const isHere = authority !== undefined && /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):/.test(authority)
  return { simulatorUrl: isHere ? authority : null }
}
