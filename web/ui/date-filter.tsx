import { Field, Input, Radio, RadioGroup } from '@fluentui/react-components'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNow } from './clock.ts'
import { choiceOf, type DateChoice, daysOfPreset, daysText, isDateChoice, isPreset, ownDays } from './date-choice.ts'
import { timeZoneText } from './dates.ts'
import styles from './filter-chip.module.css'
import { FilterChip } from './filter-chip.tsx'

type DateFilterProps = { label: string; choice: DateChoice; onChange: (choice: DateChoice) => void }

/** Days to choose: the presets of seed 000, all, or a range of one's own with either end open. */
export function DateFilter({ label, choice, onChange }: DateFilterProps) {
  const { t } = useTranslation()
  const days = ownDays(choice)
  const words = {
    since: (day: string) => t('dates.since', { day }),
    until: (day: string) => t('dates.until', { day }),
  }
  const value = days ? daysText(days, words) : isPreset(choice) ? t(`dates.${choice}`) : null
  return (
    <FilterChip label={label} value={value} onClear={() => onChange(undefined)}>
      {(close) => <Choices label={label} choice={choice} onChange={onChange} onDone={close} />}
    </FilterChip>
  )
}

function Choices({ label, choice, onChange, onDone }: DateFilterProps & { onDone: () => void }) {
  const { t } = useTranslation()
  const now = useNow()
  const nameId = useId()
  // Own days are asked for before there are any.
  const [isOwn, setIsOwn] = useState(ownDays(choice) !== null)
  return (
    <div className={styles.choices}>
      <span id={nameId} className="only-read-aloud">
        {label}
      </span>
      <RadioGroup
        aria-labelledby={nameId}
        value={isOwn ? 'own' : (choice ?? 'all')}
        onChange={(_, { value }) => {
          setIsOwn(value === 'own')
          if (value === 'own') return onChange(isPreset(choice) ? choiceOf(daysOfPreset(choice, now)) : undefined)
          onChange(value === 'all' ? undefined : value)
          onDone()
        }}
      >
        <Radio value="today" label={t('dates.today')} />
        <Radio value="7d" label={t('dates.7d')} />
        <Radio value="30d" label={t('dates.30d')} />
        <Radio value="all" label={t('filter.all')} />
        <Radio value="own" label={t('dates.own')} />
      </RadioGroup>
      {isOwn && <OwnDays choice={choice} onChange={onChange} />}
      <p className={styles.foot}>{t('dates.zone', { zone: timeZoneText(now) })}</p>
    </div>
  )
}

function OwnDays({ choice, onChange }: Pick<DateFilterProps, 'choice' | 'onChange'>) {
  const { t } = useTranslation()
  const [days, setDays] = useState(ownDays(choice) ?? { first: '', last: '' })
  const isReversed = days.first !== '' && days.last !== '' && days.last < days.first
  const set = (part: Partial<typeof days>) => {
    const next = { ...days, ...part }
    setDays(next)
    // A day that is half typed, or two in the wrong order, leave the list as it is.
    const chosen = choiceOf(next)
    if (chosen === undefined || isDateChoice(chosen)) onChange(chosen)
  }
  return (
    <div className={styles.days}>
      <Field label={t('dates.first')} size="small">
        <Input type="date" size="small" value={days.first} onChange={(_, { value }) => set({ first: value })} />
      </Field>
      <Field
        label={t('dates.last')}
        size="small"
        {...(isReversed && { validationState: 'error' as const, validationMessage: t('dates.reversed') })}
      >
        <Input
          type="date"
          size="small"
          value={days.last}
          min={days.first}
          onChange={(_, { value }) => set({ last: value })}
        />
      </Field>
    </div>
  )
}
