import type { ReactNode } from 'react'
import iconUrl from '../../icon.svg'
import styles from './door.module.css'

/** The card in the middle of a page that comes before all others. */
export function Door({ title, subtitle, children, beside }: DoorProps) {
  return (
    <main className={styles.door}>
      <div className={styles.cards}>
        <section className={styles.card}>
          <p className={styles.brand}>
            <img src={iconUrl} alt="" /> Leadline
          </p>
          <h1 className={styles.title}>{title}</h1>
          {subtitle && <p className={styles.subtitle}>{subtitle}</p>}
          {children}
        </section>
        {beside}
      </div>
    </main>
  )
}

type DoorProps = { title: string; subtitle?: ReactNode; children: ReactNode; beside?: ReactNode }
