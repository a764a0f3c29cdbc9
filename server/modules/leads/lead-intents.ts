import type { Tx } from '../../platform/db/transaction.ts'
import { journal } from '../audit/index.ts'
import { deleteHere } from './direct-lead.service.ts'
import { directLeadTraceStore, type TracedLead } from './direct-lead-trace.store.ts'
import { leadStore } from './lead.store.ts'
import { adopt, type IncomingLead, leadIntake } from './lead-intake.service.ts'
import { type LeadIntent, leadIntentStore } from './lead-intent.store.ts'

/** Direct leads that were being made or deleted when somebody was cut off, or that Microsoft told of after their deletion. */
export const leadIntents = {
  left: (tx: Tx, limit: number) => leadIntentStore(tx).left(limit),

  /** Follows Microsoft: `direct` is the tenant's direct lead as it is there, null where there is none. */
  async settle(tx: Tx, intent: LeadIntent, direct: IncomingLead | null): Promise<void> {
    if (intent.kind === 'create') {
      if (direct) await leadIntake.apply(tx, [direct], { baseline: false, source: 'direct lead' })
      const [open] = await leadIntentStore(tx).take([intent.tenantId], 'create')
      // Still there with the lead: a first listing brought it, which looks at no intents.
      if (open && direct) await adopt(tx, direct.remote.id, open)
      else if (open) await tellGivenUp(tx, intent, 'Microsoft has no such lead.')
      return
    }
    const here = (await leadStore(tx).lockTenant(intent.tenantId)).find(({ remote }) => remote.isDirectLead)
    if (here && !direct && (await deleteHere(tx, here.leadId))) return
    await leadIntentStore(tx).take([intent.tenantId], 'delete')
    if (here) await tellGivenUp(tx, intent, 'Microsoft still has the lead, or it has a service now.')
  },

  /** Deleted leads that Microsoft has told of since: it may have been asked before they were deleted. */
  toldAgain: (tx: Tx, limit: number) => directLeadTraceStore(tx).told(limit),

  /** Follows Microsoft: `direct` is the tenant's direct lead as it is there now, null where there is none. */
  async settleTold(tx: Tx, { leadId }: TracedLead, direct: IncomingLead | null): Promise<void> {
    if (direct?.remote.id !== leadId) return directLeadTraceStore(tx).noteTold([leadId], false)
    await leadIntake.apply(tx, [direct], { baseline: false, source: 'sync', isPresent: true })
  },
}

async function tellGivenUp(tx: Tx, { kind, tenantId, companyName, askedBy, channelId }: LeadIntent, why: string) {
  await journal(tx).append({
    action: `lead.${kind}-given-up`,
    object: { type: 'tenant', id: tenantId, name: companyName },
    channelId,
    result: 'failed',
    detail: `Asked for by ${askedBy}. ${why} Ask again.`,
  })
}
