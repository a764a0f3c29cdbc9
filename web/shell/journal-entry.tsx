import { useTranslation } from 'react-i18next'
import type { WireJournalEntry } from '../api/journal.ts'
import styles from './journal-entry.module.css'

/** Fields of an entry, before and after. */
export function JournalChanges({ before, after }: Pick<WireJournalEntry, 'before' | 'after'>) {
  const { t } = useTranslation()
  const [was, is] = [fieldsOf(before), fieldsOf(after)]
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])]
  if (names.length === 0) return null
  return (
    <dl className={styles.changes}>
      {names.map((name) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {name in was && (
              <del>
                <span className="only-read-aloud">{t('journal.before')} </span>
                {valueText(was[name])}
              </del>
            )}
            {name in is && (
              <ins>
                <span className="only-read-aloud">{t('journal.after')} </span>
                {valueText(is[name])}
              </ins>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function fieldsOf(value: unknown): Record<string, unknown> {
  if (value === null || value === undefined) return {}
  return typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : { value }
}

function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
