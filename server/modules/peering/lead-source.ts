import { AppError } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import { MicrosoftError, type OperatorConnectClient, type RetryPolicy } from '../../microsoft/index.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { type LeadSource, leadIntake, microsoftUnavailable } from '../leads/index.ts'
import { listingStore } from './listing.store.ts'
import { identifyRecord, mapCivicAddresses, mapConsentToLead } from './map-consent-to-lead.ts'
import type { MicrosoftClients } from './microsoft-clients.ts'

/** Waits until the operator's leads have been synced once more; rejects with an AppError when that sync fails. */
export type WaitForSync = (principal: OperatorPrincipal, signal: AbortSignal) => Promise<void>

/** A caller waits for these: one more try at the most. */
const INTERACTIVE: Partial<RetryPolicy> = {
  maxAttempts: 2,
  baseDelayMs: 200,
  maxDelayMs: 500,
  budgetMs: 8_000,
  maxRetryAfterMs: 0,
}
const RETRY_AFTER_SECONDS = 30

/** Microsoft for the leads module. Source: issue 2, 5 (checkOnline, civic address sync). */
export function createLeadSource(options: {
  clients: MicrosoftClients
  transact: Transact
  waitForSync: WaitForSync
}): LeadSource {
  const { clients, transact, waitForSync } = options

  async function clientOf(principal: OperatorPrincipal): Promise<OperatorConnectClient> {
    const client = await clients.forOperator(principal.operatorId)
    if (client) return client
    throw new AppError({
      code: 'not-connected',
      status: 503,
      detail: 'This operator is not connected to Microsoft yet. Set up the connection, then try again.',
      retryAfterSeconds: 300,
    })
  }

  return {
    waitForSync,

    async fetchTenant(principal, tenantId, signal) {
      const client = await clientOf(principal)
      const limit = AbortSignal.any([signal, AbortSignal.timeout(10_000)])
      const record = await telling(() => client.consentByTenant(tenantId, { signal: limit, retry: INTERACTIVE }))
      if (record === null) return
      const mapped = mapConsentToLead(identifyRecord(record))
      if (mapped.ok) {
        await transact(principal, (tx) =>
          leadIntake.apply(tx, [mapped.lead], { baseline: false, source: 'check-online' }),
        )
        return
      }
      const finding = { kind: 'malformed' as const, key: mapped.key, detail: mapped.reason, raw: mapped.raw }
      await transact(principal, (tx) => listingStore(tx).saveFindings([finding]))
      throw microsoftUnavailable(
        `Microsoft's record of this tenant cannot be read: ${mapped.reason}.`,
        RETRY_AFTER_SECONDS,
      )
    },

    async civicAddresses(principal, tenantId, signal) {
      const client = await clientOf(principal)
      const records = await telling(() => client.civicAddresses(tenantId, { signal, retry: INTERACTIVE }))
      return mapCivicAddresses(records).addresses
    },
  }
}

/** Runs a call to Microsoft; its failure becomes a 503 that says why and when to try again. */
async function telling<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof MicrosoftError)) throw error
    const seconds = error.retryAfterMs === undefined ? RETRY_AFTER_SECONDS : Math.ceil(error.retryAfterMs / 1_000)
    throw microsoftUnavailable(`Microsoft did not answer the question. ${error.message}`, Math.max(1, seconds), error)
  }
}
