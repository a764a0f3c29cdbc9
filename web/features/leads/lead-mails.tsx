import { Button } from '@fluentui/react-components'
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { ClockRegular } from '@fluentui/react-icons/svg/clock'
import { DismissCircleRegular } from '@fluentui/react-icons/svg/dismiss-circle'
import { MailRegular } from '@fluentui/react-icons/svg/mail'
import { WarningRegular } from '@fluentui/react-icons/svg/warning'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listLeadMails, retryLeadMail, type WireLeadMail } from '../../api/lead-mails.ts'
import type { DeskLeadDetail } from '../../api/leads.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { LoadingRows } from '../../ui/states.tsx'
import { StatusPill } from '../../ui/status-pill.tsx'
import '../../words/en-customer-mail.ts'
import { askToMail } from './lead-asked.ts'
import mailStyles from './lead-mail.module.css'
import styles from './leads.module.css'

const LOOKS = {
  waiting: { tone: 'wait', icon: <ClockRegular /> },
  sent: { tone: 'good', icon: <CheckmarkCircleRegular /> },
  bounced: { tone: 'bad', icon: <DismissCircleRegular /> },
  'given-up': { tone: 'warn', icon: <WarningRegular /> },
} as const

const ON_ITS_WAY_MS = 2_000
const SETTLED_MS = 30_000

/** Mails to the customer of a lead, the newest first, and what became of each. */
export function LeadMails({ lead }: { lead: DeskLeadDetail }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const mails = useQuery({
    queryKey: ['lead-mails', operatorId, lead.id],
    queryFn: ({ signal }) => listLeadMails(operatorId, lead.id, signal),
    refetchInterval: ({ state }) => (state.data?.some((mail) => mail.state === 'waiting') ? ON_ITS_WAY_MS : SETTLED_MS),
  })
  return (
    <>
      <PermittedButton permission="mail.send" icon={<MailRegular />} onClick={() => askToMail(lead)}>
        {t('customerMail.section.write')}
      </PermittedButton>
      {mails.isPending && <LoadingRows count={3} />}
      <ProblemNotice error={mails.error} onRetry={() => void mails.refetch()} />
      {mails.data?.length === 0 && (
        <p className={styles.note}>
          {t('customerMail.section.none')} {t('customerMail.section.noneText')}
        </p>
      )}
      <ul className={mailStyles.mails}>
        {mails.data?.map((mail) => (
          <Mail key={mail.id} lead={lead} mail={mail} />
        ))}
      </ul>
    </>
  )
}

function Mail({ lead, mail }: { lead: DeskLeadDetail; mail: WireLeadMail }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const [isOpen, setIsOpen] = useState(false)
  const textId = useId()
  const again = useMutation({
    mutationFn: () => retryLeadMail(operatorId, lead.id, mail.id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['lead-mails', operatorId, lead.id] }),
  })
  const { recipientName, recipientAddress, author, state, said } = mail
  const name = recipientName === '' ? recipientAddress : `${recipientName} <${recipientAddress}>`
  const isTrying = state === 'waiting' && mail.attempts > 0
  const draft = {
    subject: mail.subject,
    body: mail.text,
    recipient: { name: recipientName, address: recipientAddress },
  }
  return (
    <li className={mailStyles.mail}>
      <div className={mailStyles.mailHead}>
        <strong dir="auto">{mail.subject}</strong>
        <StatusPill {...LOOKS[state]}>
          {isTrying ? t('customerMail.section.trying') : t(`mail.state.${state}`)}
        </StatusPill>
      </div>
      <div>
        {t('customerMail.section.by', { author, name })} · <RelativeTime instant={mail.createdAt} />
      </div>
      {mail.templateName !== null && (
        <div className={mailStyles.quiet}>{t('customerMail.section.withTemplate', { name: mail.templateName })}</div>
      )}
      {said !== null && state !== 'sent' && (
        <div>
          {t('customerMail.section.said')} <code className={mailStyles.said}>{said}</code>
        </div>
      )}
      {isTrying && mail.dueAt !== null && (
        <div className={mailStyles.quiet}>
          {t('customerMail.section.nextTry')} <RelativeTime instant={mail.dueAt} />
        </div>
      )}
      <ProblemNotice error={again.error} />
      <div className={mailStyles.mailActions}>
        <Button size="small" aria-expanded={isOpen} aria-controls={textId} onClick={() => setIsOpen(!isOpen)}>
          {t(isOpen ? 'customerMail.section.hide' : 'customerMail.section.show')}
        </Button>
        {state !== 'sent' && mail.attempts > 0 && (
          <PermittedButton
            size="small"
            permission="mail.send"
            disabledFocusable={again.isPending}
            onClick={() => again.mutate()}
          >
            {t('customerMail.section.again')}
          </PermittedButton>
        )}
        <PermittedButton size="small" permission="mail.send" onClick={() => askToMail(lead, draft)}>
          {t('customerMail.section.asNew')}
        </PermittedButton>
      </div>
      <div id={textId}>
        {isOpen && (
          <pre className={mailStyles.mailText} dir="auto">
            {mail.text}
          </pre>
        )}
      </div>
    </li>
  )
}
