import { ClockAlarmRegular } from '@fluentui/react-icons/svg/clock-alarm'
import type { TFunction } from 'i18next'
import type { DeskLead } from '../../api/leads.ts'
import { dayAndTimeText, instantOf } from '../../ui/dates.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { StatusPill } from '../../ui/status-pill.tsx'
import { Truncated } from '../../ui/truncated.tsx'
import desk from './lead-desk.module.css'

/** The sign of what is late. */
export function OverdueIcon() {
  return <ClockAlarmRegular aria-hidden="true" />
}

/** That its due date has passed without anybody judging it, before the name in the list. */
export function OverdueMark({ lead, t }: { lead: DeskLead; t: TFunction }) {
  const at = lead.due?.overdue ? instantOf(lead.due.at) : null
  if (!at) return null
  const words = t('leadDuty.overdueSince', { when: dayAndTimeText(at) })
  return (
    <span className={desk.overdueMark} title={words}>
      <ClockAlarmRegular aria-hidden="true" />
      <span className="only-read-aloud">{words}</span>
    </span>
  )
}

/** Until when, and whether that has passed. */
export function DueCell({ lead: { due }, t }: { lead: DeskLead; t: TFunction }) {
  if (!due) return null
  if (due.overdue) {
    return (
      <StatusPill tone="bad" icon={<OverdueIcon />}>
        {t('leadDuty.overdue')}
      </StatusPill>
    )
  }
  return due.metAt === null ? <RelativeTime instant={due.at} /> : <Truncated text={t('leadDuty.met')} quiet />
}
