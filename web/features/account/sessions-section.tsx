import { Button } from '@fluentui/react-components'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { listSessions, revokeOtherSessions, revokeSession } from '../../api/sessions.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { FormActions, PlainTable, Section } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { LoadingRows } from '../../ui/states.tsx'

/** Where one is signed in, and how to end it there. */
export function SessionsSection() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const sessions = useQuery({ queryKey: ['sessions'], queryFn: ({ signal }) => listSessions(signal) })
  const refresh = () => client.invalidateQueries({ queryKey: ['sessions'] })
  const end = useMutation({ mutationFn: revokeSession, onSuccess: refresh })
  const endOthers = useMutation({ mutationFn: revokeOtherSessions, onSuccess: refresh })
  return (
    <Section title={t('account.sessions')} text={t('account.sessionsText')}>
      <ProblemNotice error={sessions.error ?? end.error ?? endOthers.error} />
      {sessions.isPending && <LoadingRows count={2} />}
      {sessions.data && (
        <PlainTable label={t('account.sessions')}>
          <thead>
            <tr>
              <th scope="col">{t('account.browser')}</th>
              <th scope="col">{t('account.address')}</th>
              <th scope="col">{t('users.lastSeen')}</th>
              <th scope="col">
                <span className="only-read-aloud">{t('jobs.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {sessions.data.map((session) => (
              <tr key={session.sessionId}>
                <th scope="row" title={session.userAgent}>
                  {browserOf(session.userAgent) || t('account.unknownBrowser')}
                  {session.current && <small>{t('account.thisOne')}</small>}
                </th>
                <td>{session.sourceIp}</td>
                <td>
                  <RelativeTime instant={session.lastSeenAt} />
                </td>
                <td>
                  {!session.current && (
                    <Button
                      size="small"
                      disabledFocusable={end.isPending}
                      onClick={() => end.mutate(session.sessionId)}
                    >
                      {t('account.end')}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </PlainTable>
      )}
      {sessions.data && sessions.data.length > 1 && (
        <FormActions>
          <Button disabledFocusable={endOthers.isPending} onClick={() => endOthers.mutate()}>
            {t('account.endOthers')}
          </Button>
        </FormActions>
      )}
    </Section>
  )
}

/** "Edge 153 · Windows" out of what a browser calls itself; enough to tell one's own machines apart. */
function browserOf(userAgent: string): string {
  const name = /(Edg|OPR|Firefox|Chrome|Safari)\/(\d+)/.exec(userAgent.replace(/Chrome\/\d+(?=.*(Edg|OPR)\/)/, ''))
  const system = /Windows|Macintosh|Android|iPhone|iPad|Linux/.exec(userAgent)?.[0]
  const browser = name ? `${{ Edg: 'Edge', OPR: 'Opera' }[name[1] ?? ''] ?? name[1]} ${name[2]}` : ''
  return [browser, system === 'Macintosh' ? 'Mac' : system].filter(Boolean).join(' · ')
}
