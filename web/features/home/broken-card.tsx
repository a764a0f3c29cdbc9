import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { ErrorCircleRegular } from '@fluentui/react-icons/svg/error-circle'
import { WarningRegular } from '@fluentui/react-icons/svg/warning'
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { WireHome, WireTrouble } from '../../api/home.ts'
import { type Path, paths } from '../../paths.ts'
import { type Operator, useOperator } from '../../shell/operator.ts'
import { Card } from '../../ui/charts/chart-card.tsx'
import { dayText, localDay } from '../../ui/dates.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import styles from './home.module.css'

/** What may be repaired later; the rest keeps leads or news from coming. */
const MILD: readonly WireTrouble['kind'][] = [
  ...(['secret-expiring', 'webhook-failing', 'webhook-dead', 'listing-shrank', 'sbc-changed'] as const),
]

/** What is broken: since when, why, and where to repair it. */
export function BrokenCard({ home: { broken, syncedAt } }: { home: WireHome }) {
  const { t } = useTranslation()
  return (
    <Card title={t('home.broken')}>
      {broken.length === 0 ? (
        <p className={styles.fine}>
          <CheckmarkCircleRegular aria-hidden="true" fontSize={20} />
          <span>
            {t('home.allWell')}
            {syncedAt && (
              <small>
                {t('home.synced')} <RelativeTime instant={syncedAt} />
              </small>
            )}
          </span>
        </p>
      ) : (
        <ul className={styles.items}>
          {broken.map((trouble) => (
            <li key={`${trouble.kind}/${trouble.id}`}>
              <Trouble trouble={trouble} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

function Trouble({ trouble }: { trouble: WireTrouble }) {
  const { t } = useTranslation()
  const place = placeOf(trouble, useOperator())
  const isMild = MILD.includes(trouble.kind)
  const day = trouble.kind === 'secret-expiring' ? localDay(trouble.detail ?? '') : null
  const detail = day ? dayText(day) : trouble.detail
  const content = (
    <>
      <span className={isMild ? styles.warn : styles.bad} aria-hidden="true">
        {isMild ? <WarningRegular /> : <ErrorCircleRegular />}
      </span>
      <span className={styles.words} dir="auto">
        {troubleText(t, trouble)}
        {detail && <small>{detail}</small>}
        {trouble.remedy && <small>{trouble.remedy}</small>}
        {trouble.since && (
          <small>
            {t('home.since')}: <RelativeTime instant={trouble.since} />
          </small>
        )}
      </span>
    </>
  )
  if (!place) return <div className={styles.item}>{content}</div>
  return (
    <Link
      to={place.to}
      params={place.params as never}
      search={(place.search ?? {}) as never}
      className={`${styles.item}`}
    >
      {content}
    </Link>
  )
}

function troubleText(t: TFunction, { kind, name, count }: WireTrouble): string {
  if (kind === 'secret-expiring' && (count ?? 0) <= 0) return t('home.trouble.secretEnded')
  return t(`home.trouble.${kind}`, { name: name ?? '', count: count ?? 0 })
}

type Place = { to: Path; params: object; search?: Record<string, string> }

/** The page where it is repaired; null where this person may not. */
function placeOf({ kind, id }: WireTrouble, { operatorId, can }: Operator): Place | null {
  const params = { operatorId: String(operatorId) }
  switch (kind) {
    case 'not-connected':
    case 'secret-expiring':
      return can('connections.manage') ? { to: paths.microsoft, params } : null
    case 'job-failing':
      return { to: paths.job, params: { ...params, jobName: id ?? '' } }
    case 'listing-shrank':
    case 'events-undelivered':
      return { to: paths.jobs, params }
    case 'webhook-paused':
    case 'webhook-failing':
      return { to: paths.webhook, params: { ...params, webhookId: id ?? '' } }
    case 'webhook-dead':
      return { to: paths.webhook, params: { ...params, webhookId: id ?? '' }, search: { state: 'dead' } }
    case 'mail-failing':
      return { to: paths.mail, params }
    case 'sbc-failing':
    case 'sbc-changed':
      return { to: paths.sbcs, params }
  }
}
