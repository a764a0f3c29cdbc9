import { Button, Popover, PopoverSurface, PopoverTrigger } from '@fluentui/react-components'
import { ChevronDownRegular } from '@fluentui/react-icons/svg/chevron-down'
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './filter-chip.module.css'

type FilterChipProps = {
  label: string
  /** What is chosen, in words; null: everything. */
  value: string | null
  /** Without a choice only the name is shown: what that means is not everything. */
  isBare?: boolean
  onClear: () => void
  /** Gets a way to close the choice. */
  children: (close: () => void) => ReactNode
}

type GivenFilterChipProps = { label: string; value: string; onClear: () => void }

/** A filter that somebody came with, by a link: it can be seen and removed. */
export function GivenFilterChip({ label, value, onClear }: GivenFilterChipProps) {
  const { t } = useTranslation()
  return (
    <span className={styles.chip} data-active>
      <span className={`${styles.words} ${styles.given}`}>
        {label}
        <span className={styles.value}>{value}</span>
      </span>
      <Button
        appearance="transparent"
        size="small"
        className={`${styles.clear}`}
        icon={<DismissRegular />}
        aria-label={t('filter.remove', { label })}
        onClick={onClear}
      />
    </span>
  )
}

/** A filter as a chip: its name and value, a choice that opens below it, and a cross that removes it. */
export function FilterChip({ label, value, isBare = false, onClear, children }: FilterChipProps) {
  const { t } = useTranslation()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <span className={styles.chip} data-active={value !== null || undefined}>
      <Popover open={isOpen} onOpenChange={(_, { open }) => setIsOpen(open)} trapFocus positioning="below-start">
        <PopoverTrigger disableButtonEnhancement>
          <Button
            appearance="transparent"
            size="small"
            className={`${styles.button}`}
            iconPosition="after"
            icon={<ChevronDownRegular />}
          >
            <span className={styles.words}>
              {label}
              {!(isBare && value === null) && <span className={styles.value}>{value ?? t('filter.all')}</span>}
            </span>
          </Button>
        </PopoverTrigger>
        <PopoverSurface aria-label={label} className={`${styles.surface}`}>
          {children(() => setIsOpen(false))}
        </PopoverSurface>
      </Popover>
      {value !== null && (
        <Button
          appearance="transparent"
          size="small"
          className={`${styles.clear}`}
          icon={<DismissRegular />}
          aria-label={t('filter.remove', { label })}
          onClick={onClear}
        />
      )}
    </span>
  )
}
