import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  type Role,
  removeUser,
  resetUser,
  resumeUser,
  suspendUser,
  updateUser,
  type WireUser,
} from '../../api/people.ts'
import { ApiProblem } from '../../api/problem.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { FormActions, Section } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { PanelBody, SidePanel } from '../../ui/side-panel.tsx'
import { Fact, Facts } from '../../ui/states.tsx'
import { RoleFields } from './role-fields.tsx'
import { UserState } from './user-state.tsx'

type Deed = 'suspend' | 'resume' | 'reset' | 'remove'
const deeds: Deed[] = ['suspend', 'resume', 'reset', 'remove']

/** One person: what he is for this operator, and what may be done with the account. */
export function UserPanel({ user, onClose }: { user: WireUser; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <SidePanel title={user.name} subtitle={<UserState state={user.state} />} onClose={onClose} takesFocus={true}>
      <PanelBody label={user.name}>
        <Facts>
          <Fact name={t('signIn.email')}>{user.email}</Fact>
          <Fact name={t('users.secondFactor')}>{t(user.secondFactor ? 'users.on' : 'users.off')}</Fact>
          <Fact name={t('users.lastSignIn')}>
            {user.lastSignInAt ? <RelativeTime instant={user.lastSignInAt} /> : t('clients.never')}
          </Fact>
          <Fact name={t('users.since')}>
            <RelativeTime instant={user.createdAt} />
          </Fact>
          <Fact name={t('users.sessions')}>{user.openSessions}</Fact>
        </Facts>
        <div style={{ marginTop: 20 }}>
          <RoleSection user={user} />
          <Deeds user={user} onClose={onClose} />
        </div>
      </PanelBody>
    </SidePanel>
  )
}

function RoleSection({ user }: { user: WireUser }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const client = useQueryClient()
  const { tier, level, channelId } = user.membership
  const [role, setRole] = useState<Role>({ tier, level, ...(channelId !== null && { channelId }) })
  const update = useMutation({
    mutationFn: () => updateUser(operatorId, user.personId, role),
    onSuccess: () => client.invalidateQueries({ queryKey: ['users', operatorId] }),
  })
  const wrong = update.error instanceof ApiProblem ? update.error.fieldErrors() : new Map<string, string>()
  const isChanged = role.tier !== tier || role.level !== level || (role.channelId ?? null) !== channelId
  return (
    <Section title={t('users.role')}>
      <ProblemNotice error={update.error} />
      <div style={{ display: 'flex', flexDirection: 'column', gap: 12 }}>
        <RoleFields role={role} onChange={setRole} wrong={wrong} />
      </div>
      <FormActions>
        <PermittedButton
          appearance="primary"
          verdict={user.actions.updateUser}
          disabledFocusable={!isChanged || update.isPending}
          onClick={() => update.mutate()}
        >
          {t('form.save')}
        </PermittedButton>
      </FormActions>
    </Section>
  )
}

function Deeds({ user, onClose }: { user: WireUser; onClose: () => void }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const client = useQueryClient()
  const [asked, setAsked] = useState<Deed | null>(null)
  const [link, setLink] = useState<string | null>(null)
  const act = useMutation({
    mutationFn: async (deed: Deed) => {
      if (deed === 'suspend') await suspendUser(operatorId, user.personId)
      else if (deed === 'resume') await resumeUser(operatorId, user.personId)
      else if (deed === 'remove') await removeUser(operatorId, user.personId)
      else setLink((await resetUser(operatorId, user.personId, false)).link)
      return deed
    },
    onSuccess: (deed) => {
      setAsked(null)
      void client.invalidateQueries({ queryKey: ['users', operatorId] })
      if (deed === 'remove') onClose()
    },
  })
  const verdicts = {
    suspend: user.actions.suspendUser,
    resume: user.actions.resumeUser,
    reset: user.actions.resetUser,
    remove: user.actions.removeUser,
  }
  return (
    <Section title={t('users.account')}>
      {link && (
        <SecretOnce title={t('users.resetDone')} text={t('users.linkOnce')} secret={link} what={t('users.link')} />
      )}
      {!asked && <ProblemNotice error={act.error} />}
      <FormActions>
        {deeds
          .filter((deed) => (user.state === 'suspended' ? deed !== 'suspend' : deed !== 'resume'))
          .map((deed) => (
            <PermittedButton
              key={deed}
              verdict={verdicts[deed]}
              onClick={() => (deed === 'resume' ? act.mutate(deed) : setAsked(deed))}
            >
              {t(`users.deed.${deed}`)}
            </PermittedButton>
          ))}
      </FormActions>
      {asked && asked !== 'resume' && (
        <ConfirmDialog
          title={t(`users.ask.${asked}`, { name: user.name })}
          action={t(`users.deed.${asked}`)}
          isBusy={act.isPending}
          onConfirm={() => act.mutate(asked)}
          onClose={() => setAsked(null)}
        >
          <ProblemNotice error={act.error} />
          {t(`users.loss.${asked}`, { count: user.openSessions })}
        </ConfirmDialog>
      )}
    </Section>
  )
}
