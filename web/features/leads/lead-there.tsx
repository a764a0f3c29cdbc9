import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { DeskLead } from '../../api/leads.ts'
import type { ApiProblem } from '../../api/problem.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { dayText, instantOf } from '../../ui/dates.ts'
import desk from './lead-desk.module.css'
import { MicrosoftStatus } from './lead-status.tsx'

type LeadLinkProps = { lead: DeskLead; words: string; onFollow?: (() => void) | undefined }

/** A link to the panel of a lead, on the tab where the lead is. */
export function LeadLink({ lead, words, onFollow }: LeadLinkProps) {
  const { operatorId } = useOperator()
  return (
    <Link
      to={lead.umpCustomerGuid === null ? paths.lead : paths.tenant}
      params={{ operatorId: String(operatorId), leadId: lead.id }}
      onClick={onFollow}
    >
      {words}
    </Link>
  )
}

/** A lead in a few words with a link to it: another one of the tenant, or one that stands in the way. */
export function LeadThere({ lead, onFollow }: { lead: DeskLead; onFollow?: (() => void) | undefined }) {
  const { t } = useTranslation()
  const since = instantOf(lead.consentedOn)
  return (
    <div className={desk.there}>
      <div className={desk.thereHead}>
        <strong dir="auto">{lead.companyName || t('lead.noCompany')}</strong>
        <MicrosoftStatus status={lead.status} />
      </div>
      <p>
        {t(lead.isDirectLead ? 'leadDesk.pair.direct' : 'leadDesk.pair.consented', {
          day: since ? dayText(since) : lead.consentedOn,
        })}
        {lead.license && ` ${t('leadDesk.pair.license', { license: lead.license })}`}
        {lead.channel && ` ${t('leadDesk.pair.channel', { name: lead.channel.name })}`}
      </p>
      <LeadLink lead={lead} words={t('leadDesk.pair.open')} onFollow={onFollow} />
    </div>
  )
}

/** Ids of the leads that a refusal names. */
export function leadIdsIn({ problem }: ApiProblem): string[] {
  const texts = [problem.detail, ...(problem.errors ?? []).map(({ detail }) => detail)]
  return [...new Set(texts.join(' ').match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? [])]
}
