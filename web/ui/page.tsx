import type { ReactNode } from 'react'
import styles from './page.module.css'

type PageProps = { title: string; text?: ReactNode; actions?: ReactNode; children: ReactNode; narrow?: boolean }

/** A page that scrolls as a whole: title, what it is for, its actions. */
export function Page({ title, text, actions, children, narrow = false }: PageProps) {
  return (
    <div className={styles.page}>
      <div className={narrow ? styles.narrow : styles.wide}>
        <header className={styles.head}>
          <div>
            <h1>{title}</h1>
            {text && <p>{text}</p>}
          </div>
          {actions && <div className={styles.actions}>{actions}</div>}
        </header>
        {children}
      </div>
    </div>
  )
}

/** A part of a page with a border around it. */
export function Section({ title, text, children }: { title: string; text?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h2>{title}</h2>
      {text && <p className={styles.sectionText}>{text}</p>}
      {children}
    </section>
  )
}

/** Rows of fields in a form. */
export function Fields({ children }: { children: ReactNode }) {
  return <div className={styles.fields}>{children}</div>
}

/** Buttons at the end of a form. */
export function FormActions({ children }: { children: ReactNode }) {
  return <div className={styles.formActions}>{children}</div>
}

type PlainTableProps = {
  label: string
  children: ReactNode
  /** Marks in the middle of narrow columns. */
  isMatrix?: boolean
}

/** The name of a row that opens its panel. */
export function RowButton({ children, onClick }: { children: ReactNode; onClick: () => void }) {
  return (
    <button type="button" className={styles.open} onClick={onClick}>
      {children}
    </button>
  )
}

/** A table of a few rows, with real table elements; wide ones scroll sideways. */
export function PlainTable({ label, children, isMatrix = false }: PlainTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section className={styles.tableFrame} aria-label={label} tabIndex={0}>
      <table className={`${styles.table} ${isMatrix ? styles.matrix : ''}`}>{children}</table>
    </section>
  )
}
