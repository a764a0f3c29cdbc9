import type { OperatorConnectClient } from '../../microsoft/index.ts'
import type { RunContext } from '../../platform/jobs/index.ts'
import { leadIntents } from '../leads/index.ts'
import { identifyRecord, mapConsentToLead } from './map-consent-to-lead.ts'

const SETTLED_PER_RUN_MAX = 100

/**
 * Direct leads whose making or deleting was cut off, by a crash or by an answer that never came: Microsoft is asked what
 * became of each, and we follow.
 */
export async function settleIntents(run: RunContext, client: OperatorConnectClient): Promise<void> {
  const left = await run.transact((tx) => leadIntents.left(tx, SETTLED_PER_RUN_MAX))
  for (const intent of left) {
    const record = await client.consentByTenant(intent.tenantId, { signal: run.signal })
    const mapped = record === null ? null : mapConsentToLead(identifyRecord(record))
    // An answer that cannot be read says nothing: the next run asks again.
    if (mapped !== null && !mapped.ok) continue
    const direct = mapped?.lead.remote.isDirectLead ? mapped.lead : null
    await run.transact((tx) => leadIntents.settle(tx, intent, direct))
  }
}
