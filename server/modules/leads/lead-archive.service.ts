import { AppError, notFound } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { emit } from '../../platform/events/index.ts'
import { journal } from '../audit/index.ts'
import type { Permitted } from './lead.rules.ts'
import { leadStore } from './lead.store.ts'
import { mayArchive, mayUnarchive } from './lead-archive.rules.ts'
import { type ArchivableLead, leadArchiveStore } from './lead-archive.store.ts'
import { leadDutyStore } from './lead-duty.store.ts'

/** What became of one lead; `unchanged`: it was so already. */
export type ArchiveOutcome = { leadId: string; companyName: string | null } & (
  | { outcome: 'done' | 'unchanged' }
  | { outcome: 'refused'; code: string; reason: string }
)

/**
 * Archives leads or brings them back, whatever their number, with journal, events and versions in a few statements. Each
 * lead gets an answer of its own, in the order asked.
 */
export async function archiveLeads(tx: Tx, leadIds: string[], archive: boolean): Promise<ArchiveOutcome[]> {
  const leads = leadStore(tx)
  const store = leadArchiveStore(tx)
  await leads.lockArrival()
  const known = new Map((await store.lock(leadIds)).map((lead) => [lead.leadId, lead]))
  const outcomes = leadIds.map((leadId) => judge(leadId, known.get(leadId), archive))
  const changed = outcomes.flatMap(({ leadId, outcome }) => (outcome === 'done' ? [known.get(leadId)] : []))
  const done = changed.filter((lead) => lead !== undefined)
  if (done.length === 0) return outcomes
  await store.set(
    done.map((lead) => lead.leadId),
    archive,
  )
  if (archive) await leadDutyStore(tx).meet(done.map((lead) => lead.leadId))
  await leads.touch(done.map(({ channelId }) => ({ channelId, added: 0 })))
  const action = archive ? 'lead.archived' : 'lead.unarchived'
  await journal(tx).append(
    done.map(({ leadId, companyName, channelId }) => ({
      action,
      object: { type: 'lead', id: leadId, name: companyName },
      channelId,
      before: { archived: !archive },
      after: { archived: archive },
    })),
  )
  await emit(
    tx,
    done.map(({ leadId, channelId }) => ({ name: action, channelId, key: `lead/${leadId}`, payload: { leadId } })),
  )
  return outcomes
}

function judge(leadId: string, lead: ArchivableLead | undefined, archive: boolean): ArchiveOutcome {
  if (!lead) {
    const reason = 'The lead does not exist, or is not yours to see.'
    return { leadId, companyName: null, outcome: 'refused', code: 'not-found', reason }
  }
  const { companyName } = lead
  const verdict: Permitted = archive ? mayArchive(lead) : mayUnarchive(lead)
  if (verdict.ok) return { leadId, companyName, outcome: 'done' }
  const was = archive ? verdict.code === 'lead-archived' : true
  if (was) return { leadId, companyName, outcome: 'unchanged' }
  return { leadId, companyName, outcome: 'refused', code: verdict.code, reason: verdict.reason }
}

export type LeadArchiveService = ReturnType<typeof createLeadArchiveService>

export function createLeadArchiveService({ transact }: { transact: Transact }) {
  return {
    /** One lead; done twice is done once. 404 when it is not there, 409 when it may not be. */
    async set(principal: OperatorPrincipal, leadId: string, archive: boolean): Promise<void> {
      const [outcome] = await transact(principal, (tx) => archiveLeads(tx, [leadId.toLowerCase()], archive))
      if (outcome?.outcome !== 'refused') return
      if (outcome.code === 'not-found') throw notFound('The lead')
      throw new AppError({ code: outcome.code, status: 409, detail: outcome.reason })
    },
  }
}
