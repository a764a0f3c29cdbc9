import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { listLeadsOfTenant } from '../../api/direct-leads.ts'
import type { DeskLead } from '../../api/leads.ts'
import { useOperator } from '../../shell/operator.ts'
import desk from './lead-desk.module.css'
import { LeadThere } from './lead-there.tsx'

/** Every lead of the tenant that one may see. */
export function useLeadsOfTenant(tenantId: string | null) {
  const { operatorId } = useOperator()
  return useQuery({
    queryKey: ['leads-of-tenant', operatorId, tenantId],
    queryFn: ({ signal }) => listLeadsOfTenant(operatorId, tenantId ?? '', signal),
    enabled: tenantId !== null,
  })
}

/**
 * The other leads of the same tenant, and why there are several: one tenant, two consents, one service. Nothing where the
 * lead is the only one. Source: portal.md 3.3; issue 5, 2.
 */
export function LeadSiblings({ lead }: { lead: DeskLead }) {
  const { t } = useTranslation()
  const others = (useLeadsOfTenant(lead.tenantId).data ?? []).filter(({ id }) => id !== lead.id)
  if (others.length === 0) return null
  const all = [lead, ...others]
  const isPair = all.length === 2 && all.some(({ isDirectLead }) => isDirectLead) && others[0] !== undefined
  const isMixed = isPair && all.some(({ isDirectLead }) => !isDirectLead)
  return (
    <section className={desk.siblings} aria-label={t('leadDesk.pair.title', { count: all.length })}>
      <h3>{t('leadDesk.pair.title', { count: all.length })}</h3>
      <p>
        {t(isMixed ? 'leadDesk.pair.why' : 'leadDesk.pair.whySeveral')}{' '}
        {t(lead.isDirectLead ? 'leadDesk.pair.thisDirect' : 'leadDesk.pair.thisConsented')}
      </p>
      {others.map((other) => (
        <LeadThere key={other.id} lead={other} />
      ))}
    </section>
  )
}
