import type { LeadStatusItem } from '../../../contract/lead-status.ts'
import type { DeskLeadDetail } from '../../../contract/leads.ts'
import type { Tx } from '../../platform/db/transaction.ts'

/**
 * A system that knows something of how far leads are: a port. Modules of a higher rank carry it out (peering today;
 * services and session border controllers with theirs), and the composition root joins them.
 * Source: design/architecture.md, Trace and ports; issue 5, 3.
 */
export type LeadStatusSource = {
  /**
   * What the system tells of one lead, in its order; nothing where it has nothing to say. Reads only, and only what the
   * principal of the transaction may read; asks nobody outside.
   */
  itemsOf(tx: Tx, lead: DeskLeadDetail): Promise<LeadStatusItem[]>
}
