import { Button } from '@fluentui/react-components'
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { ClockRegular } from '@fluentui/react-icons/svg/clock'
import { DismissCircleRegular } from '@fluentui/react-icons/svg/dismiss-circle'
import { WarningRegular } from '@fluentui/react-icons/svg/warning'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { listMails, retryMail, type WireListedMail } from '../../api/mail.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { PlainTable, Section } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { LoadingRows } from '../../ui/states.tsx'
import { StatusPill } from '../../ui/status-pill.tsx'
import styles from './mail.module.css'

const LOOKS = {
  waiting: { tone: 'wait', icon: <ClockRegular /> },
  sent: { tone: 'good', icon: <CheckmarkCircleRegular /> },
  bounced: { tone: 'bad', icon: <DismissCircleRegular /> },
  'given-up': { tone: 'warn', icon: <WarningRegular /> },
} as const

/** What was sent, what waits, and what came back, in the words of the server. */
export function MailLog() {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const queryKey = ['mails', operatorId]
  const mails = useQuery({
    queryKey,
    queryFn: ({ signal }) => listMails(operatorId, signal),
    refetchInterval: 5_000,
  })
  const again = useMutation({
    mutationFn: (mailId: string) => retryMail(operatorId, mailId),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  })
  return (
    <Section title={t('mail.log')} text={t('mail.logText')}>
      <ProblemNotice error={mails.error ?? again.error} />
      {mails.isPending && <LoadingRows count={2} />}
      {mails.data?.data.length === 0 && <p>{t('mail.logEmpty')}</p>}
      {mails.data && mails.data.data.length > 0 && (
        <PlainTable label={t('mail.log')}>
          <thead>
            <tr>
              <th scope="col">{t('mail.subject')}</th>
              <th scope="col">{t('mail.stateHead')}</th>
              <th scope="col">{t('mail.said')}</th>
              <th scope="col">{t('mail.written')}</th>
              <th scope="col">
                <span className="only-read-aloud">{t('jobs.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {mails.data.data.map((mail) => (
              <MailRow key={mail.id} mail={mail} isBusy={again.isPending} onAgain={() => again.mutate(mail.id)} />
            ))}
          </tbody>
        </PlainTable>
      )}
    </Section>
  )
}

function MailRow({ mail, isBusy, onAgain }: { mail: WireListedMail; isBusy: boolean; onAgain: () => void }) {
  const { t } = useTranslation()
  return (
    <tr>
      <th scope="row">
        <span dir="auto">{mail.subject}</span>
        <small>{mail.recipientAddress}</small>
      </th>
      <td>
        <StatusPill {...LOOKS[mail.state]}>{t(`mail.state.${mail.state}`)}</StatusPill>
      </td>
      <td className={styles.said}>{mail.lastReply}</td>
      <td>
        <RelativeTime instant={mail.createdAt} />
      </td>
      <td>
        {mail.state !== 'sent' && (
          <Button size="small" disabledFocusable={isBusy} onClick={onAgain}>
            {t('mail.again')}
          </Button>
        )}
      </td>
    </tr>
  )
}
