import { useTranslation } from 'react-i18next'
import iconUrl from '../icon.svg'
import { LoadingRows } from '../ui/states.tsx'
import styles from './frame.module.css'

/** The frame of a page whose first answer is still on its way. */
export function PagePending() {
  const { t } = useTranslation()
  return (
    <div className={styles.frame}>
      <header className={styles.bar}>
        <span className={styles.brand}>
          <img src={iconUrl} alt="" />
          <span>Leadline</span>
        </span>
      </header>
      <div className={styles.middle}>
        <div className={styles.navigation} aria-hidden="true" />
        <main className={`${styles.page} ${styles.pending}`} aria-busy="true" aria-label={t('loading')}>
          <LoadingRows />
        </main>
      </div>
    </div>
  )
}
