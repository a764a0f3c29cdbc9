import type { OperatorConnectClient } from '../../microsoft/index.ts'
import type { RunContext } from '../../platform/jobs/index.ts'
import { type IncomingLead, leadIntents } from '../leads/index.ts'
import { identifyRecord, mapConsentToLead } from './map-consent-to-lead.ts'

const SETTLED_PER_RUN_MAX = 100

/**
 * Direct leads whose making or deleting was cut off, by a crash or by an answer that never came, and deleted ones that a
 * listing held all the same: Microsoft is asked what became of each, and we follow.
 */
export async function settleIntents(run: RunContext, client: OperatorConnectClient): Promise<void> {
  const left = await run.transact((tx) => leadIntents.left(tx, SETTLED_PER_RUN_MAX))
  for (const intent of left) {
    const direct = await directLeadOf(intent.tenantId, run, client)
    if (direct !== undefined) await run.transact((tx) => leadIntents.settle(tx, intent, direct))
  }
  const told = await run.transact((tx) => leadIntents.toldAgain(tx, SETTLED_PER_RUN_MAX))
  for (const lead of told) {
    const direct = await directLeadOf(lead.tenantId, run, client)
    if (direct !== undefined) await run.transact((tx) => leadIntents.settleTold(tx, lead, direct))
  }
}

/** The direct lead that a tenant has now; null: none; undefined: an answer that cannot be read, the next run asks again. */
async function directLeadOf(
  tenantId: string,
  run: RunContext,
  client: OperatorConnectClient,
): Promise<IncomingLead | null | undefined> {
  const record = await client.consentByTenant(tenantId, { signal: run.signal })
  if (record === null) return null
  const mapped = mapConsentToLead(identifyRecord(record))
  if (!mapped.ok) return undefined
  return mapped.lead.remote.isDirectLead ? mapped.lead : null
}
