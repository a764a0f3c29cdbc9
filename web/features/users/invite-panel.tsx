import { Button, Field, Input } from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { inviteUser, type Role } from '../../api/people.ts'
import { ApiProblem } from '../../api/problem.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { FormActions } from '../../ui/page.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { PanelBody, SidePanel } from '../../ui/side-panel.tsx'
import { RoleFields } from './role-fields.tsx'

/** Invites somebody by a link that works once. */
export function InvitePanel({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const operator = useOperator()
  const client = useQueryClient()
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>(
    operator.channelId === null
      ? { tier: 'operator', level: 'monitor' }
      : { tier: 'channel', level: 'monitor', channelId: operator.channelId },
  )
  const invite = useMutation({
    mutationFn: () => inviteUser(operator.operatorId, { ...role, email: email.trim(), name: name.trim() }),
    onSuccess: () => {
      setEmail('')
      setName('')
      void client.invalidateQueries({ queryKey: ['invitations', operator.operatorId] })
    },
  })
  const wrong = invite.error instanceof ApiProblem ? invite.error.fieldErrors() : new Map<string, string>()
  const error = (field: string) =>
    wrong.has(field) && { validationState: 'error' as const, validationMessage: wrong.get(field) ?? '' }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    invite.mutate()
  }
  return (
    <SidePanel title={t('users.invite')} onClose={onClose} takesFocus={true}>
      <PanelBody label={t('users.invite')}>
        {invite.data && (
          <SecretOnce
            title={t('users.invited', { name: invite.data.invitation.name })}
            text={t('users.linkOnce')}
            secret={invite.data.link}
            what={t('users.link')}
          />
        )}
        <ProblemNotice error={invite.error} />
        <form onSubmit={submit} style={{ display: 'flex', flexDirection: 'column', gap: 16, marginTop: 12 }}>
          <Field label={t('signIn.email')} required {...error('email')}>
            <Input type="email" value={email} maxLength={320} onChange={(_, { value }) => setEmail(value)} />
          </Field>
          <Field label={t('users.name')} required {...error('name')}>
            <Input value={name} maxLength={200} onChange={(_, { value }) => setName(value)} />
          </Field>
          <RoleFields role={role} onChange={setRole} wrong={wrong} />
          <FormActions>
            <Button
              type="submit"
              appearance="primary"
              disabledFocusable={invite.isPending || email.trim() === '' || name.trim() === ''}
            >
              {t('users.makeLink')}
            </Button>
          </FormActions>
        </form>
      </PanelBody>
    </SidePanel>
  )
}
