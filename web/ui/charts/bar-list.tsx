import type { ReactElement, ReactNode } from 'react'
import styles from './charts.module.css'

export type Bar = {
  key: string
  name: ReactNode
  value: number
  /** The value as it is read. */
  text: string
  /** The whole of it in words. */
  words: string
}

type BarListProps = {
  label: string
  bars: readonly Bar[]
  link: (bar: Bar, props: { className: string; title: string; children: ReactNode }) => ReactElement
}

/** Bars by size, each a link to what it counts. */
export function BarList({ label, bars, link }: BarListProps) {
  const highest = Math.max(1, ...bars.map(({ value }) => value))
  return (
    <ol className={styles.bars} aria-label={label}>
      {bars.map((bar) => {
        const children = (
          <>
            <span className="only-read-aloud">{bar.words}</span>
            <span className={styles.barName} aria-hidden="true">
              {bar.name}
            </span>
            <span className={styles.barTrack} aria-hidden="true">
              <span className={styles.barFill} style={{ inlineSize: `${(bar.value / highest) * 100}%` }} />
            </span>
            <span className={styles.barValue} aria-hidden="true">
              {bar.text}
            </span>
          </>
        )
        return <li key={bar.key}>{link(bar, { className: `${styles.bar}`, title: bar.words, children })}</li>
      })}
    </ol>
  )
}
