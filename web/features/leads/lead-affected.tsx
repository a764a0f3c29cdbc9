import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import type { AffectedSince } from '../../api/lead-status.ts'
import type { DeskLeadDetail } from '../../api/leads.ts'
import { dayAndTimeText, instantOf } from '../../ui/dates.ts'
import { causeWords, thingWords } from './lead-affected-words.ts'
import desk from './lead-desk.module.css'
import { useLeadStatus } from './use-lead-status.ts'

/** That something of ours is hit by what the customer did, over the details of the lead, with since when. */
export function AffectedNotice({ lead }: { lead: DeskLeadDetail }) {
  const status = useLeadStatus(lead, lead.affected !== null)
  if (!lead.affected) return null
  // The status tells of everything that happened; until it is there, what the lead itself tells.
  const told = status.data?.affected.filter(({ what }) => what.length > 0) ?? []
  return <AffectedList affected={told.length > 0 ? told : [{ ...lead.affected, at: null, source: '' }]} />
}

export function AffectedList({ affected }: { affected: readonly AffectedSince[] }) {
  return affected.map((one) => <AffectedBar key={`${one.cause} ${one.at} ${one.countries.join()}`} affected={one} />)
}

function AffectedBar({ affected }: { affected: AffectedSince }) {
  const { t } = useTranslation()
  const at = affected.at === null ? null : instantOf(affected.at)
  return (
    <MessageBar intent="warning" layout="multiline" className={`${desk.affected}`} title={affected.source}>
      <MessageBarBody>
        <MessageBarTitle>{causeWords(t, affected)}</MessageBarTitle>
        {at && <span className={desk.affectedWhen}>{t('leadDesk.affected.since', { when: dayAndTimeText(at) })}</span>}
        {affected.what.length === 0 ? (
          <p>{t('leadDesk.affected.nothing')}</p>
        ) : (
          <>
            <p>{t('leadDesk.affected.what')}</p>
            <ul>
              {affected.what.map((thing) => (
                <li key={thing.kind} dir="auto">
                  {thingWords(t, thing)}
                </li>
              ))}
            </ul>
          </>
        )}
      </MessageBarBody>
    </MessageBar>
  )
}
