import type { LeadStatus, LeadStatusItem, StatusParty } from '../../../contract/lead-status.ts'
import type { DeskLeadDetail } from '../../../contract/leads.ts'
import { foldStatus } from './lead.rules.ts'
import type { PastChange } from './lead-affected.rules.ts'

/** What the journal knows of a lead, the newest first; of a channel, what it may read. */
export type LeadPast = {
  changes: readonly PastChange[]
  /** When it came to the channel it is in. */
  assignedAt: string | null
}

export type StatusFacts = LeadPast & {
  isWholeOperator: boolean
  /** From consent to Active, as measured here; null: too few to say. */
  activation: { medianSeconds: number; leads: number } | null
}

type Usual = NonNullable<LeadStatusItem['usual']>

const SYNCED = 'Microsoft, as last synced'
const TEAMS = 'Teams admin center (Voice, Operators)'

/** A thing of the time line; what is left out is not known, or not needed. */
export function statusItem(
  item: Pick<LeadStatusItem, 'code' | 'system' | 'state' | 'title' | 'source'> &
    Partial<Pick<LeadStatusItem, 'cause' | 'at' | 'usual' | 'next' | 'about'>>,
): LeadStatusItem {
  return { cause: null, at: null, usual: null, next: null, about: null, ...item }
}

export function measured(seconds: number, of: string): Usual {
  return { text: `${durationText(seconds)}: the median of ${of}`, seconds: Math.round(seconds), basis: 'measured' }
}

export function bySetting(seconds: number, text: string): Usual {
  return { text: `${text} every ${intervalText(seconds)}`, seconds, basis: 'setting' }
}

/** What the leads module knows by itself, from the consent to the license. */
export function itemsOfLead(lead: DeskLeadDetail, facts: StatusFacts): LeadStatusItem[] {
  const isOver = foldStatus(lead.status) === 'removed'
  return [
    consentItem(lead),
    microsoftItem(lead, facts),
    ...(lead.missingSince === null ? [] : [missingItem(lead.missingSince)]),
    ...(isOver ? [] : [...countryItems(lead), relationshipItem(lead)]),
    ...channelItems(lead, facts),
    ...(isOver && lead.addresses.count === null ? [] : [addressItem(lead)]),
    ...(isOver && lead.license === null ? [] : [licenseItem(lead)]),
  ]
}

/** Why it is not there yet: the first thing that somebody has to look at, else what is waited for. */
export function summaryOf(items: readonly LeadStatusItem[]): LeadStatus['summary'] {
  const first = (...states: LeadStatusItem['state'][]) => items.find(({ state }) => states.includes(state))
  const reason = first('failed', 'attention') ?? first('waiting') ?? first('running')
  if (reason) {
    const { state, title, next, code } = reason
    return { state, text: next ? `${title}. ${next.text}` : `${title}.`, code }
  }
  const open = items.findLast(({ state, system }) => state === 'open' && system === 'leadline')
  if (open) return { state: 'open', text: `Nothing is in the way. ${open.title}.`, code: open.code }
  return { state: 'done', text: 'Everything that Leadline knows of is done.', code: null }
}

function consentItem(lead: DeskLeadDetail): LeadStatusItem {
  const at = instantOf(lead.consentedOn)
  if (lead.isDirectLead) {
    const title = 'The lead was made without a consent'
    return statusItem({ code: 'made-direct', system: 'operator', state: 'done', title, at, source: SYNCED })
  }
  const title = 'The customer consented'
  return statusItem({ code: 'customer-consented', system: 'customer', state: 'done', title, at, source: SYNCED })
}

