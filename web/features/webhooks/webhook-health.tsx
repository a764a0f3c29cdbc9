import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { ClockRegular } from '@fluentui/react-icons/svg/clock'
import { ErrorCircleRegular } from '@fluentui/react-icons/svg/error-circle'
import { PauseCircleRegular } from '@fluentui/react-icons/svg/pause-circle'
import { useTranslation } from 'react-i18next'
import type { WireListedWebhook } from '../../api/webhooks.ts'
import { StatusPill } from '../../ui/status-pill.tsx'
import styles from './webhooks.module.css'

const looks = {
  works: { tone: 'good', icon: <CheckmarkCircleRegular /> },
  idle: { tone: 'quiet', icon: <ClockRegular /> },
  failing: { tone: 'bad', icon: <ErrorCircleRegular /> },
  paused: { tone: 'warn', icon: <PauseCircleRegular /> },
} as const

export type HealthWord = keyof typeof looks

export function healthOf({ state, health }: WireListedWebhook): HealthWord {
  if (state === 'paused') return 'paused'
  if (health.failingSince !== null) return 'failing'
  return health.lastDeliveredAt === null ? 'idle' : 'works'
}

/** How it goes with a webhook, in one word and two counts. */
export function WebhookHealth({ webhook }: { webhook: WireListedWebhook }) {
  const { t } = useTranslation()
  const { waiting, dead } = webhook.health
  const word = healthOf(webhook)
  const counts = [
    waiting > 0 && t('webhooks.health.waiting', { count: waiting }),
    dead > 0 && t('webhooks.health.dead', { count: dead }),
  ].filter((text) => text !== false)
  return (
    <span className={styles.health}>
      <StatusPill {...looks[word]}>{t(`webhooks.health.${word}`)}</StatusPill>
      {counts.length > 0 && <span className={styles.quiet}>{counts.join(', ')}</span>}
    </span>
  )
}
