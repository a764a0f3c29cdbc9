import { Input, Radio, RadioGroup } from '@fluentui/react-components'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNow } from './clock.ts'
import { dayText, localDay, startOfDay, timeZoneText } from './dates.ts'
import styles from './filter-chip.module.css'
import { FilterChip } from './filter-chip.tsx'

/** `today`, `7d`, `30d`, or a day of one's own as YYYY-MM-DD; undefined: all. Source: seed 000, toolbar. */
export type DateChoice = string | undefined

const PRESETS = { today: 0, '7d': 6, '30d': 29 } as const

/** The instant a choice begins at, in the user's time zone; undefined: no bound, or not a choice we know. */
export function sinceOf(choice: DateChoice, now: number): Date | undefined {
  if (choice === undefined) return undefined
  if (Object.hasOwn(PRESETS, choice)) return startOfDay(now, PRESETS[choice as keyof typeof PRESETS])
  return localDay(choice) ?? undefined
}

export function isDateChoice(text: string): boolean {
  return sinceOf(text, 0) !== undefined
}

type DateFilterProps = { label: string; choice: DateChoice; onChange: (choice: DateChoice) => void }

export function DateFilter({ label, choice, onChange }: DateFilterProps) {
  const { t } = useTranslation()
  const now = useNow()
  const own = choice !== undefined && !Object.hasOwn(PRESETS, choice)
  const [day, setDay] = useState(own ? choice : '')
  const nameId = useId()
  const day0 = own ? localDay(choice) : null
  const words = own
    ? t('dates.since', { day: day0 ? dayText(day0) : choice })
    : choice && t(`dates.${choice as keyof typeof PRESETS}`)
  return (
    <FilterChip label={label} value={words ?? null} onClear={() => onChange(undefined)}>
      {(close) => (
        <div className={styles.choices}>
          <span id={nameId} className="only-read-aloud">
            {label}
          </span>
          <RadioGroup
            aria-labelledby={nameId}
            value={own ? 'own' : (choice ?? 'all')}
            onChange={(_, { value }) => {
              if (value === 'own') return onChange(day || isoDay(startOfDay(now, 0)))
              onChange(value === 'all' ? undefined : value)
              close()
            }}
          >
            <Radio value="today" label={t('dates.today')} />
            <Radio value="7d" label={t('dates.7d')} />
            <Radio value="30d" label={t('dates.30d')} />
            <Radio value="all" label={t('filter.all')} />
            <Radio value="own" label={t('dates.own')} />
          </RadioGroup>
          {own && (
            <div className={styles.since}>
              <Input
                type="date"
                size="small"
                aria-label={t('dates.ownDay')}
                value={day || choice}
                max={isoDay(startOfDay(now, 0))}
                onChange={(_, { value }) => {
                  setDay(value)
                  if (localDay(value)) onChange(value)
                }}
              />
            </div>
          )}
          <p className={styles.foot}>{t('dates.zone', { zone: timeZoneText(now) })}</p>
        </div>
      )}
    </FilterChip>
  )
}

function isoDay(date: Date): string {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
