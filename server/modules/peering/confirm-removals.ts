import type { OperatorConnectClient } from '../../microsoft/index.ts'
import type { RunContext } from '../../platform/jobs/index.ts'
import { leadIntake } from '../leads/index.ts'
import { identifyRecord, mapConsentToLead } from './map-consent-to-lead.ts'

/** Suspicions settled in one run; a trusted listing raises no more than 2 % or 20. */
const CONFIRMED_PER_RUN_MAX = 100

/**
 * Asks Microsoft for each lead that a complete listing lacked. Only its answer removes a lead: none, or, in a later run
 * than the one that missed it first, another consent of the tenant in place of a consented one.
 */
export async function confirmRemovals(run: RunContext, client: OperatorConnectClient): Promise<number> {
  const missing = await run.transact((tx) => leadIntake.missing(tx, CONFIRMED_PER_RUN_MAX))
  if (missing.length === 0) return 0
  if (!(await answersByTenant(run, client))) {
    run.log.warn(
      { missing: missing.length },
      'Microsoft does not find a tenant that it lists: no removal was confirmed',
    )
    return 0
  }
  let removed = 0
  for (const lead of missing) {
    const record = await client.consentByTenant(lead.tenantId, { signal: run.signal })
    const mapped = record === null ? null : mapConsentToLead(identifyRecord(record))
    // An answer that cannot be read confirms nothing: the suspicion stays for the next run.
    if (mapped !== null && !mapped.ok) continue
    if (mapped !== null && mapped.lead.remote.id === lead.leadId) {
      // It answers, and the listing lacks it all the same: it stays a suspicion, to be asked for again.
      await run.transact((tx) => leadIntake.applyMissing(tx, mapped.lead))
      continue
    }
    // By tenant Microsoft answers one consent although there may be two, so one look is not enough here.
    // Whether the listing holds direct leads at all nothing says: only that the tenant has no consent removes one.
    if (mapped !== null && lead.isDirect) continue
    if (mapped !== null && !wasMissingBefore(run, lead.missingSince)) continue
    if (await run.transact((tx) => leadIntake.markRemoved(tx, lead.leadId))) removed++
  }
  return removed
}

/** A wrong path answers 404 for every tenant: only where a listed one is found does "not found" mean anything. */
async function answersByTenant(run: RunContext, client: OperatorConnectClient): Promise<boolean> {
  const present = await run.transact((tx) => leadIntake.presentTenant(tx))
  return present === null || (await client.consentByTenant(present, { signal: run.signal })) !== null
}

function wasMissingBefore(run: RunContext, missingSince: Date): boolean {
  return missingSince.getTime() < startOf(run)
}

/** UUIDv7 run ids begin with their millisecond. */
function startOf(run: RunContext): number {
  return Number.parseInt(run.runId.replaceAll('-', '').slice(0, 12), 16)
}
