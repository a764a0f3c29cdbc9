import type { TopologyContacts } from '../../../contract/channels.ts'
import type { FieldError } from '../../kernel/errors.ts'
import { isGuid } from '../../kernel/ids.ts'

/** What a channel and an LC customer have alike. */
export type TopologyFacts = {
  name: string
  description: string
  msTenantId: string | null
  contacts: TopologyContacts
}

export type Channel = TopologyFacts & {
  channelId: number
  operatorId: number
  hasLogo: boolean
  /** 0: no limit. */
  maxCustomers: number
  operatorConnectEnabled: boolean
  accountId: string
  version: number
  createdAt: Date
  changedAt: Date
}

/** What belongs to a channel. */
export type Holdings = { leads: number; customers: number; people: number; clients: number }

/** An answer to "may this be done now?" that says why not. Source: design/architecture.md, names 3. */
export type Verdict = { ok: true } | { ok: false; code: string; reason: string }
const YES: Verdict = { ok: true }

export const NO_CONTACTS: TopologyContacts = {
  email: null,
  phone: null,
  secondaryEmail: null,
  secondaryPhone: null,
  generalInfo: null,
}

/** Leads and customers are work that must go somewhere; people and clients only lose their access. Source: rest-api.md H2. */
export function mayDelete(channel: Channel, { leads, customers }: Pick<Holdings, 'leads' | 'customers'>): Verdict {
  if (leads === 0 && customers === 0) return YES
  const parts = [counted(leads, 'lead'), counted(customers, 'customer')].filter((part) => part !== null)
  const reason = `${channel.name} has ${parts.join(' and ')}: move or delete them first.`
  return { ok: false, code: 'channel-not-empty', reason }
}

/** Only who may sell Operator Connect is given leads. Source: rest-api.md 2.4, `services.OC.enabled`. */
export function mayTakeLeads(channel: Pick<Channel, 'name' | 'operatorConnectEnabled'>): Verdict {
  if (channel.operatorConnectEnabled) return YES
  const reason = `${channel.name} does not sell Operator Connect: enable that for the channel first.`
  return { ok: false, code: 'channel-without-operator-connect', reason }
}

/** Whether one more customer fits; `customers` as it has now. */
export function mayTakeCustomer(channel: Pick<Channel, 'name' | 'maxCustomers'>, customers: number): Verdict {
  if (channel.maxCustomers === 0 || customers < channel.maxCustomers) return YES
  const reason = `${channel.name} may have ${counted(channel.maxCustomers, 'customer')} and has ${customers}: raise its number first.`
  return { ok: false, code: 'channel-full', reason }
}

function counted(count: number, what: string): string | null {
  return count === 0 ? null : `${count} ${what}${count === 1 ? '' : 's'}`
}

/** Fields of a channel or customer as a caller writes them. */
export type FactsAsked = {
  name?: string | undefined
  description?: string | undefined
  msTenantId?: string | null | undefined
  contacts?: Partial<TopologyContacts> | undefined
}

/** The given facts, cleaned; what cannot be used is added to `errors`. */
export function readFacts(asked: FactsAsked, errors: FieldError[]): Partial<TopologyFacts> {
  const facts: Partial<TopologyFacts> = {}
  if (asked.name !== undefined) facts.name = oneLine(asked.name)
  if (asked.description !== undefined)
    facts.description = asked.description.replaceAll('\u0000', '').toWellFormed().trim()
  if (asked.msTenantId !== undefined) facts.msTenantId = readTenantId(asked.msTenantId, errors)
  if (asked.contacts !== undefined) facts.contacts = readContacts(asked.contacts, errors)
  if (facts.name === '') errors.push({ pointer: '/body/name', detail: 'Is empty: give a name.' })
  return facts
}

const NOBODYS_TENANT = '00000000-0000-0000-0000-000000000000'

function readTenantId(text: string | null, errors: FieldError[]): string | null {
  const id = text?.trim().toLowerCase() ?? ''
  if (id === '') return null
  if (isGuid(id) && id !== NOBODYS_TENANT) return id
  const detail = 'Must be an Entra tenant id: a GUID such as f94238e5-4f2c-4e1b-8125-2d27122ca75f, without braces.'
  errors.push({ pointer: '/body/msTenantId', detail })
  return null
}

function readContacts(asked: Partial<TopologyContacts>, errors: FieldError[]): TopologyContacts {
  const contacts = { ...NO_CONTACTS }
  for (const field of Object.keys(NO_CONTACTS) as (keyof TopologyContacts)[]) {
    const text = oneLine(asked[field] ?? '')
    contacts[field] = text === '' ? null : text
  }
  for (const field of ['email', 'secondaryEmail'] as const) {
    const address = contacts[field]
    if (address === null || /^[^\s@]+@[^\s@]+$/.test(address)) continue
    errors.push({ pointer: `/body/contacts/${field}`, detail: 'Must be a mail address such as desk@example.com.' })
  }
  return contacts
}

function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
  const line = text.replace(/[\u0000-\u001f\u007f]+/g, ' ')
  return line.toWellFormed().trim()
}

/** A name as it is compared, and as a search for leads compares it: composed letters, lower case. */
export function foldName(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

/** The tag of one state of a channel or a customer. */
export function tagOf(kind: 'channel' | 'customer', id: number, version: number): string {
  return `${kind}.${id}.${version}`
}
