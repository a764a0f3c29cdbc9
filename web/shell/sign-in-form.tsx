import { Button, Field, Input, MessageBar, MessageBarBody } from '@fluentui/react-components'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../api/problem.ts'
import { signIn, type WireMe } from '../api/sessions.ts'
import { useFailureWords } from './problem-notice.tsx'

type SignInFormProps = {
  /** Who it is, where that is known. */
  email?: string | undefined
  /** Chosen from the sandbox's people. */
  filledIn?: { email: string; password: string } | undefined
  onSignedIn: (me: WireMe) => void | Promise<void>
}

/** Mail address and password, then the code where a second factor is on. What was typed stays when something is wrong. */
export function SignInForm({ email: known = '', filledIn, onSignedIn }: SignInFormProps) {
  const { t } = useTranslation()
  const [email, setEmail] = useState(known)
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [step, setStep] = useState<'password' | 'code'>('password')
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const waitSeconds = useCountdown(error)
  const passwordField = useRef<HTMLInputElement>(null)
  const isKnown = known !== ''
  useEffect(() => {
    if (!isKnown) return
    // A dialog around the form puts the focus on its first field, after everything in it is there.
    const frame = requestAnimationFrame(() => passwordField.current?.focus())
    return () => cancelAnimationFrame(frame)
  }, [isKnown])
  useEffect(() => {
    if (!filledIn) return
    setEmail(filledIn.email)
    setPassword(filledIn.password)
    setStep('password')
    setError(null)
  }, [filledIn])

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (isBusy || waitSeconds > 0) return
    setIsBusy(true)
    setError(null)
    try {
      const entered = step === 'code' ? { code: code.trim() } : {}
      await onSignedIn(await signIn({ email: email.trim(), password, ...entered }))
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.code === 'second-factor-required') setStep('code')
      else setError(problem)
      setCode('')
    } finally {
      setIsBusy(false)
    }
  }

  return (
    <form onSubmit={submit} style={{ display: 'flex', flexDirection: 'column', gap: 16 }}>
      <SignInError error={error} waitSeconds={waitSeconds} />
      {step === 'password' ? (
        <>
          <Field label={t('signIn.email')} required>
            <Input
              type="email"
              autoComplete="username"
              autoFocus={known === ''}
              value={email}
              maxLength={320}
              onChange={(_, { value }) => setEmail(value)}
            />
          </Field>
          <Field label={t('signIn.password')} required>
            <Input
              type="password"
              autoComplete="current-password"
              input={{ ref: passwordField }}
              value={password}
              maxLength={256}
              onChange={(_, { value }) => setPassword(value)}
            />
          </Field>
        </>
      ) : (
        <Field label={t('signIn.code')} hint={t('signIn.codeHint')} required>
          <Input
            inputMode="text"
            autoComplete="one-time-code"
            autoFocus
            value={code}
            maxLength={40}
            onChange={(_, { value }) => setCode(value)}
          />
        </Field>
      )}
      <Button type="submit" appearance="primary" size="large" disabledFocusable={isBusy || waitSeconds > 0}>
        {waitSeconds > 0 ? t('signIn.wait', { seconds: waitSeconds }) : t(isBusy ? 'signIn.busy' : 'signIn.submit')}
      </Button>
      {step === 'code' && (
        <Button appearance="subtle" onClick={() => setStep('password')}>
          {t('signIn.back')}
        </Button>
      )}
    </form>
  )
}

function SignInError({ error, waitSeconds }: { error: unknown; waitSeconds: number }) {
  const words = useFailureWords()
  const { t } = useTranslation()
  // Announced where it appears; the place is there before, or it would not be read aloud.
  return (
    <div role="alert">
      {Boolean(error) && (
        <MessageBar intent={waitSeconds > 0 ? 'warning' : 'error'} layout="multiline">
          <MessageBarBody>{waitSeconds > 0 ? t('signIn.slowed') : words(error).detail}</MessageBarBody>
        </MessageBar>
      )}
    </div>
  )
}

/** Seconds that the server asked to wait, counted down. */
function useCountdown(error: unknown): number {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const asked = error instanceof ApiProblem && error.status === 429 ? (error.retryAfterSeconds ?? 30) : 0
    setSeconds(Math.ceil(asked))
    if (asked === 0) return
    const timer = setInterval(() => setSeconds((before) => Math.max(0, before - 1)), 1_000)
    return () => clearInterval(timer)
  }, [error])
  return seconds
}
