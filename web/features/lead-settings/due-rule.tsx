import { Button, Checkbox, Field, Input, Select } from '@fluentui/react-components'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { setLeadDueRule, type WireLeadDueRule } from '../../api/lead-rules.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { Fields, FormActions, Section } from '../../ui/page.tsx'
import { LoadingRows } from '../../ui/states.tsx'
import { useToast } from '../../ui/toasts.tsx'
import '../../words/en-lead-rules.ts'
import styles from './lead-rules.module.css'
import { leadDueRuleQuery } from './rule-queries.ts'

const DAYS = [1, 2, 3, 4, 5, 6, 7] as const
const dayName = new Intl.DateTimeFormat(undefined, { weekday: 'short', timeZone: 'UTC' })
/** 1 January 2024 was a Monday. */
const nameOfDay = (day: number) => dayName.format(Date.UTC(2024, 0, day))
const AMOUNT_MAX = 500

/** Within how long new leads are to be judged. Source: issue 6, 6. */
export function DueRule() {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const rule = useQuery(leadDueRuleQuery(operatorId))
  return (
    <Section title={t('leadRules.due.title')} text={t('leadRules.due.text')}>
      <ProblemNotice error={rule.error} onRetry={() => void rule.refetch()} />
      {rule.isPending && <LoadingRows count={2} />}
      {rule.data && <DueRuleForm key={JSON.stringify(rule.data)} rule={rule.data} />}
    </Section>
  )
}

function DueRuleForm({ rule }: { rule: WireLeadDueRule }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(() => typedOf(rule))
  const save = useSave()
  const set = (part: Partial<typeof typed>) => setTyped({ ...typed, ...part })
  const asked = readDueRule(typed)
  const isReversed = typed.to <= typed.from
  const isReady = asked !== null && !save.isPending
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (asked && isReady) save.mutate(asked)
  }
  return (
    <form onSubmit={submit} noValidate>
      <Checkbox
        label={t('leadRules.due.none')}
        checked={typed.isNone}
        onChange={(_, { checked }) => set({ isNone: checked === true })}
      />
      {!typed.isNone && (
        <>
          <div className={styles.within}>
            <Field label={t('leadRules.due.within')}>
              <Input
                type="number"
                min={1}
                max={AMOUNT_MAX}
                value={typed.amount}
                className={`${styles.amount}`}
                onChange={(_, { value }) => set({ amount: value })}
              />
            </Field>
            <Field label={t('leadRules.due.unit')}>
              <Select
                value={typed.unit}
                onChange={(_, { value }) => set({ unit: value === 'days' ? 'days' : 'hours' })}
              >
                <option value="hours">{t('leadRules.due.hours')}</option>
                <option value="days">{t('leadRules.due.days')}</option>
              </Select>
            </Field>
          </div>
          <fieldset className={styles.week}>
            <legend>{t('leadRules.due.week')}</legend>
            {DAYS.map((day) => (
              <Checkbox
                key={day}
                label={nameOfDay(day)}
                checked={typed.days.includes(day)}
                onChange={(_, { checked }) =>
                  set({ days: checked ? [...typed.days, day].sort() : typed.days.filter((one) => one !== day) })
                }
              />
            ))}
          </fieldset>
          <Fields>
            <Field label={t('leadRules.due.from')}>
              <Input type="time" value={typed.from} onChange={(_, { value }) => set({ from: value })} />
            </Field>
            <Field
              label={t('leadRules.due.to')}
              {...(isReversed && { validationState: 'error' as const, validationMessage: t('leadRules.due.wrong') })}
            >
              <Input type="time" value={typed.to} onChange={(_, { value }) => set({ to: value })} />
            </Field>
            <Field label={t('leadRules.due.zone')}>
              <Select value={typed.timeZone} onChange={(_, { value }) => set({ timeZone: value })}>
                {[...new Set([typed.timeZone, 'UTC', ...Intl.supportedValuesOf('timeZone')])].map((zone) => (
                  <option key={zone} value={zone}>
                    {zone}
                  </option>
                ))}
              </Select>
            </Field>
          </Fields>
        </>
      )}
      <ProblemNotice error={save.error} />
      <FormActions>
        <Button type="submit" appearance="primary" disabledFocusable={!isReady}>
          {t('leadRules.due.save')}
        </Button>
      </FormActions>
    </form>
  )
}

function typedOf({ within, week }: WireLeadDueRule) {
  return {
    ...{ isNone: within === null, amount: String(within?.amount ?? 8), unit: within?.unit ?? ('hours' as const) },
    ...{ days: week.days, from: week.from, to: week.to, timeZone: week.timeZone },
  }
}

function readDueRule({ isNone, amount, unit, days, from, to, timeZone }: ReturnType<typeof typedOf>) {
  const number = Number(amount)
  const isGood = Number.isInteger(number) && number >= 1 && number <= AMOUNT_MAX && days.length > 0 && from < to
  if (!isNone && !isGood) return null
  return { within: isNone ? null : { amount: number, unit }, week: { days, from, to, timeZone } }
}

function useSave() {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: (rule: WireLeadDueRule) => setLeadDueRule(operatorId, rule),
    onSuccess: (saved) => {
      queries.setQueryData(leadDueRuleQuery(operatorId).queryKey, saved)
      toast('success', t(saved.within ? 'leadRules.due.saved' : 'leadRules.due.off'))
    },
  })
}
