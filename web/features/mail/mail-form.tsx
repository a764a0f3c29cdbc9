import { Button, Field, Input, Select, Switch } from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { setMailSettings, type WireMailSettings } from '../../api/mail.ts'
import { ApiProblem } from '../../api/problem.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { Fields, FormActions, Section } from '../../ui/page.tsx'
import { useToast } from '../../ui/toasts.tsx'

type Values = Record<'host' | 'port' | 'tls' | 'userName' | 'password' | 'senderName' | 'senderAddress', string> & {
  enabled: boolean
}

function valuesOf(settings: WireMailSettings): Values {
  const { enabled, host, port, tls, userName, senderName, senderAddress } = settings
  return { enabled, host, port: String(port), tls, userName: userName ?? '', password: '', senderName, senderAddress }
}

/** The server and the sender. The password is written, never shown. */
export function MailForm({ settings }: { settings: WireMailSettings }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const toast = useToast()
  const [values, setValues] = useState(valuesOf(settings))
  const isDirty = JSON.stringify(values) !== JSON.stringify(valuesOf(settings))
  const save = useMutation({
    mutationFn: ({ enabled, password, ...text }: Values) =>
      setMailSettings(operatorId, {
        ...{ enabled, host: text.host.trim(), port: Number(text.port), tls: text.tls as WireMailSettings['tls'] },
        ...{ senderName: text.senderName.trim(), senderAddress: text.senderAddress.trim() },
        userName: text.userName.trim() || null,
        ...(password !== '' && { password }),
      }),
    onSuccess: (saved) => {
      queries.setQueryData(['mail-settings', operatorId], saved)
      toast('success', t('mail.saved'), t('mail.savedText'))
    },
  })
  const wrong = save.error instanceof ApiProblem ? save.error.fieldErrors() : new Map<string, string>()
  const set = (name: keyof Values, value: string | boolean) => setValues({ ...values, [name]: value })
  const hints: Partial<Record<keyof Values, string>> = {
    host: t('mail.hint.host'),
    userName: t('mail.hint.userName'),
    senderAddress: t('mail.hint.senderAddress'),
    ...(settings.hasPassword && { password: t('mail.hint.passwordSet') }),
  }
  const text = (
    name: Exclude<keyof Values, 'enabled' | 'tls'>,
    type: 'text' | 'number' | 'password' | 'email' = 'text',
  ) => (
    <Field
      label={t(`mail.field.${name}`)}
      {...(hints[name] && { hint: hints[name] })}
      {...(wrong.has(name) && { validationState: 'error' as const, validationMessage: wrong.get(name) ?? '' })}
    >
      <Input
        type={type}
        autoComplete="off"
        spellCheck={false}
        value={values[name]}
        onChange={(_, { value }) => set(name, value)}
      />
    </Field>
  )
  return (
    <form
      aria-label={t('mail.server')}
      autoComplete="off"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate(values)
      }}
    >
      <Section title={t('mail.server')} text={t('mail.serverText')}>
        <ProblemNotice error={save.error} />
        <Switch
          label={t('mail.enabled')}
          checked={values.enabled}
          onChange={(_, { checked }) => set('enabled', checked)}
        />
        <Fields>
          {text('host')}
          {text('port', 'number')}
          <Field label={t('mail.field.tls')}>
            <Select value={values.tls} onChange={(_, { value }) => set('tls', value)}>
              {(['starttls', 'tls', 'none'] as const).map((mode) => (
                <option key={mode} value={mode}>
                  {t(`mail.tls.${mode}`)}
                </option>
              ))}
            </Select>
          </Field>
          {text('userName')}
          {text('password', 'password')}
          {text('senderName')}
          {text('senderAddress', 'email')}
        </Fields>
        <FormActions>
          <Button type="submit" appearance="primary" disabledFocusable={!isDirty || save.isPending}>
            {t(save.isPending ? 'form.saving' : 'form.save')}
          </Button>
          <Button disabledFocusable={!isDirty} onClick={() => setValues(valuesOf(settings))}>
            {t('form.discard')}
          </Button>
        </FormActions>
      </Section>
    </form>
  )
}
