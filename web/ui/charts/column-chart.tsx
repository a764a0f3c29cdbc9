import type { ReactElement, ReactNode } from 'react'
import styles from './charts.module.css'
import { useRoving } from './use-roving.ts'

export type Column = {
  key: string
  /** Below the column. */
  label: string
  /** The whole of it in words, for who hears it and who points at it. */
  words: string
  /** Above the column; '' says nothing. */
  value: string
  /** From below; the second is drawn with stripes, so that it can be told without its color. */
  parts: [number] | [number, number]
}

type ColumnChartProps = {
  label: string
  columns: readonly Column[]
  /** Lines across, from 0 to the highest. */
  ticks: readonly number[]
  tickText: (tick: number) => string
  /** The link of a column, around what is given to it; it fills its place. */
  link: (column: Column, props: LinkProps) => ReactElement
}

/** What a column's link gets. */
export type LinkProps = {
  className: string
  tabIndex: number
  ref: (element: HTMLElement | null) => void
  onFocus: () => void
  title: string
  children: ReactNode
}

const HEIGHT = 150
const TOP = 20

/** Columns over time, each a link to what it counts. The picture is decoration: its words are in the links. */
export function ColumnChart({ label, columns, ticks, tickText, link }: ColumnChartProps) {
  const { onKeyDown, stop } = useRoving(columns.length)
  const highest = ticks.at(-1) || 1
  const yOf = (value: number) => TOP + HEIGHT * (1 - value / highest)
  return (
    <div className={styles.chart}>
      <div className={styles.axis} aria-hidden="true">
        {ticks.map((tick) => (
          <span key={tick} style={{ insetBlockStart: yOf(tick) }}>
            {tickText(tick)}
          </span>
        ))}
      </div>
      <div className={styles.plot}>
        <svg className={styles.picture} width="100%" height={TOP + HEIGHT} aria-hidden="true">
          <defs>
            <pattern
              id="chart-stripes"
              width="6"
              height="6"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width="6" height="6" className={styles.second} />
              <rect width="2" height="6" className={styles.stripe} />
            </pattern>
          </defs>
          {ticks.map((tick) => (
            <line key={tick} x1="0" x2="100%" y1={yOf(tick)} y2={yOf(tick)} className={styles.grid} />
          ))}
          {columns.map(({ key, parts: [first, second = 0] }, index) => {
            const step = 100 / columns.length
            const place = { x: `${(index + 0.2) * step}%`, width: `${0.6 * step}%` }
            return (
              <g key={key}>
                <rect {...place} y={yOf(first)} height={TOP + HEIGHT - yOf(first)} className={styles.first} />
                <rect
                  {...place}
                  y={yOf(first + second)}
                  height={yOf(first) - yOf(first + second)}
                  fill="url(#chart-stripes)"
                />
              </g>
            )
          })}
        </svg>
        <ol className={styles.columns} aria-label={label} onKeyDown={onKeyDown}>
          {columns.map((column, index) => {
            const height = column.parts.reduce((sum: number, part) => sum + part, 0)
            const children = (
              <>
                <span className="only-read-aloud">{column.words}</span>
                <span className={styles.value} style={{ insetBlockStart: yOf(height) - 18 }} aria-hidden="true">
                  {column.value}
                </span>
                <span className={styles.label} aria-hidden="true">
                  {column.label}
                </span>
              </>
            )
            const props = { className: `${styles.column}`, title: column.words, children }
            return <li key={column.key}>{link(column, { ...props, ...stop(index) })}</li>
          })}
        </ol>
      </div>
    </div>
  )
}

/** What the two colors mean. */
export function Legend({ first, second }: { first: string; second: string }) {
  return (
    <p className={styles.legend}>
      <span>
        <i className={styles.keyFirst} />
        {first}
      </span>
      <span>
        <i className={styles.keySecond} />
        {second}
      </span>
    </p>
  )
}
