import { Button, ProgressBar } from '@fluentui/react-components'
import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download'
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss'
import { ErrorCircleRegular } from '@fluentui/react-icons/svg/error-circle'
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { NoAnswer } from '../api/problem.ts'
import { bytesText } from '../ui/dates.ts'
import { useWatched } from '../ui/watched.ts'
import styles from './download-bar.module.css'
import { cancelDownload, type Download, dismissDownload, downloads, retryDownload } from './downloads.ts'
import { useFailureWords } from './problem-notice.tsx'

const icons = {
  running: <ArrowDownloadRegular />,
  saved: <CheckmarkCircleRegular />,
  failed: <ErrorCircleRegular />,
}

/** Files on their way, below the page: it covers nothing, and goes on while one works elsewhere. */
export function DownloadBar() {
  const { t } = useTranslation()
  const shown = useWatched(downloads)
  const isRunning = shown.some(({ state }) => state === 'running')
  useEffect(() => {
    if (!isRunning) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [isRunning])
  return (
    <section aria-label={t('download.region')} hidden={shown.length === 0} className={styles.bar}>
      {shown.map((download) => (
        <DownloadLine key={download.id} download={download} />
      ))}
    </section>
  )
}

function DownloadLine({ download }: { download: Download }) {
  const { t } = useTranslation()
  const { id, fileName, state, help, totalRows, rows } = download
  const share = totalRows === null ? undefined : Math.min(1, rows / Math.max(1, totalRows))
  return (
    <div className={styles.line} data-state={state}>
      <span className={styles.icon} aria-hidden="true">
        {icons[state]}
      </span>
      <span className={styles.words}>
        {/* Announced when it begins and when it ends, not at each step between. */}
        <span role="status">
          <strong dir="auto">{t(`download.${state}`, { file: fileName })}</strong>
        </span>{' '}
        <Outcome download={download} />
      </span>
      {state === 'running' && (
        <ProgressBar
          className={`${styles.progress}`}
          thickness="large"
          aria-label={t('run.progress')}
          {...(share !== undefined && { value: share })}
        />
      )}
      {state === 'saved' && help && <Link to={help}>{t('download.help')}</Link>}
      {state === 'failed' && (
        <Button size="small" onClick={() => retryDownload(id)}>
          {t('failure.tryAgain')}
        </Button>
      )}
      {state === 'running' ? (
        <Button size="small" onClick={() => cancelDownload(id)}>
          {t('form.cancel')}
        </Button>
      ) : (
        <Button
          size="small"
          appearance="subtle"
          icon={<DismissRegular />}
          aria-label={t('download.dismiss', { file: fileName })}
          onClick={() => dismissDownload(id)}
        />
      )}
    </div>
  )
}

function Outcome({ download: { state, unit, rows, totalRows, bytes, error } }: { download: Download }) {
  const { t } = useTranslation()
  const words = useFailureWords()
  if (state === 'failed') {
    if (error instanceof NoAnswer) return <>{t('download.brokeOff')}</>
    const { title, detail, requestId } = words(error)
    const request = requestId && t('failure.requestId', { requestId })
    return <>{[t('download.nothingSaved'), title, detail, request].filter(Boolean).join(' ')}</>
  }
  const far =
    state === 'saved' || totalRows === null
      ? t(`download.rows.${unit}`, { count: rows, shown: rows.toLocaleString() })
      : t(`download.rowsOf.${unit}`, { rows: rows.toLocaleString(), total: totalRows.toLocaleString() })
  return (
    <span className={styles.far}>
      {far} · {bytesText(bytes)}
    </span>
  )
}
