import { countryName, flagOf } from '../../ui/countries.ts'
import styles from './leads.module.css'

/** Countries by flag and name: the first one, and how many more there are. */
export function Market({ countries, all = false }: { countries: readonly string[]; all?: boolean }) {
  const shown = all ? countries : countries.slice(0, 1)
  const more = countries.length - shown.length
  return (
    <span className={styles.market} title={countries.map(countryName).join(', ')}>
      {shown.map((code) => (
        <Country key={code} code={code} />
      ))}
      {more > 0 && <span className={styles.more}>+{more}</span>}
    </span>
  )
}

function Country({ code }: { code: string }) {
  const flag = flagOf(code)
  return (
    <span className={styles.country}>
      <span aria-hidden="true" className={flag ? styles.flag : styles.code}>
        {flag ?? code.toUpperCase()}
      </span>
      <span className={styles.countryName}>{countryName(code)}</span>
    </span>
  )
}
