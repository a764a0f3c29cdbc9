import type { TopologyContacts } from '../../../contract/channels.ts'
import type { Permission } from '../../../contract/permissions.ts'
import { AppError, badRequest, type FieldError, notFound } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { demandMatch } from '../../platform/http/index.ts'
import { type JournalEntry, journal } from '../audit/index.ts'
import { mayTakeCustomer, NO_CONTACTS, readFacts, tagOf } from './channel.rules.ts'
import { differenceOf, refusal, saveNamed } from './channel.service.ts'
import { channelStore } from './channel.store.ts'
import { type CustomerWrite, type LcCustomer, lcCustomerStore } from './lc-customer.store.ts'
import { logoText, readLogo } from './logo.rules.ts'
import { takeTopologyId } from './topology-id.store.ts'

export type CustomerAsked = {
  name?: string
  fullName?: string | null
  description?: string
  msTenantId?: string | null
  contacts?: Partial<TopologyContacts>
  logo?: string | null
  channelId?: number | null
}

export type SeenCustomer = { customer: LcCustomer; logo: string | null }

export type LcCustomerService = ReturnType<typeof createLcCustomerService>

/** LC customers, the parents of services: of a channel or of none; each change in the journal. */
export function createLcCustomerService({
  transact,
  servicesOf,
}: {
  transact: Transact
  /** How many services hang on a customer: they are of a higher rank, and context.ts joins the two. */
  servicesOf: (tx: Tx, customerId: number) => Promise<number>
}) {
  async function see(tx: Tx, customerId: number): Promise<SeenCustomer> {
    const customer = await lcCustomerStore(tx).find(customerId)
    if (!customer) throw notFound('The customer')
    return { customer, logo: customer.hasLogo ? logoText(await lcCustomerStore(tx).logoOf(customerId)) : null }
  }

  /** A service is in the channel of its lead, and its customer in that of both. */
  async function requireNoServices(tx: Tx, { customerId, name }: LcCustomer): Promise<void> {
    const count = await servicesOf(tx, customerId)
    if (count === 0) return
    const what = count === 1 ? 'A service hangs' : `${count} services hang`
    const detail = `${what} on ${name}: move its lead to the other channel, and the customer goes along.`
    throw new AppError({ code: 'lc-customer-in-use', status: 409, detail })
  }

  async function lock(tx: Tx, customerId: number, ifMatch: string | undefined): Promise<LcCustomer> {
    const customer = await lcCustomerStore(tx).lock(customerId)
    if (!customer) throw notFound('The customer')
    demandMatch(ifMatch, tagOf('customer', customerId, customer.version))
    return customer
  }

  return {
    /** Of one channel, of none (0), or all. */
    list: (principal: OperatorPrincipal, channelId?: number): Promise<LcCustomer[]> =>
      transact(principal, (tx) => lcCustomerStore(tx).list(channelId)),

    get: (principal: OperatorPrincipal, customerId: number): Promise<SeenCustomer> =>
      transact(principal, (tx) => see(tx, customerId)),

    create(principal: OperatorPrincipal, asked: CustomerAsked & { name: string }): Promise<SeenCustomer> {
      const nothing = { ...NOTHING, channelId: principal.channelId }
      const write = readCustomer(asked, nothing)
      requireOwnChannel(principal, write.channelId)
      return transact(principal, async (tx) => {
        if (write.channelId !== null) await requireRoom(tx, write.channelId)
        const customerId = await takeTopologyId(tx)
        await saveNamed(() => lcCustomerStore(tx).insert(customerId, write))
        await journal(tx).append({
          action: 'lc-customer.created',
          object: objectOf(customerId, write.name),
          channelId: write.channelId,
          after: factsOf(write),
        })
        return see(tx, customerId)
      })
    },

    update: (principal: OperatorPrincipal, customerId: number, asked: CustomerAsked, ifMatch?: string) =>
      transact(principal, async (tx): Promise<SeenCustomer> => {
        const before = await lock(tx, customerId, ifMatch)
        const write = readCustomer(asked, before)
        const isMoved = write.channelId !== before.channelId
        if (isMoved) {
          requireMayMove(principal)
          await requireNoServices(tx, before)
        }
        if (isMoved && write.channelId !== null) await requireRoom(tx, write.channelId)
        const entries = entriesOf(before, write)
        if (entries.length === 0) return see(tx, customerId)
        await saveNamed(() => lcCustomerStore(tx).update(customerId, write))
        await journal(tx).append(entries)
        return see(tx, customerId)
      }),

    /** The documented "verify": with nothing asked a read, else a change, which needs the permission for it. */
    async verify(principal: OperatorPrincipal, customerId: number, asked: CustomerAsked, ifMatch?: string) {
      if (Object.keys(asked).length === 0) return this.get(principal, customerId)
      requirePermission(principal, 'services.write')
      return this.update(principal, customerId, asked, ifMatch)
    },

    delete: (principal: OperatorPrincipal, customerId: number, ifMatch?: string): Promise<void> =>
      transact(principal, async (tx) => {
        const customer = await lock(tx, customerId, ifMatch)
        await unlessInUse(customer.name, () => lcCustomerStore(tx).delete(customerId))
        await journal(tx).append({
          action: 'lc-customer.deleted',
          object: objectOf(customerId, customer.name),
          channelId: customer.channelId,
          before: factsOf(customer),
          after: null,
        })
      }),
  }
}

