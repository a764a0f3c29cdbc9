import { Button, Field, Input, Switch } from '@fluentui/react-components'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  getCustomerMailSettings,
  type SeenCustomerMailSettings,
  setCustomerMailSettings,
} from '../../api/mail-templates.ts'
import { ApiProblem } from '../../api/problem.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { Fields, FormActions, Section } from '../../ui/page.tsx'
import { LoadingRows } from '../../ui/states.tsx'
import { useToast } from '../../ui/toasts.tsx'

/** Who may write to customers, where answers go, and how much at most. */
export function CustomerMailRules() {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const settings = useQuery({
    queryKey: ['customer-mail-settings', operatorId],
    queryFn: ({ signal }) => getCustomerMailSettings(operatorId, signal),
  })
  return (
    <Section title={t('customerMail.rules.title')} text={t('customerMail.rules.text')}>
      <ProblemNotice error={settings.error} onRetry={() => void settings.refetch()} />
      {settings.isPending && <LoadingRows count={3} />}
      {settings.data && <RulesForm key={JSON.stringify({ ...settings.data, usedToday: 0 })} settings={settings.data} />}
    </Section>
  )
}

type Values = { replyTo: string; channelsMaySend: boolean; perMinute: string; perDay: string }

function valuesOf({ replyTo, channelsMaySend, perMinute, perDay }: SeenCustomerMailSettings): Values {
  return { replyTo: replyTo ?? '', channelsMaySend, perMinute: String(perMinute), perDay: String(perDay) }
}

function RulesForm({ settings }: { settings: SeenCustomerMailSettings }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const toast = useToast()
  const [values, setValues] = useState(valuesOf(settings))
  const isDirty = JSON.stringify(values) !== JSON.stringify(valuesOf(settings))
  const save = useMutation({
    mutationFn: ({ replyTo, channelsMaySend, perMinute, perDay }: Values) =>
      setCustomerMailSettings(operatorId, {
        ...{ replyTo: replyTo.trim() || null, channelsMaySend },
        ...{ perMinute: Number(perMinute), perDay: Number(perDay) },
      }),
    onSuccess: (saved) => {
      queries.setQueryData(['customer-mail-settings', operatorId], saved)
      toast('success', t('customerMail.rules.saved'))
    },
  })
  const wrong = save.error instanceof ApiProblem ? save.error.fieldErrors() : new Map<string, string>()
  const text = (name: 'replyTo' | 'perMinute' | 'perDay', hint?: string) => (
    <Field
      label={t(`customerMail.rules.${name}`)}
      {...(hint && { hint })}
      {...(wrong.has(name) && { validationState: 'error' as const, validationMessage: wrong.get(name) ?? '' })}
    >
      <Input
        type={name === 'replyTo' ? 'email' : 'number'}
        autoComplete="off"
        value={values[name]}
        onChange={(_, { value }) => setValues({ ...values, [name]: value })}
      />
    </Field>
  )
  const { usedToday } = settings
  return (
    <form
      aria-label={t('customerMail.rules.title')}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (isDirty && !save.isPending) save.mutate(values)
      }}
    >
      <ProblemNotice error={save.error} />
      <Switch
        label={t('customerMail.rules.channelsMaySend')}
        checked={values.channelsMaySend}
        onChange={(_, { checked }) => setValues({ ...values, channelsMaySend: checked })}
      />
      <Fields>
        {text('replyTo', t('customerMail.rules.replyToHint'))}
        {text('perMinute')}
        {text('perDay', t('customerMail.rules.used', { count: usedToday, shown: usedToday.toLocaleString() }))}
      </Fields>
      <FormActions>
        <Button type="submit" appearance="primary" disabledFocusable={!isDirty || save.isPending}>
          {t(save.isPending ? 'form.saving' : 'form.save')}
        </Button>
        <Button disabledFocusable={!isDirty} onClick={() => setValues(valuesOf(settings))}>
          {t('form.discard')}
        </Button>
      </FormActions>
    </form>
  )
}