function microsoftItem(lead: DeskLeadDetail, { changes, activation }: StatusFacts): LeadStatusItem {
  const wanted = foldStatus(lead.status)
  const change = changes.find(({ after }) => typeof after.status === 'string' && foldStatus(after.status) === wanted)
  const item = change
    ? { system: 'microsoft', at: change.at, source: 'The journal: when Leadline heard of it' }
    : { system: 'microsoft', at: null, source: `${SYNCED}; it was so before Leadline knew the lead` }
  switch (wanted) {
    case 'active':
      return statusItem({ ...item, code: 'microsoft-active', state: 'done', title: 'Microsoft has activated the lead' })
    case 'notactive':
      return notActiveItem(lead, activation)
    case 'suspended':
      return statusItem({
        ...item,
        code: 'microsoft-suspended',
        state: 'attention',
        title: 'Microsoft has suspended the lead',
        cause: 'The customer suspended its operator, or Microsoft did. Microsoft does not say which.',
        next: { by: 'customer', text: `Ask the customer, who can lift it in ${TEAMS}.` },
      })
    case 'removed':
      return statusItem({
        ...item,
        code: 'microsoft-removed',
        state: 'attention',
        title: 'The relation has ended',
        cause: 'The customer removed its operator, or Microsoft did.',
        next: { by: 'customer', text: `To come back, the customer consents anew in ${TEAMS}.` },
      })
    default:
      return statusItem({
        ...item,
        code: 'microsoft-unknown',
        state: 'attention',
        title: `Microsoft says ${lead.status}, which Leadline does not know yet`,
      })
  }
}

function notActiveItem(lead: DeskLeadDetail, activation: StatusFacts['activation']): LeadStatusItem {
  const item = { system: 'microsoft', state: 'waiting', at: instantOf(lead.consentedOn), source: SYNCED } as const
  const usual =
    activation === null
      ? { text: 'Not known: Microsoft documents no time', seconds: null, basis: 'documented' as const }
      : measured(activation.medianSeconds, `${activation.leads} leads that turned Active here`)
  if (!lead.isDirectLead && lead.countries.length === 0) {
    return statusItem({
      ...item,
      code: 'microsoft-no-countries',
      title: 'The customer has not chosen a country yet',
      cause: 'Its consent names no country, and Microsoft has not activated it.',
      usual,
      next: { by: 'customer', text: `The customer chooses countries in ${TEAMS}.` },
    })
  }
  return statusItem({
    ...item,
    code: 'microsoft-not-active',
    title: 'Microsoft has not activated the lead yet',
    cause: 'Microsoft gives no reason.',
    usual,
    next: { by: 'microsoft', text: 'It turns Active by itself.' },
  })
}

function missingItem(missingSince: string): LeadStatusItem {
  return statusItem({
    code: 'microsoft-missing',
    system: 'microsoft',
    state: 'attention',
    title: "The lead is not in Microsoft's latest listing",
    cause: 'It may have been removed; one listing is not believed.',
    at: missingSince,
    source: 'The last sync of leads',
    next: { by: 'leadline', text: 'Microsoft is asked for this very lead with the next sync.' },
  })
}

function countryItems(lead: DeskLeadDetail): LeadStatusItem[] {
  if (lead.countries.length > 0) {
    const title = `The customer consents to ${lead.countries.join(', ')}`
    return [statusItem({ code: 'countries', system: 'customer', state: 'done', title, source: SYNCED })]
  }
  // Told with the status already.
  if (!lead.isDirectLead && foldStatus(lead.status) === 'notactive') return []
  return [
    statusItem({
      code: 'no-countries',
      system: 'customer',
      state: lead.isDirectLead ? 'open' : 'waiting',
      title: 'The customer consents to no country',
      cause: 'Numbers can be uploaded for a country once the customer consents to it.',
      source: SYNCED,
      next: { by: 'customer', text: `The customer chooses countries in ${TEAMS}.` },
    }),
  ]
}

