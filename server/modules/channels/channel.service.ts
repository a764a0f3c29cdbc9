import type { TopologyContacts } from '../../../contract/channels.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError, badRequest, type FieldError, notFound } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { demandMatch } from '../../platform/http/index.ts'
import { type ClientService, countChannelClients } from '../access/index.ts'
import { journal } from '../audit/index.ts'
import { countChannelPeople, removeChannelPeople } from '../people/index.ts'
import { type Channel, type Holdings, mayDelete, NO_CONTACTS, readFacts, tagOf, type Verdict } from './channel.rules.ts'
import { type ChannelWrite, channelStore } from './channel.store.ts'
import type { ChannelLeads } from './channel-leads.ts'
import { lcCustomerStore } from './lc-customer.store.ts'
import { logoText, readLogo } from './logo.rules.ts'
import { takeTopologyId } from './topology-id.store.ts'

/** What is asked of a channel; `ifMatch` as the header came. */
export type ChannelAsked = {
  name?: string
  description?: string
  msTenantId?: string | null
  contacts?: Partial<TopologyContacts>
  logo?: string | null
  maxCustomers?: number
  operatorConnectEnabled?: boolean
}

/** A channel with what belongs to it. */
export type SeenChannel = { channel: Channel; holds: Holdings }
export type SeenChannelDetail = SeenChannel & { logo: string | null }

export type ChannelServiceOptions = {
  transact: Transact
  clock: Clock
  leads: ChannelLeads
  clients: Pick<ClientService, 'revokeOfChannel' | 'forget'>
}

export type ChannelService = ReturnType<typeof createChannelService>

/** Leads and customers that a refused deletion names. */
const NAMED_MAX = 100

/** Channels of an operator: made, changed, deleted; each change in the journal. */
export function createChannelService({ transact, clock, leads, clients }: ChannelServiceOptions) {
  async function holdingsOf(tx: Tx): Promise<(channelId: number) => Holdings> {
    const leadCounts = await leads.counts(tx)
    const customers = await lcCustomerStore(tx).countByChannel()
    const people = await countChannelPeople(tx)
    const clientCounts = await countChannelClients(tx)
    return (id) => ({
      leads: leadCounts.get(id) ?? 0,
      customers: customers.get(id) ?? 0,
      people: people.get(id) ?? 0,
      clients: clientCounts.get(id) ?? 0,
    })
  }

  async function see(tx: Tx, channelId: number): Promise<SeenChannelDetail> {
    const channel = await channelStore(tx).find(channelId)
    if (!channel) throw notFound('The channel')
    const holds = (await holdingsOf(tx))(channelId)
    return { channel, holds, logo: channel.hasLogo ? logoText(await channelStore(tx).logoOf(channelId)) : null }
  }

  async function lock(tx: Tx, channelId: number, ifMatch: string | undefined): Promise<Channel> {
    await leads.lock(tx)
    const channel = await channelStore(tx).lock(channelId)
    if (!channel) throw notFound('The channel')
    demandMatch(ifMatch, tagOf('channel', channelId, channel.version))
    return channel
  }

  /** What keeps it from being deleted, by name. */
  async function contentOf(tx: Tx, channelId: number): Promise<FieldError[]> {
    const named = await leads.some(tx, channelId, NAMED_MAX)
    const customers = (await lcCustomerStore(tx).list(channelId)).slice(0, NAMED_MAX - named.length)
    return [
      ...named.map(({ id, name }) => ({ pointer: `/leads/${id}`, detail: name })),
      ...customers.map(({ customerId, name }) => ({ pointer: `/lc-customers/${customerId}`, detail: name })),
    ]
  }

  return {
    list: (principal: OperatorPrincipal): Promise<SeenChannel[]> =>
      transact(principal, async (tx) => {
        const channels = await channelStore(tx).list()
        const holds = await holdingsOf(tx)
        return channels.map((channel) => ({ channel, holds: holds(channel.channelId) }))
      }),

    get: (principal: OperatorPrincipal, channelId: number): Promise<SeenChannelDetail> =>
      transact(principal, (tx) => see(tx, channelId)),

    /** Licensed leads of each channel. */
    serviceCounts: (principal: OperatorPrincipal) => transact(principal, (tx) => leads.serviceCounts(tx)),

    create: (principal: OperatorPrincipal, asked: ChannelAsked & { name: string }): Promise<SeenChannelDetail> => {
      const write = readChannel(asked, NOTHING)
      return transact(principal, async (tx) => {
        const channelId = await takeTopologyId(tx)
        await saveNamed(() => channelStore(tx).insert(channelId, write))
        await journal(tx).append({
          action: 'channel.created',
          object: { type: 'channel', id: String(channelId), name: write.name },
          channelId,
          after: factsOf(write),
        })
        return see(tx, channelId)
      })
    },

    update: (principal: OperatorPrincipal, channelId: number, asked: ChannelAsked, ifMatch?: string) =>
      transact(principal, async (tx): Promise<SeenChannelDetail> => {
        const before = await lock(tx, channelId, ifMatch)
        const write = readChannel(asked, before)
        const difference = differenceOf(factsOf(before), factsOf(write))
        if (difference === null) return see(tx, channelId)
        await saveNamed(() => channelStore(tx).update(channelId, write))
        await leads.noteChanged(tx, channelId)
        await journal(tx).append({ action: 'channel.changed', object: objectOf(before), channelId, ...difference })
        return see(tx, channelId)
      }),

    async delete(principal: OperatorPrincipal, channelId: number, ifMatch?: string): Promise<void> {
      const revoked = await transact(principal, async (tx) => {
        const channel = await lock(tx, channelId, ifMatch)
        const customers = await lcCustomerStore(tx).count(channelId)
        const verdict = mayDelete(channel, { leads: (await leads.counts(tx)).get(channelId) ?? 0, customers })
        if (!verdict.ok) throw refusal(verdict, await contentOf(tx, channelId))
        await removeChannelPeople(tx, channelId, clock.now())
        const ended = await clients.revokeOfChannel(tx, channelId)
        await channelStore(tx).markDeleted(channelId)
        await journal(tx).append({
          action: 'channel.deleted',
          object: objectOf(channel),
          channelId,
          before: factsOf(channel),
          after: null,
        })
        return ended
      })
      clients.forget(revoked)
    },
  }
}

