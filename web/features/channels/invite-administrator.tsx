import { Button, Field, Input } from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WireChannelDetail } from '../../api/channels.ts'
import { inviteUser } from '../../api/people.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { FormActions, Section } from '../../ui/page.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'

/** Makes somebody the administrator of a channel, who then invites everybody else of it. */
export function InviteAdministrator({ channel }: { channel: WireChannelDetail }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const [email, setEmail] = useState(channel.contacts.email ?? '')
  const [name, setName] = useState('')
  const invite = useMutation({
    mutationFn: () =>
      inviteUser(operatorId, {
        ...{ tier: 'channel', level: 'administrator', channelId: channel.id },
        ...{ email: email.trim(), name: name.trim() },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['invitations', operatorId] }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    invite.mutate()
  }
  const isFirst = channel.holds.people === 0
  return (
    <Section title={t('channels.invite')} text={t(isFirst ? 'channels.inviteFirst' : 'channels.inviteMore')}>
      {invite.data && (
        <SecretOnce
          title={t('users.invited', { name: invite.data.invitation.name })}
          text={t('users.linkOnce')}
          secret={invite.data.link}
          what={t('users.link')}
        />
      )}
      <ProblemNotice error={invite.error} />
      <form onSubmit={submit} style={{ display: 'flex', flexDirection: 'column', gap: 12 }}>
        <Field label={t('signIn.email')} required>
          <Input type="email" value={email} maxLength={320} onChange={(_, { value }) => setEmail(value)} />
        </Field>
        <Field label={t('users.name')} required>
          <Input value={name} maxLength={200} onChange={(_, { value }) => setName(value)} />
        </Field>
        <FormActions>
          <Button type="submit" disabledFocusable={invite.isPending || email.trim() === '' || name.trim() === ''}>
            {t('users.makeLink')}
          </Button>
        </FormActions>
      </form>
    </Section>
  )
}
