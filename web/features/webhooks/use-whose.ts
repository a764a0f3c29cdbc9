import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { channelsQuery } from '../../api/queries.ts'
import { useOperator } from '../../shell/operator.ts'

/** Names what a webhook tells of: the whole operator, or a channel. */
export function useWhose(): (channelId: number | null) => string {
  const { t } = useTranslation()
  const { operatorId, can, channelId: ownId, channelName } = useOperator()
  const channels = useQuery({ ...channelsQuery(operatorId), enabled: can('channels.read') }).data
  return (channelId) => {
    if (channelId === null) return t('webhooks.wholeOperator')
    if (channelId === ownId && channelName) return channelName
    return channels?.find(({ id }) => id === channelId)?.name ?? t('webhooks.channel', { id: channelId })
  }
}
