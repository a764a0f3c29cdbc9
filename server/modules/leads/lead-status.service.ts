import type { LeadStatus } from '../../../contract/lead-status.ts'
import type { DeskLeadDetail } from '../../../contract/leads.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { journalOfObject } from '../audit/index.ts'
import { foldStatus } from './lead.rules.ts'
import type { LeadService } from './lead.service.ts'
import { measureActivation } from './lead-activation.ts'
import { affectedSince } from './lead-affected.rules.ts'
import { deskLeadDetailView } from './lead-desk.view.ts'
import { itemsOfLead, type LeadPast, type StatusFacts, summaryOf } from './lead-status.rules.ts'
import type { LeadStatusSource } from './lead-status-source.ts'

/** Entries of one lead that are looked through, the newest first. */
const PAST_ENTRIES = 300

export type LeadStatusService = ReturnType<typeof createLeadStatusService>

type Settings = {
  transact: Transact
  clock: Clock
  leads: LeadService
  /** In the order in which they are told, before the license. */
  sources: readonly LeadStatusSource[]
}

/** Detailed Status: what every system knows of how far a lead is, as one time line. */
export function createLeadStatusService({ transact, clock, leads, sources }: Settings) {
  return {
    async get(principal: OperatorPrincipal, leadId: string): Promise<LeadStatus> {
      const lead = deskLeadDetailView(await leads.one(principal, leadId.toLowerCase()))
      return transact(principal, async (tx) => {
        const past = await pastOf(tx, lead)
        const own = itemsOfLead(lead, { ...past, ...(await factsOf(tx, lead)) })
        const others = []
        for (const source of sources) others.push(...(await source.itemsOf(tx, lead)))
        // The license comes last: it is what all the rest leads to.
        const end = own.findIndex(({ code }) => code.includes('license'))
        const items = end < 0 ? [...own, ...others] : [...own.slice(0, end), ...others, ...own.slice(end)]
        return {
          leadId: lead.id,
          asOf: clock.now().toISOString(),
          summary: summaryOf(items),
          items,
          affected: affectedSince(stakesOf(lead), past.changes),
        }
      })
    },
  }
}

async function pastOf(tx: Tx, lead: DeskLeadDetail): Promise<LeadPast> {
  const entries = await journalOfObject(tx, { type: 'lead', id: lead.id }, PAST_ENTRIES)
  const assigned = entries.find(({ action }) => action === 'lead.channel-assigned')
  return {
    changes: entries.filter(({ action }) => action === 'lead.changed' || action === 'lead.removed'),
    assignedAt: assigned && assigned.after.channelId === lead.channel?.id ? assigned.at : null,
  }
}

async function factsOf(tx: Tx, lead: DeskLeadDetail): Promise<Omit<StatusFacts, keyof LeadPast>> {
  const isWholeOperator = tx.principal.channelId === null
  const isWaiting = foldStatus(lead.status) === 'notactive'
  return { isWholeOperator, activation: isWaiting ? await measureActivation(tx) : null }
}

function stakesOf(lead: DeskLeadDetail): Parameters<typeof affectedSince>[0] {
  const { status, isDirectLead, countries, license, umpCustomerGuid, civicAddresses, lastModifiedOn } = lead
  const channelName = lead.channel?.name ?? null
  return { status, isDirectLead, countries, license, umpCustomerGuid, civicAddresses, lastModifiedOn, channelName }
}
