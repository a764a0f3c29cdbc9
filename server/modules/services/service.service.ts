import type { Readable } from 'node:stream'
import type { WireServiceFacets } from '../../../contract/services.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError, badRequest, notFound } from '../../kernel/errors.ts'
import { isGuid } from '../../kernel/ids.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import { createReadMemory } from '../../platform/db/read-memory.ts'
import type { Reader } from '../../platform/db/reader.ts'
import { createSharedRead } from '../../platform/db/shared-read.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { journal } from '../audit/index.ts'
import { channelStore, lcCustomerStore } from '../channels/index.ts'
import type { Service, SipConnection } from './service.rules.ts'
import { mayEdit, TEST_CALLS } from './service.rules.ts'
import { serviceStore } from './service.store.ts'
import type { SeenService } from './service.view.ts'
import { listDigest, pageDigest } from './service-cursor.ts'
import { type DocumentedForm, type ListedService, type ServiceScope, serviceListStore } from './service-list.store.ts'
import { isFiltered, type ServicePosition, type ServiceQuery } from './service-query.rules.ts'
import { foldShortName, NAME_IN_USE, type NameFlaw, shortNameFlaws, shortNameProposals } from './short-name.rules.ts'
import { sipConnectionStore } from './sip-connection.store.ts'

export type { DocumentedForm } from './service-list.store.ts'

const COUNTS_MAX = 1_000

/** Names of what lower modules know, for showing: joined by the composition root. */
export type ServiceNames = {
  sbcs(operatorId: number, sbcIds: number[]): Promise<Map<number, string>>
  callingProfile(operatorId: number, callingProfileId: string): Promise<string | null>
  /** Of the variables that one of these script templates calls secret, folded. */
  secretVariables(operatorId: number, templateIds: readonly (number | null)[]): Promise<ReadonlySet<string>>
}

/** What our own tables know of a service. */
type Bare = Omit<SeenService, 'sbcNames' | 'callingProfileName' | 'secretVariables'>

/** A list before it is read. `etag` null: of nothing that has a version. */
export type ServiceListing = {
  etag: string | null
  page(): Promise<{ rows: ListedService[]; last: ServicePosition | null; total: number }>
  facets(): Promise<WireServiceFacets>
  documented(form: DocumentedForm): Promise<{ total: number; rows: Readable }>
}

export type ServiceService = ReturnType<typeof createServiceService>