const NOTHING: ChannelWrite = {
  name: '',
  description: '',
  msTenantId: null,
  contacts: NO_CONTACTS,
  maxCustomers: 0,
  operatorConnectEnabled: true,
}

function readChannel(asked: ChannelAsked, before: ChannelWrite): ChannelWrite {
  const errors: FieldError[] = []
  const write: ChannelWrite = {
    name: before.name,
    description: before.description,
    msTenantId: before.msTenantId,
    contacts: before.contacts,
    maxCustomers: asked.maxCustomers ?? before.maxCustomers,
    operatorConnectEnabled: asked.operatorConnectEnabled ?? before.operatorConnectEnabled,
    ...readFacts(asked, errors),
    ...(asked.logo !== undefined && { logo: readLogo(asked.logo, errors) }),
  }
  if (errors.length > 0) throw badRequest(errors)
  return write
}

/** What the journal says of it; of a logo only that there is another one. */
function factsOf(channel: ChannelWrite): Record<string, unknown> {
  const { name, description, msTenantId, contacts, maxCustomers, operatorConnectEnabled, logo } = channel
  const image = logo === undefined ? {} : { logo: logo === null ? null : `${logo.type}, ${logo.bytes.length} bytes` }
  return { name, description, msTenantId, contacts, maxCustomers, operatorConnectEnabled, ...image }
}

/** The facts that differ, before and after; null: none. */
export function differenceOf(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): { before: Record<string, unknown>; after: Record<string, unknown> } | null {
  const changed = Object.keys(after).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
  if (changed.length === 0) return null
  const only = (facts: Record<string, unknown>) => Object.fromEntries(changed.map((key) => [key, facts[key] ?? null]))
  return { before: only(before), after: only(after) }
}

function objectOf({ channelId, name }: Channel) {
  return { type: 'channel', id: String(channelId), name }
}

/** Says in words that a name is taken. */
export async function saveNamed(save: () => Promise<void>): Promise<void> {
  try {
    await save()
  } catch (error) {
    const { constraint } = error as { constraint?: string }
    if (constraint !== 'channel_name' && constraint !== 'lc_customer_name') throw error
    throw new AppError({
      code: 'name-taken',
      status: 409,
      detail: `Another ${constraint === 'channel_name' ? 'channel' : 'customer of the channel'} has this name: choose another.`,
      cause: error,
    })
  }
}

export function refusal(verdict: Exclude<Verdict, { ok: true }>, errors?: FieldError[]): AppError {
  const { code, reason } = verdict
  return new AppError({ code, status: 409, detail: reason, ...(errors && { errors }) })
}
