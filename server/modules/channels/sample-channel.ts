import type { Tx } from '../../platform/db/transaction.ts'
import { journal } from '../audit/index.ts'
import { NO_CONTACTS } from './channel.rules.ts'
import { channelStore } from './channel.store.ts'
import { lcCustomerStore } from './lc-customer.store.ts'
import { channelWithIdExists, takeTopologyId } from './topology-id.store.ts'

export type SampleChannel = {
  channelId: number
  name: string
  description: string
  msTenantId: string
  email: string
  phone: string
  customer: { name: string; fullName: string; msTenantId: string }
}

/** A channel with an id that is known beforehand, and its customer: sandbox fixtures. Once: deleted, it does not come back. */
export async function ensureSampleChannel(tx: Tx, sample: SampleChannel): Promise<void> {
  const { channelId, name, description, msTenantId, email, phone, customer } = sample
  if (await channelWithIdExists(tx, channelId)) return
  const contacts = { ...NO_CONTACTS, email, phone }
  const facts = { name, description, msTenantId, contacts, maxCustomers: 0, operatorConnectEnabled: true }
  await channelStore(tx).insert(channelId, facts)
  const customerId = await takeTopologyId(tx)
  const customerFacts = { ...customer, description: '', contacts: NO_CONTACTS, channelId }
  await lcCustomerStore(tx).insert(customerId, customerFacts)
  await journal(tx).append([
    { action: 'channel.created', object: { type: 'channel', id: String(channelId), name }, channelId, after: facts },
    {
      action: 'lc-customer.created',
      object: { type: 'lc-customer', id: String(customerId), name: customer.name },
      channelId,
      after: customerFacts,
    },
  ])
}
