import type { WireCivicAddress } from '../../../contract/leads.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { IncomingLead } from './lead-intake.service.ts'

/**
 * Microsoft as the leads module sees it: a port that peering implements and the composition root joins.
 * Every call throws an AppError with status 503 when Microsoft fails. Source: design/architecture.md, Trace and ports.
 */
export type LeadSource = {
  /** Asks Microsoft once for the tenant's consent and stores it when there is one. */
  fetchTenant(principal: OperatorPrincipal, tenantId: string, signal: AbortSignal): Promise<void>
  /** The tenant's civic addresses at Microsoft; [] when it has none. */
  civicAddresses(principal: OperatorPrincipal, tenantId: string, signal: AbortSignal): Promise<WireCivicAddress[]>
  /** Has a worker ask for all civic addresses of the operator that are due; resolves when that is certain to happen. */
  askForAddressesSoon(principal: OperatorPrincipal): Promise<void>
  /** Resolves when a sync of the operator's leads has finished; starts one if none runs. */
  waitForSync(principal: OperatorPrincipal, signal: AbortSignal): Promise<void>
  /**
   * Makes a direct lead. `exists`: the tenant has a consent at Microsoft; `refused`: Microsoft knows no such tenant. Where no
   * answer comes, Microsoft is asked what became of it.
   */
  createDirect(
    principal: OperatorPrincipal,
    tenantId: string,
    companyName: string,
    signal: AbortSignal,
  ): Promise<{ outcome: 'created'; lead: IncomingLead } | { outcome: 'exists' | 'refused' }>
  /** Also when there was none. Throws 409 where only the customer can withdraw. */
  deleteDirect(principal: OperatorPrincipal, tenantId: string, signal: AbortSignal): Promise<void>
  /** The record Microsoft answers for the tenant now; throws 409 when it has none. */
  recordOf(principal: OperatorPrincipal, tenantId: string, signal: AbortSignal): Promise<IncomingLead>
  /** The record after the change. */
  setRelationship(
    principal: OperatorPrincipal,
    tenantId: string,
    wanted: { status: string; comment: string },
    signal: AbortSignal,
  ): Promise<IncomingLead>
  /** Null when no tenant has the domain. */
  tenantOfDomain(principal: OperatorPrincipal, domain: string, signal: AbortSignal): Promise<string | null>
}