/** Services as callers read them, and what of them is only here: names, LC customer, ticks. */
export function createServiceService(options: {
  reader: Reader
  transact: Transact
  clock: Clock
  names: ServiceNames
}) {
  const { reader, transact, clock, names } = options
  const counts = createReadMemory<{ total: number }>({ maxEntries: COUNTS_MAX })
  const facetCounts = createReadMemory<WireServiceFacets>({ maxEntries: COUNTS_MAX })
  const sharedScope = createSharedRead<ServiceScope | null>()

  const scopeOf = (principal: OperatorPrincipal) =>
    sharedScope(scopeKey(principal), () => serviceListStore(reader, principal).scope())

  async function totalOf(principal: OperatorPrincipal, query: ServiceQuery, scope: ServiceScope | null) {
    if (scope && !isFiltered(query)) return scope.total
    const key = scope && `${scopeKey(principal)}/${scope.version}/${listDigest(query)}`
    const known = key === null ? undefined : counts.get(key)
    if (known) return known.total
    const total = await serviceListStore(reader, principal).count(query)
    if (key !== null) counts.set(key, { total })
    return total
  }

  async function facetsOf(principal: OperatorPrincipal, query: ServiceQuery, scope: ServiceScope | null) {
    const key = scope && `${scopeKey(principal)}/${scope.version}/${listDigest(query)}`
    const known = key === null ? undefined : facetCounts.get(key)
    if (known) return known
    const facets: WireServiceFacets = { state: [], license: [], deployment: [], health: [], model: [] }
    for (const { facet, value, count } of await serviceListStore(reader, principal).facets(query)) {
      facets[facet].push({ value, count })
    }
    if (key !== null) facetCounts.set(key, facets)
    return facets
  }

  async function see(tx: Tx, serviceId: string): Promise<Bare> {
    const service = await serviceStore(tx).find(serviceId)
    if (!service) throw notFound('The service')
    const store = sipConnectionStore(tx)
    const connections = await store.ofService(serviceId)
    const channel = service.channelId === null ? undefined : await channelStore(tx).find(service.channelId)
    const customer = service.lcCustomerId === null ? undefined : await lcCustomerStore(tx).find(service.lcCustomerId)
    return {
      service: { ...service, channelName: channel?.name ?? null, lcCustomerName: customer?.name ?? null },
      connections,
      withPassword: await store.withPassword(connections.map(({ connectionId }) => connectionId)),
    }
  }

  async function named({ operatorId }: OperatorPrincipal, seen: Bare): Promise<SeenService> {
    const ids = seen.connections.flatMap(({ sbcId }) => (sbcId === null ? [] : [sbcId]))
    const { callingProfileId } = seen.service
    // Asked for only where there is something to hide.
    const filled = seen.connections.filter(({ variables }) => Object.keys(variables).length > 0)
    const scripts = filled.flatMap(({ onboardingScript, cleanupScript, addNumbersScript, removeNumbersScript }) => [
      onboardingScript,
      cleanupScript,
      addNumbersScript,
      removeNumbersScript,
    ])
    return {
      ...seen,
      sbcNames: ids.length === 0 ? new Map() : await names.sbcs(operatorId, [...new Set(ids)]),
      secretVariables: filled.length === 0 ? new Set() : await names.secretVariables(operatorId, scripts),
      callingProfileName: callingProfileId === null ? null : await names.callingProfile(operatorId, callingProfileId),
    }
  }

  async function get(principal: OperatorPrincipal, serviceId: string): Promise<SeenService> {
    return named(principal, await transact(principal, (tx) => see(tx, serviceId)))
  }

  return {
    get,

    async list(principal: OperatorPrincipal, query: ServiceQuery): Promise<ServiceListing> {
      const scope = await scopeOf(principal)
      const store = serviceListStore(reader, principal)
      return {
        etag: scope && `services.${scopeKey(principal)}.${scope.version}.${pageDigest(query)}`.replaceAll('/', '.'),
        async page() {
          const [page, total] = await Promise.all([store.page(query), totalOf(principal, query, scope)])
          return { ...page, total }
        },
        facets: () => facetsOf(principal, query, scope),
        async documented(form) {
          // Counted before: a count that fails must not leave a stream that nobody reads.
          const total = await totalOf(principal, query, scope)
          return { total, rows: await store.documented(query, form) }
        },
      }
    },

    /** A licensed one by what a caller of the documented API gave as its id; null where there is none. */
    async customer(
      principal: OperatorPrincipal,
      customerGuid: string,
    ): Promise<{ service: Service; connections: SipConnection[] } | null> {
      const serviceId = customerGuid.trim().toLowerCase()
      if (!isGuid(serviceId)) return null
      return transact(principal, async (tx) => {
        const service = await serviceStore(tx).find(serviceId)
        if (!service || service.state === 'Creating') return null
        return { service, connections: await sipConnectionStore(tx).ofService(serviceId) }
      })
    },

    /** One SIP connection with its service; null where there is none. */
    async connection(principal: OperatorPrincipal, connectionId: string) {
      const id = connectionId.trim().toLowerCase()
      if (!isGuid(id)) return null
      const found = await transact(principal, async (tx) => {
        const connection = await sipConnectionStore(tx).find(id)
        return connection && { connection, seen: await see(tx, connection.serviceId) }
      })
      return found && { connection: found.connection, seen: await named(principal, found.seen) }
    },

    update(
      principal: OperatorPrincipal,
      serviceId: string,
      asked: { fullName?: string; lcCustomerId?: number | null },
    ): Promise<SeenService> {
      if (asked.lcCustomerId !== undefined && principal.channelId !== null) {
        const detail = 'Leave it out: your operator decides which LC customer a service hangs on.'
        throw badRequest([{ pointer: '/body/lcCustomerId', detail }])
      }
      return transact(principal, async (tx) => {
        const store = serviceStore(tx)
        const service = await store.lock(serviceId)
        if (!service) throw notFound('The service')
        const verdict = mayEdit(service)
        if (!verdict.ok) throw new AppError({ code: verdict.code, status: 409, detail: verdict.reason })
        if (asked.lcCustomerId != null) await requireCustomer(tx, asked.lcCustomerId, service.channelId)
        const after = {
          ...(asked.fullName !== undefined && { fullName: readFullName(asked.fullName) }),
          ...(asked.lcCustomerId !== undefined && { lcCustomerId: asked.lcCustomerId }),
        }
        const changed = Object.entries(after).filter(([name, value]) => service[name as keyof typeof after] !== value)
        if (changed.length > 0) {
          if (after.fullName !== undefined) await store.rename(service, after.fullName)
          if (after.lcCustomerId !== undefined) await store.update(service, { lcCustomerId: after.lcCustomerId })
          await journal(tx).append({
            action: 'service.changed',
            object: objectOf(service),
            channelId: service.channelId,
            before: Object.fromEntries(changed.map(([name]) => [name, service[name as keyof typeof after]])),
            after: Object.fromEntries(changed),
          })
        }
        return see(tx, serviceId)
      }).then((seen) => named(principal, seen))
    },

    /** Ticks a test call off, with who did it, or unticks it. */
    tick(principal: OperatorPrincipal, serviceId: string, code: string, done: boolean): Promise<SeenService> {
      return transact(principal, async (tx) => {
        const store = serviceStore(tx)
        const service = await store.lock(serviceId)
        if (!service || !TEST_CALLS.some((call) => call.code === code)) throw notFound('The service')
        const { [code]: before, ...others } = service.testCalls
        if ((before !== undefined) !== done) {
          const testCalls = done ? { ...others, [code]: { at: clock.now().toISOString(), by: principal.name } } : others
          await store.update(service, { testCalls })
          const action = done ? 'service.test-call-made' : 'service.test-call-withdrawn'
          await journal(tx).append({ action, object: objectOf(service), channelId: service.channelId, after: { code } })
        }
        return see(tx, serviceId)
      }).then((seen) => named(principal, seen))
    },

    /** What is wrong with a short name, and one that is free now: of the company's name, or of the name itself. */
    async shortName(
      principal: OperatorPrincipal,
      asked: { name?: string; companyName?: string },
    ): Promise<{ flaws: NameFlaw[]; proposal: string | null }> {
      const proposals = shortNameProposals(asked.companyName ?? asked.name ?? '')
      // A name is taken for everybody of the operator, whoever of it may see by which service.
      const operator = { ...principal, channelId: null }
      const wanted = asked.name === undefined ? proposals : [asked.name, ...proposals]
      const used = await transact(operator, (tx) => serviceStore(tx).namesInUse(wanted))
      const flaws = asked.name === undefined ? [] : shortNameFlaws(asked.name)
      if (asked.name !== undefined && used.has(foldShortName(asked.name))) flaws.push(NAME_IN_USE)
      return { flaws, proposal: proposals.find((name) => !used.has(foldShortName(name))) ?? null }
    },
  }
}

/** Of one line, and not longer than it may be. */
export function readFullName(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .toWellFormed()
    .trim()
}

/** The customer is there, and of the channel of the service or of none. */
export async function requireCustomer(tx: Tx, customerId: number, channelId: number | null): Promise<void> {
  const customer = await lcCustomerStore(tx).find(customerId)
  const pointer = '/body/lcCustomerId'
  if (!customer) throw badRequest([{ pointer, detail: 'There is no such LC customer.' }])
  if (customer.channelId === null || customer.channelId === channelId) return
  const detail =
    channelId === null
      ? 'This LC customer belongs to a channel, and the lead to none: give the lead to the channel first.'
      : 'This LC customer belongs to another channel than the lead.'
  throw badRequest([{ pointer, detail }])
}

export function objectOf(service: Pick<Service, 'serviceId' | 'shortName'>) {
  return { type: 'service', id: service.serviceId, name: service.shortName }
}

function scopeKey({ operatorId, channelId, customerTenantId }: OperatorPrincipal): string {
  return `${operatorId}/${channelId ?? 0}${customerTenantId === undefined ? '' : `/${customerTenantId}`}`
}
