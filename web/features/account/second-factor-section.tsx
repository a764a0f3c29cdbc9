import { Button, Field, Input, Link } from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { meQuery } from '../../api/queries.ts'
import { confirmSecondFactor, removeSecondFactor, startSecondFactor } from '../../api/sessions.ts'
import { useMe } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { FormActions, Section } from '../../ui/page.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'

/** Turns the second factor on (password, app, code) and off (password and code). */
export function SecondFactorSection() {
  const { t } = useTranslation()
  const me = useMe()
  const client = useQueryClient()
  const [recoveryCodes, setRecoveryCodes] = useState<string[] | null>(null)
  const refresh = () => client.invalidateQueries({ queryKey: meQuery.queryKey })
  return (
    <Section title={t('users.secondFactor')} text={t('account.secondFactorText')}>
      {recoveryCodes && (
        <SecretOnce
          title={t('account.recoveryCodes')}
          text={t('account.recoveryCodesText')}
          secret={recoveryCodes.join('  ')}
          what={t('account.recoveryCodes')}
        />
      )}
      {me.secondFactor ? (
        <TurnOff onDone={refresh} left={me.recoveryCodesLeft} />
      ) : (
        <TurnOn
          onDone={(codes) => {
            setRecoveryCodes(codes)
            void refresh()
          }}
        />
      )}
    </Section>
  )
}

function TurnOn({ onDone }: { onDone: (recoveryCodes: string[]) => void }) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const start = useMutation({ mutationFn: () => startSecondFactor(password) })
  const confirm = useMutation({
    mutationFn: () => confirmSecondFactor(code.trim()),
    onSuccess: ({ recoveryCodes }) => onDone(recoveryCodes),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (start.data) confirm.mutate()
    else start.mutate()
  }
  return (
    <form onSubmit={submit}>
      <ProblemNotice error={start.error ?? confirm.error} />
      {start.data ? (
        <>
          <p style={{ fontSize: 13 }}>
            {t('account.addToApp')} <Link href={start.data.uri}>{t('account.openApp')}</Link>
          </p>
          <SecretOnce
            title={t('account.appSecret')}
            text={t('account.appSecretText')}
            secret={start.data.secret}
            what={t('account.appSecret')}
          />
          <Field label={t('signIn.code')} required style={{ maxWidth: 320, marginTop: 12 }}>
            <Input
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={40}
              value={code}
              onChange={(_, { value }) => setCode(value)}
            />
          </Field>
        </>
      ) : (
        <Field label={t('account.currentPassword')} required style={{ maxWidth: 320 }}>
          <Input
            type="password"
            autoComplete="current-password"
            value={password}
            onChange={(_, { value }) => setPassword(value)}
          />
        </Field>
      )}
      <FormActions>
        <Button type="submit" disabledFocusable={start.isPending || confirm.isPending}>
          {t(start.data ? 'account.turnOn' : 'account.setUp')}
        </Button>
      </FormActions>
    </form>
  )
}

function TurnOff({ onDone, left }: { onDone: () => void; left: number }) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const remove = useMutation({
    mutationFn: () => removeSecondFactor({ password, code: code.trim() }),
    onSuccess: onDone,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    remove.mutate()
  }
  return (
    <form onSubmit={submit} style={{ display: 'flex', flexDirection: 'column', gap: 12, maxWidth: 320 }}>
      <ProblemNotice error={remove.error} />
      <p style={{ margin: 0, fontSize: 13 }}>{t('account.isOn', { count: left })}</p>
      <Field label={t('account.currentPassword')} required>
        <Input
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={(_, { value }) => setPassword(value)}
        />
      </Field>
      <Field label={t('signIn.code')} required>
        <Input autoComplete="one-time-code" maxLength={40} value={code} onChange={(_, { value }) => setCode(value)} />
      </Field>
      <div>
        <Button type="submit" disabledFocusable={remove.isPending || password === '' || code === ''}>
          {t('account.turnOff')}
        </Button>
      </div>
    </form>
  )
}
