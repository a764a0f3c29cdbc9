import { Button, type ButtonProps, Popover, PopoverSurface, PopoverTrigger } from '@fluentui/react-components'
import { ChevronDownRegular } from '@fluentui/react-icons/svg/chevron-down'
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss'
import { memo, type ReactNode, useCallback, useRef, useState } from 'react'
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
export function FilterChip(props: FilterChipProps) {
  const { label, value, isBare = false, children } = props
  const [isOpen, setIsOpen] = useState(false)
  const latest = useRef(props)
  latest.current = props
  const clear = useCallback(() => latest.current.onClear(), [])
  return (
    <Chip label={label} value={value} isBare={isBare} isOpen={isOpen} onOpen={setIsOpen} onClear={clear}>
      {isOpen && children(() => setIsOpen(false))}
    </Chip>
  )
}

type ChipProps = Pick<FilterChipProps, 'label' | 'value' | 'onClear'> & {
  isBare: boolean
  isOpen: boolean
  onOpen: (isOpen: boolean) => void
  children: ReactNode
}

/** Drawn again only when its words change: a list has nine of them, and each letter of a search comes by. */
const Chip = memo(function Chip({ label, value, isBare, isOpen, onOpen, onClear, children }: ChipProps) {
  const { t } = useTranslation()
  const [wasOpen, setWasOpen] = useState(false)
  if (isOpen && !wasOpen) setWasOpen(true)
  const words = (
    <span className={styles.words}>
      {label}
      {!(isBare && value === null) && <span className={styles.value}>{value ?? t('filter.all')}</span>}
    </span>
  )
  return (
    <span className={styles.chip} data-active={value !== null || undefined}>
      {wasOpen ? (
        <Popover open={isOpen} onOpenChange={(_, { open }) => onOpen(open)} trapFocus positioning="below-start">
          <PopoverTrigger disableButtonEnhancement>
            <ChipButton>{words}</ChipButton>
          </PopoverTrigger>
          <PopoverSurface aria-label={label} className={`${styles.surface}`}>
            {children}
          </PopoverSurface>
        </Popover>
      ) : (
        // What opens is dear to make and seldom asked for.
        <ChipButton aria-expanded={false} onClick={() => onOpen(true)}>
          {words}
        </ChipButton>
      )}
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
})

function ChipButton(props: ButtonProps) {
  return (
    <Button
      appearance="transparent"
      size="small"
      className={`${styles.button}`}
      iconPosition="after"
      icon={<ChevronDownRegular />}
      {...props}
    />
  )
}
