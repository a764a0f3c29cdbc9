import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { ErrorCircleRegular } from '@fluentui/react-icons/svg/error-circle'
import { useTranslation } from 'react-i18next'
import type { WebhookAttempt } from '../../api/webhooks.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { StatusPill } from '../../ui/status-pill.tsx'
import { HeaderLines, Payload } from './payload.tsx'
import styles from './webhooks.module.css'

type AttemptViewProps = {
  attempt: WebhookAttempt
  /** Its place, counted from 1; null: there is but one. */
  number: number | null
  /** The body that was sent, where it is not shown beside it. */
  body?: string
  isOpen: boolean
}

/** One try: how it ended, what to do about it, what was sent, what came back. */
export function AttemptView({ attempt, number, body, isOpen }: AttemptViewProps) {
  const { t } = useTranslation()
  const { outcome, error, at, durationMs, request, response } = attempt
  const remedy = t(`webhooks.delivery.remedy.${outcome as 'refused'}`, { defaultValue: '' })
  return (
    <article className={styles.attempt}>
      <div className={styles.attemptHead}>
        {number !== null && <h4>{t('webhooks.delivery.attempt', { number })}</h4>}
        <OutcomePill outcome={outcome} />
        <span className={styles.quiet}>
          {response && `${t('webhooks.log.status', { status: response.status })} · `}
          {t('webhooks.delivery.took', { ms: durationMs.toLocaleString() })} · <RelativeTime instant={at} />
        </span>
      </div>
      {error && <p dir="auto">{error}</p>}
      {remedy !== '' && <p className={styles.note}>{remedy}</p>}
      <details open={isOpen}>
        <summary>{t('webhooks.delivery.request')}</summary>
        <p className={styles.line}>
          <code>POST {request.url}</code>
        </p>
        <HeaderLines headers={request.headers} />
        {body !== undefined && <Payload label={t('webhooks.delivery.body')} text={body} />}
      </details>
      <details open={isOpen}>
        <summary>{t('webhooks.delivery.response')}</summary>
        {response ? (
          <Response response={response} />
        ) : (
          <p className={styles.line}>{t('webhooks.delivery.noResponse')}</p>
        )}
      </details>
    </article>
  )
}

function Response({ response }: { response: NonNullable<WebhookAttempt['response']> }) {
  const { t } = useTranslation()
  const { status, headers, body, isBodyCut } = response
  return (
    <>
      <p className={styles.line}>
        <code>HTTP {status}</code>
      </p>
      <HeaderLines headers={headers} />
      {body === '' ? (
        <p className={styles.line}>
          {t('webhooks.delivery.responseBody')}: {t('webhooks.delivery.emptyBody')}
        </p>
      ) : (
        <Payload label={t('webhooks.delivery.response')} text={body} />
      )}
      {isBodyCut && <p className={styles.note}>{t('webhooks.delivery.cut')}</p>}
    </>
  )
}

function OutcomePill({ outcome }: { outcome: string }) {
  const { t } = useTranslation()
  const isGood = outcome === 'delivered'
  return (
    <StatusPill tone={isGood ? 'good' : 'bad'} icon={isGood ? <CheckmarkCircleRegular /> : <ErrorCircleRegular />}>
      {t(`webhooks.delivery.outcome.${outcome as 'delivered'}`, { defaultValue: outcome })}
    </StatusPill>
  )
}