/** The contract comes before numbers are uploaded. Source: microsoft.md A.4. */
function relationshipItem({ relationship }: DeskLeadDetail): LeadStatusItem {
  const at = relationship?.lastModifiedOn ? instantOf(relationship.lastModifiedOn) : null
  const item = { system: 'operator', at, source: 'The relationship at Microsoft, as last synced' }
  const status = relationship?.status ?? null
  if (status === 'AgreementSigned') {
    return statusItem({ ...item, code: 'agreement-signed', state: 'done', title: 'The agreement is signed' })
  }
  if (status === 'ConsentDeclined' || status === 'ContractTerminated') {
    const title = status === 'ConsentDeclined' ? 'You declined this customer' : 'You ended the contract'
    const cause = relationship?.comment || null
    const next = { by: 'operator' as const, text: 'Change the relationship if that is over.' }
    return statusItem({ ...item, code: 'relationship-ended', state: 'attention', title, cause, next })
  }
  return statusItem({
    ...item,
    code: 'agreement-open',
    state: 'waiting',
    title: 'Microsoft has not been told of a signed agreement',
    cause: status === null ? 'The relationship is not set.' : `The relationship is ${status}.`,
    next: { by: 'operator', text: 'Set the relationship to Agreement signed: that comes before numbers are uploaded.' },
  })
}

function channelItems({ channel }: DeskLeadDetail, { isWholeOperator, assignedAt }: StatusFacts): LeadStatusItem[] {
  const item = { system: 'leadline', source: 'Leadline' }
  if (channel) {
    const title = `It belongs to ${channel.name}`
    return [statusItem({ ...item, code: 'channel-assigned', state: 'done', title, at: assignedAt })]
  }
  if (!isWholeOperator) return []
  const title = 'It belongs to no channel: the carrier looks after it'
  return [statusItem({ ...item, code: 'no-channel', state: 'done', title })]
}

function addressItem({ addresses }: DeskLeadDetail): LeadStatusItem {
  const { count, askedAt, failure } = addresses
  const item = { system: 'microsoft', at: askedAt, source: 'Microsoft, when it was last asked for addresses' }
  if (failure !== null) {
    const title =
      count === null ? 'The emergency addresses could not be fetched' : 'The emergency addresses may be out of date'
    const next = { by: 'leadline' as StatusParty, text: 'Microsoft is asked again by itself.' }
    return statusItem({ ...item, code: 'addresses-failed', state: 'failed', title, cause: failure, next })
  }
  if (count === null) {
    return statusItem({
      ...item,
      code: 'addresses-not-asked',
      state: 'open',
      title: 'Microsoft has not been asked for the emergency addresses yet',
      source: 'Leadline',
      next: { by: 'leadline', text: 'They are fetched by themselves while the lead is Active.' },
    })
  }
  const title = count === 0 ? 'The customer keeps no emergency address' : `Emergency addresses: ${count}`
  return statusItem({ ...item, code: 'addresses', state: 'done', title })
}

function licenseItem({ license, processing }: DeskLeadDetail): LeadStatusItem {
  const item = { system: 'leadline', source: 'Leadline' }
  if (license === null) {
    const title = 'It has no license yet'
    return statusItem({ ...item, code: 'no-license', state: 'open', title })
  }
  if (processing === 'Failed') {
    const title = `The last change of ${license} failed`
    return statusItem({ ...item, code: 'license-failed', state: 'failed', title })
  }
  if (processing === 'Updating') {
    return statusItem({ ...item, code: 'license-updating', state: 'running', title: `${license} is being changed` })
  }
  return statusItem({ ...item, code: 'licensed', state: 'done', title: `It has ${license}` })
}

/** In the largest unit that says enough: `90 seconds`, `3 hours`, `2 days`. */
export function durationText(seconds: number): string {
  const units: [name: string, seconds: number][] = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ]
  for (const [name, size] of units) if (seconds >= 2 * size || seconds === size) return counted(seconds / size, name)
  return seconds < 1 ? 'less than a second' : counted(seconds, 'second')
}

/** After "every": `day`, `2 hours`. */
export function intervalText(seconds: number): string {
  return durationText(seconds).replace(/^1 /, '')
}

/** The middle of durations, of which there is at least one. */
export function medianOf(seconds: readonly number[]): number {
  const sorted = seconds.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low = 0, high = 0] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]]
  return (low + high) / 2
}

function counted(amount: number, unit: string): string {
  const rounded = Math.round(amount)
  return rounded === 1 ? `1 ${unit}` : `${rounded} ${unit}s`
}

function instantOf(text: string): string | null {
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : new Date(at).toISOString()
}
