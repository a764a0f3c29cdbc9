import { Checkbox } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import styles from './filter-chip.module.css'
import { FilterChip } from './filter-chip.tsx'

/** One value of a facet. `count` null: not known yet. */
export type FacetValue = { value: string; label: string; count: number | null }

type FacetFilterProps = {
  label: string
  values: readonly FacetValue[]
  chosen: readonly string[]
  /** How many there are without a choice; null: not known. */
  all?: number | null
  onChange: (chosen: string[]) => void
}

/** Any number of the values of one axis, each with how many there are; none chosen means all. */
export function FacetFilter({ label, values, chosen, all = null, onChange }: FacetFilterProps) {
  const { t } = useTranslation()
  const labelOf = (value: string) => values.find((one) => one.value === value)?.label ?? value
  return (
    <FilterChip
      label={label}
      value={chosen.length === 0 ? null : chosen.map(labelOf).join(', ')}
      onClear={() => onChange([])}
    >
      {() => (
        <fieldset className={styles.choices} style={{ border: 0, margin: 0, padding: 0 }}>
          <legend className="only-read-aloud">{label}</legend>
          <div className={styles.choice}>
            <Checkbox label={t('filter.all')} checked={chosen.length === 0} onChange={() => onChange([])} />
            <span className={styles.count}>{all?.toLocaleString()}</span>
          </div>
          {values.map(({ value, label: name, count }) => (
            <div key={value} className={styles.choice}>
              <Checkbox
                label={name}
                checked={chosen.includes(value)}
                onChange={(_, { checked }) =>
                  onChange(checked ? [...chosen, value] : chosen.filter((one) => one !== value))
                }
              />
              <Count count={count} />
            </div>
          ))}
        </fieldset>
      )}
    </FilterChip>
  )
}

function Count({ count }: { count: number | null }) {
  const { t } = useTranslation()
  if (count === null) return null
  return (
    <span className={styles.count} role="note" aria-label={t('filter.count', { count })}>
      {count.toLocaleString()}
    </span>
  )
}
