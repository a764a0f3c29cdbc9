import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import type { WireListedWebhook } from '../../api/webhooks.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { healthOf } from './webhook-health.tsx'
import { usePauseOrResume } from './webhook-run.tsx'
import styles from './webhooks.module.css'

type WebhookStandingProps = {
  webhook: WireListedWebhook
  /** Left out where the test is shown already. */
  onTest: (() => void) | undefined
  onDead: () => void
}

/** What keeps a webhook from delivering, and what to do about it; nothing while all is well. */
export function WebhookStanding({ webhook, onTest, onDead }: WebhookStandingProps) {
  const word = healthOf(webhook)
  return (
    <div className={styles.standing}>
      {word === 'paused' && <Paused webhook={webhook} onTest={onTest} />}
      {word === 'failing' && <Failing webhook={webhook} onTest={onTest} />}
      {webhook.health.dead > 0 && <Dead webhook={webhook} onDead={onDead} />}
    </div>
  )
}

const reasons = {
  asked: { title: 'webhooks.standing.pausedAsked', text: 'webhooks.standing.pausedAskedDo' },
  failing: { title: 'webhooks.standing.pausedFailing', text: 'webhooks.standing.pausedFailingDo' },
  gone: { title: 'webhooks.standing.pausedGone', text: 'webhooks.standing.pausedGoneDo' },
} as const

function Paused({ webhook, onTest }: Omit<WebhookStandingProps, 'onDead'>) {
  const { t } = useTranslation()
  const resume = usePauseOrResume(webhook)
  const { pausedBecause, pausedAt, health } = webhook
  const { title, text } = reasons[pausedBecause ?? 'asked']
  const isAsked = (pausedBecause ?? 'asked') === 'asked'
  return (
    <MessageBar intent={isAsked ? 'info' : 'warning'} layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>
          {t(title)}
          {pausedAt && (
            <>
              {' · '}
              <RelativeTime instant={pausedAt} />
            </>
          )}
          .
        </MessageBarTitle>{' '}
        {health.waiting > 0 && `${t('webhooks.standing.waits', { count: health.waiting })} `}
        {t(text)}
        {!isAsked && health.lastError && <LastError error={health.lastError} />}
      </MessageBarBody>
      <MessageBarActions>
        {!isAsked && onTest && (
          <PermittedButton size="small" permission="webhooks.manage" onClick={onTest}>
            {t('webhooks.standing.test')}
          </PermittedButton>
        )}
        <PermittedButton
          size="small"
          permission="webhooks.manage"
          verdict={webhook.actions.resumeWebhook}
          disabledFocusable={resume.isPending}
          onClick={() => resume.mutate('resume')}
        >
          {t('webhooks.standing.resume')}
        </PermittedButton>
      </MessageBarActions>
    </MessageBar>
  )
}

function Failing({ webhook: { health }, onTest }: Omit<WebhookStandingProps, 'onDead'>) {
  const { t } = useTranslation()
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>
          {t('webhooks.standing.failing')}
          {health.failingSince && (
            <>
              {' · '}
              {t('webhooks.standing.firstFailure')} <RelativeTime instant={health.failingSince} />
            </>
          )}
          .
        </MessageBarTitle>{' '}
        {health.waiting > 0 && `${t('webhooks.standing.waits', { count: health.waiting })} `}
        {t('webhooks.standing.failingDo')}
        {health.lastError && <LastError error={health.lastError} />}
      </MessageBarBody>
      {onTest && (
        <MessageBarActions>
          <PermittedButton size="small" permission="webhooks.manage" onClick={onTest}>
            {t('webhooks.standing.test')}
          </PermittedButton>
        </MessageBarActions>
      )}
    </MessageBar>
  )
}

function LastError({ error }: { error: string }) {
  const { t } = useTranslation()
  return (
    <span className={styles.lastError} dir="auto">
      {t('webhooks.standing.lastError', { error })}
    </span>
  )
}

function Dead({ webhook, onDead }: Omit<WebhookStandingProps, 'onTest'>) {
  const { t } = useTranslation()
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{t('webhooks.standing.deadTitle', { count: webhook.health.dead })}</MessageBarTitle>{' '}
        {t('webhooks.standing.deadDo')}
      </MessageBarBody>
      <MessageBarActions>
        <Button size="small" onClick={onDead}>
          {t('webhooks.standing.showDead')}
        </Button>
      </MessageBarActions>
    </MessageBar>
  )
}
