import { CopyButton } from '../../ui/copy-button.tsx'
import styles from './webhooks.module.css'

/** A text as it went over the wire; JSON is set with line breaks, and copied as it came. */
export function Payload({ label, text }: { label: string; text: string }) {
  return (
    <div className={styles.payload}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section className={styles.code} aria-label={label} tabIndex={0}>
        <pre>{readable(text)}</pre>
      </section>
      <span className={styles.copy}>
        <CopyButton text={text} what={label} />
      </span>
    </div>
  )
}

function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    // Receivers answer with anything.
    return text
  }
}

/** Headers of a request or an answer, in the order they came. */
export function HeaderLines({ headers }: { headers: Record<string, string> }) {
  return (
    <dl className={styles.headers}>
      {Object.entries(headers).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
