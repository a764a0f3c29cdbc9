import { Button, Field, Input } from '@fluentui/react-components'
import { LinkDismissRegular } from '@fluentui/react-icons/svg/link-dismiss'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { acceptInvitation, type OpenedInvitation, openInvitation } from '../../api/people.ts'
import { ApiProblem } from '../../api/problem.ts'
import { paths } from '../../paths.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { useRoleWords } from '../../shell/role-words.ts'
import { EmptyState, LoadingRows } from '../../ui/states.tsx'
import styles from './door.module.css'
import { Door } from './door.tsx'

/** Behind the link of an invitation or of a new password. The token stands after # and never reaches a log. */
export function AcceptInvitationPage() {
  const { t } = useTranslation()
  const [token] = useState(() => window.location.hash.slice(1))
  const opened = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => openInvitation(token),
    enabled: token !== '',
    retry: false,
    refetchOnWindowFocus: false,
  })
  const isGone = token === '' || (opened.error instanceof ApiProblem && [400, 410].includes(opened.error.status))
  const roleWords = useRoleWords()
  const invitation = opened.data
  const isFirst = invitation?.email === null
  const isNewPassword = invitation?.purpose === 'new-password'
  const subtitle =
    invitation?.membership &&
    t('invitation.as', {
      role: roleWords(invitation.membership),
      operator: invitation.membership.operatorName ?? t('invitation.everyOperator'),
    })
  return (
    <Door
      title={t(isNewPassword ? 'invitation.newPassword' : isFirst ? 'invitation.firstTitle' : 'invitation.title')}
      subtitle={isFirst ? t('invitation.firstText') : subtitle}
    >
      {isGone ? (
        <EmptyState icon={<LinkDismissRegular />} title={t('invitation.gone')}>
          {t('invitation.goneText')}
        </EmptyState>
      ) : (
        <ProblemNotice error={opened.error} onRetry={() => void opened.refetch()} />
      )}
      {token !== '' && opened.isPending && <LoadingRows count={3} />}
      {invitation && <AcceptForm token={token} invitation={invitation} />}
    </Door>
  )
}

function AcceptForm({ token, invitation }: { token: string; invitation: OpenedInvitation }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const isFirst = invitation.email === null
  const [email, setEmail] = useState(invitation.email ?? '')
  const [name, setName] = useState(isFirst ? '' : invitation.name)
  const [password, setPassword] = useState('')
  const needsNew = invitation.needs === 'new-password'
  const accept = useMutation({
    mutationFn: () =>
      acceptInvitation({
        token,
        ...(isFirst && { email: email.trim() }),
        ...(needsName && { name: name.trim() }),
        ...(needsNew ? { newPassword: password } : { presentPassword: password }),
      }),
    onSuccess: ({ email }) => navigate({ to: paths.signIn, search: { email } }),
  })
  const wrong = accept.error instanceof ApiProblem ? accept.error.fieldErrors() : new Map<string, string>()
  const errorOf = (field: string) =>
    wrong.has(field) ? { validationState: 'error' as const, validationMessage: wrong.get(field) ?? '' } : {}
  const needsName = invitation.purpose === 'invitation' && needsNew
  const isWhole = password !== '' && email.trim() !== '' && (!needsName || name.trim() !== '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isWhole && !accept.isPending) accept.mutate()
  }
  return (
    <form onSubmit={submit} className={styles.form} noValidate>
      <ProblemNotice error={accept.error} />
      <Field label={t('signIn.email')} required={isFirst} {...errorOf('email')}>
        <Input
          type="email"
          value={email}
          readOnly={!isFirst}
          autoFocus={isFirst}
          maxLength={320}
          autoComplete="username"
          onChange={(_, { value }) => setEmail(value)}
        />
      </Field>
      {needsName && (
        <Field label={t('users.name')} required {...errorOf('name')}>
          <Input value={name} maxLength={200} autoComplete="name" onChange={(_, { value }) => setName(value)} />
        </Field>
      )}
      <Field
        label={t(needsNew ? 'account.newPassword' : 'invitation.yourPassword')}
        hint={t(needsNew ? 'account.passwordHint' : 'invitation.yourPasswordHint')}
        required
        {...errorOf('newPassword')}
      >
        <Input
          type="password"
          autoComplete={needsNew ? 'new-password' : 'current-password'}
          value={password}
          maxLength={256}
          onChange={(_, { value }) => setPassword(value)}
        />
      </Field>
      <Button type="submit" appearance="primary" size="large" disabledFocusable={accept.isPending || !isWhole}>
        {t(invitation.purpose === 'invitation' ? 'invitation.accept' : 'form.save')}
      </Button>
    </form>
  )
}
