import { CHECK_ONLINE } from '../../../contract/journal.ts'
import { AppError } from '../../kernel/errors.ts'
import { jobPrincipal, type OperatorPrincipal } from '../../kernel/principal.ts'
import {
  MicrosoftError,
  type MicrosoftErrorKind,
  type OperatorConnectClient,
  type RetryPolicy,
} from '../../microsoft/index.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import type { JobRegistry } from '../../platform/jobs/index.ts'
import { type IncomingLead, type LeadSource, leadIntake, microsoftUnavailable } from '../leads/index.ts'
import { clientOf, INTERACTIVE, RETRY_AFTER_SECONDS, telling, unavailable } from './asking-microsoft.ts'
import { SYNC_ADDRESSES_JOB } from './jobs/sync-addresses-job.ts'
import { addressFindings, listingStore } from './listing.store.ts'
import { identifyRecord, mapCivicAddresses, mapConsentToLead } from './map-consent-to-lead.ts'
import type { MicrosoftClients } from './microsoft-clients.ts'

/** Waits until the operator's leads have been synced once more; rejects with an AppError when that sync fails. */
export type WaitForSync = (principal: OperatorPrincipal, signal: AbortSignal) => Promise<void>

/** For what must not be sent twice. */
const ONCE: Partial<RetryPolicy> = { ...INTERACTIVE, maxAttempts: 1 }
const CREATE_TIMEOUT_MS = 15_000

/** Microsoft for the leads module. Source: issue 2, 5 (checkOnline, civic address sync). */
export function createLeadSource(options: {
  clients: MicrosoftClients
  transact: Transact
  registry: JobRegistry
  waitForSync: WaitForSync
}): LeadSource {
  const { clients, transact, registry, waitForSync } = options

  return {
    waitForSync,

    async fetchTenant(principal, tenantId, signal) {
      const client = await clientOf(clients, principal)
      const limit = AbortSignal.any([signal, AbortSignal.timeout(10_000)])
      const record = await telling(() => client.consentByTenant(tenantId, { signal: limit, retry: INTERACTIVE }))
      if (record === null) return
      // What comes of it is the operator's, and who of a channel has asked must not go along to the channel that gets it.
      const { channelId, operatorId, requestId } = principal
      const teller = channelId === null ? principal : jobPrincipal(CHECK_ONLINE, operatorId, requestId)
      const mapped = mapConsentToLead(identifyRecord(record))
      if (mapped.ok) {
        await transact(teller, (tx) => leadIntake.apply(tx, [mapped.lead], { baseline: false, source: CHECK_ONLINE }))
        return
      }
      const finding = { kind: 'malformed' as const, key: mapped.key, detail: mapped.reason, raw: mapped.raw }
      await transact(teller, (tx) => listingStore(tx).saveFindings([finding]))
      throw microsoftUnavailable(
        `Microsoft's record of this tenant cannot be read: ${mapped.reason}.`,
        RETRY_AFTER_SECONDS,
      )
    },

    async civicAddresses(principal, tenantId, signal) {
      const client = await clientOf(clients, principal)
      const records = await telling(() => client.civicAddresses(tenantId, { signal, retry: INTERACTIVE }))
      const { addresses, unreadable } = mapCivicAddresses(records)
      if (unreadable.length > 0) {
        await transact(principal, (tx) => listingStore(tx).saveFindings(addressFindings(tenantId, unreadable)))
      }
      return addresses
    },

    async askForAddressesSoon(principal) {
      const { operatorId } = principal
      await registry.requestRun(principal, { job: SYNC_ADDRESSES_JOB, operatorId, trigger: 'event' })
    },

    async createDirect(principal, tenantId, companyName, signal) {
      const client = await clientOf(clients, principal)
      const limit = AbortSignal.any([signal, AbortSignal.timeout(CREATE_TIMEOUT_MS)])
      try {
        const record = await client.createDirectConsent(tenantId, companyName, { signal: limit, retry: ONCE })
        return { outcome: 'created', lead: readable(record) }
      } catch (error) {
        if (!(error instanceof MicrosoftError)) throw error
        if (error.status === 409) return { outcome: 'exists' }
        // A refused token has these too, and says nothing about the tenant.
        const isOfTenant = error.operation === 'createDirectConsent'
        if (isOfTenant && (error.status === 404 || error.status === 400)) return { outcome: 'refused' }
        const made = MAY_BE_DONE.has(error.kind) ? await madeAllTheSame(client, tenantId, signal) : null
        if (made) return { outcome: 'created', lead: made }
        throw unavailable(error)
      }
    },

    async deleteDirect(principal, tenantId, signal) {
      const client = await clientOf(clients, principal)
      try {
        await client.deleteDirectConsent(tenantId, { signal, retry: INTERACTIVE })
      } catch (error) {
        if (!(error instanceof MicrosoftError)) throw error
        if (error.status !== 409) throw unavailable(error)
        const detail = 'Microsoft says that only the customer can withdraw this consent, in Teams admin center.'
        throw new AppError({ code: 'lead-not-deletable', status: 409, detail, cause: error })
      }
    },

    async recordOf(principal, tenantId, signal) {
      const client = await clientOf(clients, principal)
      const record = await telling(() => client.consentByTenant(tenantId, { signal, retry: INTERACTIVE }))
      if (record !== null) return readable(record)
      const detail = 'Microsoft has no consent of this tenant any more. The next sync of leads shows what became of it.'
      throw new AppError({ code: 'consent-gone', status: 409, detail })
    },

    async setRelationship(principal, tenantId, wanted, signal) {
      const client = await clientOf(clients, principal)
      return readable(await telling(() => client.setRelationship(tenantId, wanted, { signal, retry: INTERACTIVE })))
    },

    async tenantOfDomain(principal, domain, signal) {
      const client = await clientOf(clients, principal)
      return telling(() => client.tenantOfDomain(domain, { signal, retry: INTERACTIVE }))
    },
  }
}

/** Failures after which the lead may have been made all the same. */
const MAY_BE_DONE = new Set<MicrosoftErrorKind>(['timeout', 'unavailable', 'malformed', 'aborted'])

/** The direct lead that Microsoft made although its answer did not arrive; null when it did not, or cannot be asked. */
async function madeAllTheSame(
  client: OperatorConnectClient,
  tenantId: string,
  signal: AbortSignal,
): Promise<IncomingLead | null> {
  if (signal.aborted) return null
  const record = await client.consentByTenant(tenantId, { signal, retry: ONCE }).catch(() => null)
  const mapped = record === null ? null : mapConsentToLead(identifyRecord(record))
  return mapped?.ok && mapped.lead.remote.isDirectLead ? mapped.lead : null
}

function readable(record: unknown): IncomingLead {
  const mapped = mapConsentToLead(identifyRecord(record))
  if (mapped.ok) return mapped.lead
  throw microsoftUnavailable(`Microsoft's record of this tenant cannot be read: ${mapped.reason}.`, RETRY_AFTER_SECONDS)
}