/** Services hang on it: the database keeps it then. */
async function unlessInUse(name: string, remove: () => Promise<void>): Promise<void> {
  try {
    await remove()
  } catch (error) {
    if ((error as { code?: string }).code !== '23503') throw error
    const detail = `Services hang on ${name}: hang them on another LC customer, or delete them first.`
    throw new AppError({ code: 'lc-customer-in-use', status: 409, detail, cause: error })
  }
}

const NOTHING: Omit<CustomerWrite, 'channelId'> = {
  name: '',
  fullName: null,
  description: '',
  msTenantId: null,
  contacts: NO_CONTACTS,
}

function readCustomer(asked: CustomerAsked, before: CustomerWrite): CustomerWrite {
  const errors: FieldError[] = []
  const write: CustomerWrite = {
    name: before.name,
    description: before.description,
    msTenantId: before.msTenantId,
    contacts: before.contacts,
    fullName: asked.fullName === undefined ? before.fullName : asked.fullName?.trim() || null,
    channelId: asked.channelId === undefined ? before.channelId : asked.channelId,
    ...readFacts(asked, errors),
    ...(asked.logo !== undefined && { logo: readLogo(asked.logo, errors) }),
  }
  if (errors.length > 0) throw badRequest(errors)
  return write
}

/**
 * Takes a customer along with the lead of its service; the caller holds it locked. A channel that is full is said by
 * `roomFor` before anything is written.
 */
export async function moveLcCustomer(tx: Tx, customer: LcCustomer, channelId: number | null): Promise<void> {
  const write = { ...customer, channelId }
  await lcCustomerStore(tx).update(customer.customerId, write)
  await journal(tx).append(entriesOf(customer, write))
}

/** Whether so many more customers have room in a channel; locks it until the transaction ends. */
export async function roomFor(tx: Tx, channelId: number, more: number): Promise<ReturnType<typeof mayTakeCustomer>> {
  const channel = await channelStore(tx).lock(channelId)
  if (!channel) return { ok: false, code: 'not-found', reason: 'There is no such channel.' }
  return mayTakeCustomer(channel, (await lcCustomerStore(tx).count(channelId)) + more - 1)
}

/** Holds the channel until the customer is in it, so that no more get in than may. */
async function requireRoom(tx: Tx, channelId: number): Promise<void> {
  const channel = await channelStore(tx).lock(channelId)
  if (!channel) throw badRequest([{ pointer: '/body/channelId', detail: 'There is no such channel.' }])
  const verdict = mayTakeCustomer(channel, await lcCustomerStore(tx).count(channelId))
  if (!verdict.ok) throw refusal(verdict)
}

/** Whoever is bound to a channel knows of no other. */
function requireOwnChannel(principal: OperatorPrincipal, channelId: number | null): void {
  if (principal.channelId !== null && principal.channelId !== channelId) throw ownChannelOnly()
}

function ownChannelOnly(): AppError {
  return badRequest([
    { pointer: '/body/channelId', detail: 'Leave it out: your customers belong to your own channel.' },
  ])
}

function requireMayMove(principal: OperatorPrincipal): void {
  if (principal.channelId !== null) throw ownChannelOnly()
  requirePermission(principal, 'channels.manage')
}

function requirePermission(principal: OperatorPrincipal, permission: Permission): void {
  if (principal.permissions.has(permission)) return
  throw new AppError({
    code: 'permission-missing',
    status: 403,
    detail: `This needs the permission ${permission}, which ${principal.name} does not have. Ask an administrator for it.`,
  })
}

/** A move is told twice, once to each side, so that neither learns of the other. */
function entriesOf(before: LcCustomer, write: CustomerWrite): JournalEntry[] {
  const object = objectOf(before.customerId, write.name)
  const { channelId: from, ...was } = factsOf(before)
  const { channelId: to, ...is } = factsOf(write)
  const entries: JournalEntry[] = []
  if (from !== to && before.channelId !== null) {
    const { channelId } = before
    entries.push({ action: 'lc-customer.channel-removed', object, channelId, before: { channelId }, after: null })
  }
  if (from !== to && write.channelId !== null) {
    const { channelId } = write
    entries.push({ action: 'lc-customer.channel-assigned', object, channelId, before: null, after: { channelId } })
  }
  const difference = differenceOf(was, is)
  if (difference) entries.push({ action: 'lc-customer.changed', object, channelId: write.channelId, ...difference })
  return entries
}

function factsOf(customer: CustomerWrite): Record<string, unknown> {
  const { name, fullName, description, msTenantId, contacts, channelId, logo } = customer
  const image = logo === undefined ? {} : { logo: logo === null ? null : `${logo.type}, ${logo.bytes.length} bytes` }
  return { name, fullName, description, msTenantId, contacts, channelId, ...image }
}

function objectOf(customerId: number, name: string) {
  return { type: 'lc-customer', id: String(customerId), name }
}
