import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { ClockRegular } from '@fluentui/react-icons/svg/clock'
import { ErrorCircleRegular } from '@fluentui/react-icons/svg/error-circle'
import { useTranslation } from 'react-i18next'
import type { WireListedDelivery } from '../../api/webhooks.ts'
import { StatusPill } from '../../ui/status-pill.tsx'

const looks = {
  pending: { tone: 'wait', icon: <ClockRegular /> },
  delivered: { tone: 'good', icon: <CheckmarkCircleRegular /> },
  dead: { tone: 'bad', icon: <ErrorCircleRegular /> },
} as const

export function DeliveryState({ state }: { state: WireListedDelivery['state'] }) {
  const { t } = useTranslation()
  return <StatusPill {...looks[state]}>{t(`webhooks.log.states.${state}`)}</StatusPill>
}
