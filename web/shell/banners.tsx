import { Link, Spinner } from '@fluentui/react-components'
import { BeakerRegular } from '@fluentui/react-icons/svg/beaker'
import { KeyRegular } from '@fluentui/react-icons/svg/key'
import { PlugDisconnectedRegular } from '@fluentui/react-icons/svg/plug-disconnected'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link as RouteLink } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { isReachable } from '../api/link.ts'
import { getSignInOptions } from '../api/sessions.ts'
import { paths } from '../paths.ts'
import { useNow } from '../ui/clock.ts'
import { dayText } from '../ui/dates.ts'
import { secretEnd, URGENT_DAYS } from '../ui/secret-days.ts'
import { useWatched } from '../ui/watched.ts'
import styles from './frame.module.css'
import { useOperator } from './operator.ts'
import { connectionQuery, useSandbox } from './sandbox.ts'
import { ViewedChannelBanner } from './viewed-channel-banner.tsx'

const PROBE_SECONDS = 2

/** What holds for every page: this is a sandbox; the server does not answer. */
export function Banners() {
  return (
    <>
      <OfflineBanner />
      <SecretBanner />
      <SandboxBanner />
      <ViewedChannelBanner />
    </>
  )
}

function OfflineBanner() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const reachable = useWatched(isReachable)
  useEffect(() => {
    if (reachable) return
    const timer = setInterval(async () => {
      try {
        await getSignInOptions()
        await client.invalidateQueries()
      } catch {
        // Still away; the next try is on its way.
      }
    }, PROBE_SECONDS * 1_000)
    return () => clearInterval(timer)
  }, [reachable, client])
  return (
    <div role="status">
      {!reachable && (
        <div className={`${styles.banner} ${styles.offline}`}>
          <PlugDisconnectedRegular aria-hidden="true" fontSize={16} />
          {t('banner.offline')}
          <Spinner size="extra-tiny" aria-hidden="true" />
        </div>
      )}
    </div>
  )
}

/** Without its secret no lead comes any more: told in time to who can renew it. */
function SecretBanner() {
  const { t } = useTranslation()
  const operator = useOperator()
  const connection = useQuery(connectionQuery(operator)).data
  const known = secretEnd(connection?.secretExpiresOn ?? null, useNow())
  if (!connection?.configured || !known || known.days > URGENT_DAYS) return null
  const { end, days } = known
  return (
    <div className={`${styles.banner} ${days > 0 ? styles.sandbox : styles.offline}`}>
      <KeyRegular aria-hidden="true" fontSize={16} />
      <span>
        {days > 0 ? t('microsoft.secretEnds', { count: days }) : t('microsoft.secretEnded', { day: dayText(end) })}{' '}
        <RouteLink to={paths.microsoft} params={{ operatorId: String(operator.operatorId) }}>
          {t('banner.secret')}
        </RouteLink>
      </span>
    </div>
  )
}

function SandboxBanner() {
  const { t } = useTranslation()
  const sandbox = useSandbox()
  if (!sandbox) return null
  return (
    <div className={`${styles.banner} ${styles.sandbox}`}>
      <BeakerRegular aria-hidden="true" fontSize={16} />
      <span>
        {t('banner.sandbox')}{' '}
        {sandbox.simulatorUrl && (
          <Link
            inline
            href={sandbox.simulatorUrl}
            target="_blank"
            rel="noreferrer"
            style={{ fontSize: 'inherit', color: 'inherit', textDecorationLine: 'underline' }}
          >
            {t('banner.playCustomer')}
          </Link>
        )}
      </span>
    </div>
  )
}
