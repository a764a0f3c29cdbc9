import type { Tx } from '../../platform/db/transaction.ts'
import { emit } from '../../platform/events/index.ts'
import { journal } from '../audit/index.ts'
import { leadStore } from './lead.store.ts'
import { leadDutyStore } from './lead-duty.store.ts'
import { overdueEvent } from './lead-events.ts'

const AT_ONCE = 500

/** Tells of leads whose due date has passed without a judgement, each once, up to some hundreds; answers how many. */
export async function tellOverdue(tx: Tx, now: Date): Promise<number> {
  const leads = leadStore(tx)
  await leads.lockArrival()
  const passed = new Map((await leadDutyStore(tx).takeOverdue(now, AT_ONCE)).map((one) => [one.leadId, one]))
  if (passed.size === 0) return 0
  const known = await leads.lockLeads([...passed.keys()])
  await leadDutyStore(tx).touchLeads([...passed.keys()])
  await leads.touch(known.map(({ local }) => ({ channelId: local.channelId, added: 0 })))
  const dueAtOf = (leadId: string) => passed.get(leadId)?.dueAt ?? now
  await journal(tx).append(
    known.map(({ leadId, remote, local }) => ({
      action: 'lead.overdue',
      object: { type: 'lead', id: leadId, name: remote.contactDetails.companyName },
      channelId: local.channelId,
      after: { dueAt: dueAtOf(leadId).toISOString() },
      detail: 'Nobody has judged it in time.',
    })),
  )
  await emit(
    tx,
    known.map((lead) => overdueEvent(lead, passed.get(lead.leadId)?.ownerId ?? null, dueAtOf(lead.leadId))),
  )
  return passed.size
}
