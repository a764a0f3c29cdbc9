import { Link, Spinner } from '@fluentui/react-components'
import { BeakerRegular } from '@fluentui/react-icons/svg/beaker'
import { PlugDisconnectedRegular } from '@fluentui/react-icons/svg/plug-disconnected'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { isReachable } from '../api/link.ts'
import { getSignInOptions } from '../api/sessions.ts'
import { useWatched } from '../ui/watched.ts'
import styles from './frame.module.css'
import { useSandbox } from './sandbox.ts'

const PROBE_SECONDS = 2

/** What holds for every page: this is a sandbox; the server does not answer. */
export function Banners() {
  return (
    <>
      <OfflineBanner />
      <SandboxBanner />
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
