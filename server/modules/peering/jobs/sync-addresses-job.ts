import { createPacer } from '../../../kernel/pacer.ts'
import { MicrosoftError, type OperatorConnectClient } from '../../../microsoft/index.ts'
import type { Tx } from '../../../platform/db/transaction.ts'
import { defineJob, type JobDefinition, type RunContext } from '../../../platform/jobs/index.ts'
import { leadIntake } from '../../leads/index.ts'
import { addressFindings, listingStore } from '../listing.store.ts'
import { mapCivicAddresses } from '../map-consent-to-lead.ts'
import type { MicrosoftClients } from '../microsoft-clients.ts'
import { tellingFailures } from '../run-failure.ts'

export const SYNC_ADDRESSES_JOB = 'peering.sync-addresses-job'

export type SyncAddressesOptions = {
  everySeconds: number
  /** Calls to Microsoft, one for each tenant. */
  callsPerMinute: number
}

const BATCH = 100
const CONCURRENCY = 4
/** An answer is good for a day; after a failure the tenant is left alone for a quarter of an hour. */
const FRESH_MS = 24 * 3_600_000
const FAILURE_REST_MS = 15 * 60_000

/**
 * Keeps the civic addresses of Active leads: one paced call a tenant, licensed leads first, then in order of arrival, then
 * the oldest answers. Every answer is stored at once, so a crash costs nothing but the calls under way.
 * Source: issue 2, 4; microsoft.md A.9.
 */
export function syncAddressesJob(clients: MicrosoftClients, options: SyncAddressesOptions): JobDefinition {
  return defineJob({
    name: SYNC_ADDRESSES_JOB,
    summary: 'Fetches the civic addresses of Active leads from Microsoft',
    scope: 'each-operator',
    everySeconds: options.everySeconds,
    timeoutSeconds: 6 * 3_600,
    remedy: 'Test the connection to Microsoft, then run the job again: it goes on where it stopped.',
    run: tellingFailures(async (run) => {
      const client = await clients.forOperator(run.operatorId)
      if (!client) {
        run.progress({ phase: 'not connected' })
        return
      }
      await new AddressSync(run, client, options.callsPerMinute).go()
    }),
  })
}

class AddressSync {
  readonly #run: RunContext
  readonly #client: OperatorConnectClient
  readonly #pace: (signal: AbortSignal) => Promise<void>
  readonly #counts = { asked: 0, changed: 0, failed: 0, unreadable: 0 }

  constructor(run: RunContext, client: OperatorConnectClient, callsPerMinute: number) {
    this.#run = run
    this.#client = client
    this.#pace = createPacer(callsPerMinute)
  }

  async go(): Promise<void> {
    const run = this.#run
    // Fixed at the start: what this run has answered is not due again before the next one.
    const askedBefore = new Date(Date.now() - FRESH_MS)
    const failedBefore = new Date(Date.now() - FAILURE_REST_MS)
    const due = (tx: Tx, limit: number) => leadIntake.tenantsDueForAddresses(tx, limit, askedBefore, failedBefore)
    const total = await run.transact((tx) => leadIntake.countDueForAddresses(tx, askedBefore, failedBefore))
    for (;;) {
      const tenants = await run.transact((tx) => due(tx, BATCH))
      const queue = tenants.values()
      await Promise.all(Array.from({ length: CONCURRENCY }, () => this.#work(queue, total)))
      if (tenants.length > 0) continue
      const { asked } = this.#counts
      run.progress({ phase: 'done', done: asked, total: asked, counts: { ...this.#counts } })
      // A lead that came after the look above may count on this very run.
      if (await run.finishUnless(async (tx) => (await due(tx, 1)).length > 0)) return
    }
  }

  // Several workers share one iterator: each takes the next tenant when it is free.
  async #work(queue: Iterator<string> & Iterable<string>, total: number): Promise<void> {
    for (const tenantId of queue) {
      this.#run.signal.throwIfAborted()
      await this.#pace(this.#run.signal)
      await this.#askFor(tenantId)
      const done = ++this.#counts.asked
      const counts = { ...this.#counts }
      this.#run.progress({ phase: 'asking', done, total: Math.max(total, done), unit: 'tenants', counts })
    }
  }

  async #askFor(tenantId: string): Promise<void> {
    const run = this.#run
    try {
      const { addresses, unreadable } = mapCivicAddresses(
        await this.#client.civicAddresses(tenantId, { signal: run.signal }),
      )
      this.#counts.unreadable += unreadable.length
      const { changed } = await run.transact(async (tx) => {
        await listingStore(tx).saveFindings(addressFindings(tenantId, unreadable))
        return leadIntake.applyAddresses(tx, tenantId, { addresses })
      })
      if (changed) this.#counts.changed++
    } catch (error) {
      // One tenant's failure is noted on its leads; a connection that fails as a whole ends the run, to be tried again.
      if (!(error instanceof MicrosoftError) || !isOfOneTenant(error)) throw error
      this.#counts.failed++
      await run.transact((tx) => leadIntake.applyAddresses(tx, tenantId, { failure: error.message, hasty: false }))
    }
  }
}

function isOfOneTenant(error: MicrosoftError): boolean {
  return error.kind === 'not-found' || error.kind === 'malformed' || error.kind === 'rejected'
}
