import { Checkbox, Field, Input } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import { serverNow } from '../../ui/clock.ts'
import desk from './lead-desk.module.css'

/** A due date as it is typed, in the user's time zone. */
export type TypedDue = { day: string; time: string; isNone: boolean }

/** What is typed at first: tomorrow at nine, or what is there. */
export function typedDue(at: string | null): TypedDue {
  const shown = at === null ? nineTomorrow() : new Date(at)
  const local = new Date(shown.getTime() - shown.getTimezoneOffset() * 60_000).toISOString()
  return { day: local.slice(0, 10), time: local.slice(11, 16), isNone: false }
}

/** The instant that is meant; null: none. Undefined: it is none yet, or has passed. */
export function readDue({ day, time, isNone }: TypedDue): string | null | undefined {
  if (isNone) return null
  const at = new Date(`${day}T${time}`)
  return Number.isNaN(at.getTime()) || at.getTime() <= serverNow() ? undefined : at.toISOString()
}

/** Day and time, or none at all. */
export function DueFields({ typed, onChange }: { typed: TypedDue; onChange: (typed: TypedDue) => void }) {
  const { t } = useTranslation()
  const { day, time, isNone } = typed
  const isPast = !isNone && day !== '' && time !== '' && readDue(typed) === undefined
  return (
    <>
      <div className={desk.dueFields}>
        <Field
          label={t('leadDuty.day')}
          {...(isPast && { validationState: 'error' as const, validationMessage: t('leadDuty.past') })}
        >
          <Input
            type="date"
            value={day}
            disabled={isNone}
            onChange={(_, { value }) => onChange({ ...typed, day: value })}
          />
        </Field>
        <Field label={t('leadDuty.time')}>
          <Input
            type="time"
            value={time}
            disabled={isNone}
            onChange={(_, { value }) => onChange({ ...typed, time: value })}
          />
        </Field>
      </div>
      <Checkbox
        label={t('leadDuty.none')}
        checked={isNone}
        onChange={(_, { checked }) => onChange({ ...typed, isNone: checked === true })}
      />
      <p className={desk.choiceText}>{t('leadDuty.dueText')}</p>
    </>
  )
}

function nineTomorrow(): Date {
  const now = new Date(serverNow())
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 9)
}
