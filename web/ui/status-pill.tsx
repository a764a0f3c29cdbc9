import type { ReactElement } from 'react'
import styles from './status-pill.module.css'

export type Tone = 'good' | 'wait' | 'warn' | 'bad' | 'quiet' | 'brand'

/** A state as a word with a color and an icon: never a color alone. */
export function StatusPill({ tone, icon, children }: { tone: Tone; icon: ReactElement; children: string }) {
  return (
    <span className={`${styles.pill} ${styles[tone]}`}>
      <span className={styles.icon} aria-hidden="true">
        {icon}
      </span>
      {children}
    </span>
  )
}
