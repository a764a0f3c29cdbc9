import { Button } from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { revokeInvitation, type WireInvitation } from '../../api/people.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { useRoleWords } from '../../shell/role-words.ts'
import { PlainTable } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'

/** Who was invited and has not come yet. */
export function Invitations({ invitations }: { invitations: WireInvitation[] }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const client = useQueryClient()
  const roleWords = useRoleWords()
  const revoke = useMutation({
    mutationFn: (invitationId: string) => revokeInvitation(operatorId, invitationId),
    onSuccess: () => client.invalidateQueries({ queryKey: ['invitations', operatorId] }),
  })
  return (
    <>
      <h2 style={{ margin: '24px 0 8px', fontSize: 15 }}>{t('users.invitations')}</h2>
      <ProblemNotice error={revoke.error} />
      <PlainTable label={t('users.invitations')}>
        <thead>
          <tr>
            <th scope="col">{t('users.name')}</th>
            <th scope="col">{t('users.role')}</th>
            <th scope="col">{t('users.invitedBy')}</th>
            <th scope="col">{t('users.expires')}</th>
            <th scope="col">
              <span className="only-read-aloud">{t('jobs.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {invitations.map((invitation) => (
            <tr key={invitation.invitationId}>
              <th scope="row">
                {invitation.name}
                <small>{invitation.email}</small>
              </th>
              <td>{roleWords(invitation.membership)}</td>
              <td>{invitation.invitedBy}</td>
              <td>
                <RelativeTime instant={invitation.expiresAt} />
              </td>
              <td>
                <Button
                  size="small"
                  disabledFocusable={revoke.isPending}
                  onClick={() => revoke.mutate(invitation.invitationId)}
                >
                  {t('users.takeBack')}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </PlainTable>
    </>
  )
}
