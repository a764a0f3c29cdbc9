import { useTranslation } from 'react-i18next'
import type { WireMembership } from '../api/people.ts'

/** "Administrator, operator tier", with the channel where it is bound to one. */
export function useRoleWords(): (membership: Pick<WireMembership, 'tier' | 'level' | 'channelName'>) => string {
  const { t } = useTranslation()
  return ({ tier, level, channelName }) => {
    const role = t('role.of', { level: t(`role.level.${level}`), tier: t(`role.tier.${tier}`).toLowerCase() })
    return channelName ? `${role} · ${channelName}` : role
  }
}
