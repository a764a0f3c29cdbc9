import { useTranslation } from 'react-i18next'
import type { WireJournalEntry } from '../api/journal.ts'
import { RelativeTime } from '../ui/relative-time.tsx'
import styles from './journal-entry.module.css'

/** One entry of the journal: what, who, when, and each field that changed as it was and as it is. */
export function JournalEntryView({ entry }: { entry: WireJournalEntry }) {
  const { t } = useTranslation()
  return (
    <article className={styles.entry}>
      <header className={styles.head}>
        <strong>{t(`journal.action.${entry.action as 'lead.changed'}`, { defaultValue: entry.action })}</strong>
        <RelativeTime instant={entry.at} />
      </header>
      <p className={styles.actor}>
        {t(`journal.by.${entry.actor.kind as 'person'}`, { name: entry.actor.name, defaultValue: entry.actor.name })}
        {entry.result !== 'ok' && ` · ${t(`journal.result.${entry.result}`)}`}
      </p>
      {entry.detail && <p className={styles.detail}>{entry.detail}</p>}
      <JournalChanges before={entry.before} after={entry.after} />
    </article>
  )
}

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
