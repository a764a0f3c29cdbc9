import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { PauseCircleRegular } from '@fluentui/react-icons/svg/pause-circle'
import { useTranslation } from 'react-i18next'
import type { WireUser } from '../../api/people.ts'
import { StatusPill } from '../../ui/status-pill.tsx'

export function UserState({ state }: { state: WireUser['state'] }) {
  const { t } = useTranslation()
  return state === 'active' ? (
    <StatusPill tone="good" icon={<CheckmarkCircleRegular />}>
      {t('users.active')}
    </StatusPill>
  ) : (
    <StatusPill tone="warn" icon={<PauseCircleRegular />}>
      {t('users.suspended')}
    </StatusPill>
  )
}
