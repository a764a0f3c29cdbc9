import { useTranslation } from 'react-i18next'
import type { DeskLeadDetail } from '../../api/leads.ts'
import { useMe } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { useNow } from '../../ui/clock.ts'
import { dayAndTimeText, durationText, instantOf } from '../../ui/dates.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Fact, Facts } from '../../ui/states.tsx'
import { StatusPill } from '../../ui/status-pill.tsx'
import { askForDue, askForOwner } from './lead-asked.ts'
import desk from './lead-desk.module.css'
import { isOverdue, ownerWords } from './lead-duty-words.ts'
import styles from './leads.module.css'
import { OverdueIcon } from './overdue-mark.tsx'
import { useTakeLead } from './use-take-lead.ts'

/** Who sees to the lead, until when, and how old it is. Source: issue 6, 6. */
export function LeadDuty({ lead }: { lead: DeskLeadDetail }) {
  const { t } = useTranslation()
  const take = useTakeLead()
  const { personId } = useMe()
  const consented = instantOf(lead.consentedOn)
  const now = useNow()
  const isOwn = lead.owner?.personId === personId
  return (
    <section aria-label={t('leadDuty.title')}>
      <div className={desk.sectionHead}>
        <h3 className={styles.section}>{t('leadDuty.title')}</h3>
        <div className={desk.commentActions}>
          {!isOwn && (
            <PermittedButton
              size="small"
              permission="leads.write"
              disabledFocusable={take.isPending}
              onClick={() => take.mutate(lead)}
            >
              {t('leadDuty.take')}
            </PermittedButton>
          )}
          <PermittedButton size="small" permission="leads.write" onClick={() => askForOwner(lead)}>
            {t('leadDuty.change')}
          </PermittedButton>
          <PermittedButton size="small" permission="leads.write" onClick={() => askForDue(lead)}>
            {t('leadDuty.changeDue')}
          </PermittedButton>
        </div>
      </div>
      <ProblemNotice error={take.error} />
      <Facts>
        <Fact name={t('leadDuty.owner')}>
          <span dir="auto">{ownerWords(t, lead)}</span>
          {lead.owner && (
            <span className={styles.quiet}>
              <RelativeTime instant={lead.owner.since} />
            </span>
          )}
        </Fact>
        <Fact name={t('leadDuty.due')}>
          <Due lead={lead} />
        </Fact>
        {consented && (
          <Fact name={t('leadDuty.age')}>
            {t('leadDuty.ageText', { time: durationText((now - consented.getTime()) / 1_000) })}
          </Fact>
        )}
      </Facts>
    </section>
  )
}

function Due({ lead }: { lead: DeskLeadDetail }) {
  const { t } = useTranslation()
  const now = useNow()
  const { due } = lead
  const at = due && instantOf(due.at)
  if (!due || !at) return <span className={styles.quiet}>{t('leadDuty.noDue')}</span>
  return (
    <>
      <span>{dayAndTimeText(at)}</span>
      {isOverdue(lead, now) && (
        <StatusPill tone="bad" icon={<OverdueIcon />}>
          {t('leadDuty.overdue')}
        </StatusPill>
      )}
      {due.metAt !== null && (
        <span className={styles.quiet}>
          {t('leadDuty.met')} <RelativeTime instant={due.metAt} />
        </span>
      )}
    </>
  )
}
