import { Outlet, useParams, useRouteContext } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Banners } from './banners.tsx'
import { DownloadBar } from './download-bar.tsx'
import styles from './frame.module.css'
import { Navigation } from './navigation.tsx'
import { OperatorUnknownPage } from './not-found-page.tsx'
import { rememberOperator } from './operator.ts'
import { TaskWatcher } from './task-watcher.tsx'
import { TopBar } from './top-bar.tsx'

/** What is around every page of an operator: bar, navigation, banners. */
export function Frame() {
  const { t } = useTranslation()
  // Only what is needed is selected: each letter of a search changes the address, and none of this.
  const operatorId = useParams({ from: '/operators/$operatorId', select: (params) => params.operatorId })
  const isOwnOperator = useRouteContext({ from: '/operators/$operatorId', select: (route) => route.isOwnOperator })
  useEffect(() => {
    if (isOwnOperator) rememberOperator(Number(operatorId))
  }, [isOwnOperator, operatorId])
  if (!isOwnOperator) return <OperatorUnknownPage />
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#page">
        {t('frame.skip')}
      </a>
      <header>
        <TopBar />
        <Banners />
      </header>
      <div className={styles.middle}>
        <Navigation />
        <main id="page" className={styles.page} tabIndex={-1}>
          {/* Another operator is another world: nothing typed or loaded for one is kept for the next. */}
          <Outlet key={operatorId} />
        </main>
      </div>
      <DownloadBar />
      <TaskWatcher />
    </div>
  )
}
