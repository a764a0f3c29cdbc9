import type { WireCivicAddress } from '../../../contract/leads.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'

/**
 * Microsoft as the leads module sees it: a port that peering implements and the composition root joins.
 * Every call throws an AppError with status 503 when Microsoft fails. Source: design/architecture.md, Trace and ports.
 */
export type LeadSource = {
  /** Asks Microsoft once for the tenant's consent and stores it when there is one. */
  fetchTenant(principal: OperatorPrincipal, tenantId: string, signal: AbortSignal): Promise<void>
  /** The tenant's civic addresses at Microsoft; [] when it has none. */
  civicAddresses(principal: OperatorPrincipal, tenantId: string, signal: AbortSignal): Promise<WireCivicAddress[]>
  /** Resolves when a sync of the operator's leads has finished; starts one if none runs. */
  waitForSync(principal: OperatorPrincipal, signal: AbortSignal): Promise<void>
}
