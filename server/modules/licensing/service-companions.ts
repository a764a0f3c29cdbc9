import type { Tx } from '../../platform/db/transaction.ts'
import { lcCustomerStore, moveLcCustomer, roomFor } from '../channels/index.ts'
import type { LeadCompanions } from '../leads/index.ts'
import {
  licensePoolStore,
  mayTakeLicenses,
  moveService,
  poolUseOf,
  type Service,
  serviceStore,
} from '../services/index.ts'

type Refusal = { code: string; reason: string }
type LcCustomer = NonNullable<Awaited<ReturnType<ReturnType<typeof lcCustomerStore>['lock']>>>

/**
 * Services and their LC customers go with the leads they were made of. A lead stays where it is when the LC customer has
 * other services, when the channel takes no more customers, or when its pool of licenses is exhausted. Source: issue 5, 4.
 */
export const serviceCompanions: LeadCompanions = {
  async refusals(tx, leadIds, channelId) {
    const refusals = new Map<string, Refusal>()
    const services = await movingServices(tx, leadIds, channelId)
    let joining = 0
    for (const { customer, services: own } of await movingCustomers(tx, services, channelId)) {
      const refusal = await refusalOfCustomer(tx, customer, own, { channelId, joining: joining + 1 })
      if (!refusal) joining++
      else for (const { leadId } of own) refusals.set(leadId, refusal)
    }
    const staying = services.filter(({ leadId }) => !refusals.has(leadId))
    for (const [leadId, refusal] of await refusalsOfPools(tx, staying, channelId)) refusals.set(leadId, refusal)
    return refusals
  },

  async follow(tx, leadIds, channelId) {
    const services = await movingServices(tx, leadIds, channelId)
    for (const { customer } of await movingCustomers(tx, services, channelId)) {
      await moveLcCustomer(tx, customer, channelId)
    }
    for (const service of services) await moveService(tx, service, channelId)
  },
}

async function movingServices(tx: Tx, leadIds: string[], channelId: number | null): Promise<Service[]> {
  return (await serviceStore(tx).lockOfLeads(leadIds)).filter((service) => service.channelId !== channelId)
}

/** LC customers of a channel go along; those of none serve all channels, and stay. By number: everybody locks in one order. */
async function movingCustomers(
  tx: Tx,
  services: Service[],
  channelId: number | null,
): Promise<{ customer: LcCustomer; services: Service[] }[]> {
  const byCustomer = Map.groupBy(
    services.filter(({ lcCustomerId }) => lcCustomerId !== null),
    ({ lcCustomerId }) => lcCustomerId as number,
  )
  const moving: { customer: LcCustomer; services: Service[] }[] = []
  for (const [customerId, own] of [...byCustomer].sort(([a], [b]) => a - b)) {
    const customer = await lcCustomerStore(tx).lock(customerId)
    if (!customer || customer.channelId === null || customer.channelId === channelId) continue
    moving.push({ customer, services: own })
  }
  return moving
}

async function refusalOfCustomer(
  tx: Tx,
  { customerId, name }: LcCustomer,
  own: Service[],
  { channelId, joining }: { channelId: number | null; joining: number },
): Promise<Refusal | null> {
  const others = (await serviceStore(tx).countOfCustomer(customerId)) - own.length
  if (others > 0) {
    const what = others === 1 ? 'another service hangs' : `${others} other services hang`
    const reason = `Its service hangs on the LC customer ${name}, on which ${what}: give it an LC customer of its own first.`
    return { code: 'lc-customer-shared', reason }
  }
  if (channelId === null) return null
  const room = await roomFor(tx, channelId, joining)
  return room.ok ? null : { code: room.code, reason: room.reason }
}

/** The pool of the operator as a whole is not touched: what leaves one channel for another stays in it. */
async function refusalsOfPools(tx: Tx, services: Service[], channelId: number | null): Promise<Map<string, Refusal>> {
  const refusals = new Map<string, Refusal>()
  if (channelId === null || services.length === 0) return refusals
  const pools = new Map((await licensePoolStore(tx).list()).map((pool) => [`${pool.channelId} ${pool.kind}`, pool]))
  for (const { leadId, license, licensedUsers } of services) {
    const { kind, count } = poolUseOf(license, licensedUsers)
    const pool = pools.get(`${channelId} ${kind}`)
    if (!pool || count === 0) continue
    const verdict = mayTakeLicenses(pool, count)
    if (verdict.ok) pools.set(`${channelId} ${kind}`, { ...pool, used: pool.used + count })
    else refusals.set(leadId, { code: verdict.code, reason: verdict.reason })
  }
  return refusals
}
