import { Button } from '@fluentui/react-components'
import { PersonAddRegular } from '@fluentui/react-icons/svg/person-add'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listInvitations, listUsers, type WireUser } from '../../api/people.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { useRoleWords } from '../../shell/role-words.ts'
import { Page, PlainTable, RowButton } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { LoadingRows } from '../../ui/states.tsx'
import { Invitations } from './invitations.tsx'
import { InvitePanel } from './invite-panel.tsx'
import { UserPanel } from './user-panel.tsx'
import { UserState } from './user-state.tsx'

/** Who works for this operator, what each may do, and who is invited. Source: issue 3, 1. */
export function UsersPage() {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const users = useQuery({
    queryKey: ['users', operatorId],
    queryFn: ({ signal }) => listUsers(operatorId, signal),
  })
  const invitations = useQuery({
    queryKey: ['invitations', operatorId],
    queryFn: ({ signal }) => listInvitations(operatorId, signal),
  })
  const [open, setOpen] = useState<string | null>(null)
  const openUser = users.data?.find(({ personId }) => personId === open)
  const invite = (
    <Button appearance="primary" icon={<PersonAddRegular />} onClick={() => setOpen('invite')}>
      {t('users.invite')}
    </Button>
  )
  return (
    <div style={{ display: 'flex', flex: 1, minHeight: 0 }}>
      <Page title={t('navigation.users')} text={t('users.text')} actions={invite}>
        <ProblemNotice error={users.error} onRetry={() => void users.refetch()} />
        {users.isPending && <LoadingRows count={4} />}
        {users.data && <UserTable users={users.data} onOpen={setOpen} />}
        {invitations.data && invitations.data.length > 0 && <Invitations invitations={invitations.data} />}
      </Page>
      {open === 'invite' && <InvitePanel onClose={() => setOpen(null)} />}
      {openUser && <UserPanel key={openUser.personId} user={openUser} onClose={() => setOpen(null)} />}
    </div>
  )
}

function UserTable({ users, onOpen }: { users: WireUser[]; onOpen: (personId: string) => void }) {
  const { t } = useTranslation()
  const roleWords = useRoleWords()
  return (
    <PlainTable label={t('navigation.users')}>
      <thead>
        <tr>
          <th scope="col">{t('users.name')}</th>
          <th scope="col">{t('users.role')}</th>
          <th scope="col">{t('users.state')}</th>
          <th scope="col">{t('users.secondFactor')}</th>
          <th scope="col">{t('users.lastSeen')}</th>
          <th scope="col">{t('users.sessions')}</th>
        </tr>
      </thead>
      <tbody>
        {users.map((user) => (
          <tr key={user.personId}>
            <th scope="row">
              <RowButton onClick={() => onOpen(user.personId)}>{user.name}</RowButton>
              <small>{user.email}</small>
            </th>
            <td>{roleWords(user.membership)}</td>
            <td>
              <UserState state={user.state} />
            </td>
            <td>{t(user.secondFactor ? 'users.on' : 'users.off')}</td>
            <td>{user.lastSeenAt ? <RelativeTime instant={user.lastSeenAt} /> : t('clients.never')}</td>
            <td>{user.openSessions}</td>
          </tr>
        ))}
      </tbody>
    </PlainTable>
  )
}
