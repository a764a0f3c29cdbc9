import styles from './truncated.module.css'

/** One line of text that ends in dots where there is no room; the whole of it on hover. */
export function Truncated({ text, quiet = false }: { text: string; quiet?: boolean }) {
  // Names come from outside in any direction of writing: each is set by itself, so that none turns its neighbours round.
  return (
    <span className={`${styles.text} ${quiet ? styles.quiet : ''}`} title={text} dir="auto">
      {text}
    </span>
  )
}
