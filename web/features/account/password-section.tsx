import { Button, Field, Input } from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../api/problem.ts'
import { changePassword } from '../../api/sessions.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { Fields, FormActions, Section } from '../../ui/page.tsx'
import { useToast } from '../../ui/toasts.tsx'

export function PasswordSection() {
  const { t } = useTranslation()
  const toast = useToast()
  const client = useQueryClient()
  const [currentPassword, setCurrent] = useState('')
  const [newPassword, setNew] = useState('')
  const change = useMutation({
    mutationFn: () => changePassword({ currentPassword, newPassword }),
    onSuccess: () => {
      setCurrent('')
      setNew('')
      toast('success', t('account.passwordChanged'), t('account.passwordChangedText'))
      void client.invalidateQueries({ queryKey: ['sessions'] })
    },
  })
  const wrong = change.error instanceof ApiProblem ? change.error.fieldErrors() : new Map<string, string>()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate()
  }
  return (
    <Section title={t('signIn.password')} text={t('account.passwordText')}>
      <form onSubmit={submit}>
        <ProblemNotice error={change.error} />
        <Fields>
          <Field label={t('account.currentPassword')} required>
            <Input
              type="password"
              autoComplete="current-password"
              value={currentPassword}
              onChange={(_, { value }) => setCurrent(value)}
            />
          </Field>
          <Field
            label={t('account.newPassword')}
            hint={t('account.passwordHint')}
            required
            {...(wrong.has('newPassword') && {
              validationState: 'error' as const,
              validationMessage: wrong.get('newPassword') ?? '',
            })}
          >
            <Input
              type="password"
              autoComplete="new-password"
              value={newPassword}
              maxLength={256}
              onChange={(_, { value }) => setNew(value)}
            />
          </Field>
        </Fields>
        <FormActions>
          <Button type="submit" disabledFocusable={change.isPending || currentPassword === '' || newPassword === ''}>
            {t('account.changePassword')}
          </Button>
        </FormActions>
      </form>
    </Section>
  )
}
