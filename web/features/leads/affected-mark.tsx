import { WarningRegular } from '@fluentui/react-icons/svg/warning'
import type { TFunction } from 'i18next'
import type { DeskLead } from '../../api/leads.ts'
import { dayText, instantOf } from '../../ui/dates.ts'
import { causeWords, thingWords } from './lead-affected-words.ts'
import desk from './lead-desk.module.css'

/** That something of ours is hit by what the customer did, before the name in the list, where it is seen on a narrow screen too. Source: ambition.md 2 (7). */
export function AffectedMark({ lead, t }: { lead: DeskLead; t: TFunction }) {
  if (!lead.affected) return null
  const at = instantOf(lead.lastModifiedOn)
  const words = [
    `${causeWords(t, lead.affected)}:`,
    `${lead.affected.what.map((thing) => thingWords(t, thing)).join(', ')}.`,
    ...(at ? [t('leadDesk.affected.modified', { day: dayText(at) })] : []),
  ].join(' ')
  return (
    <span className={desk.affectedMark} title={words}>
      <WarningRegular aria-hidden="true" />
      <span className="only-read-aloud">{words}</span>
    </span>
  )
}
