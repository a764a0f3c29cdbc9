import { queryOptions } from '@tanstack/react-query'
import { getChannel, listLcCustomers } from '../../api/channels.ts'

export { channelsQuery } from '../../api/queries.ts'

export function channelQuery(operatorId: number, channelId: number) {
  return queryOptions({
    queryKey: ['channels', operatorId, channelId],
    queryFn: ({ signal }) => getChannel(operatorId, channelId, signal),
  })
}

export function channelCustomersQuery(operatorId: number, channelId: number) {
  return queryOptions({
    queryKey: ['channels', operatorId, channelId, 'customers'],
    queryFn: ({ signal }) => listLcCustomers(operatorId, channelId, signal),
  })
}
