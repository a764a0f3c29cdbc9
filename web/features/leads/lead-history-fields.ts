import type { TFunction } from 'i18next'
import { countryName } from '../../ui/countries.ts'
import { dayText, instantOf } from '../../ui/dates.ts'
import { relationshipWord } from './lead-relationship-words.ts'

export const historyTopics = [
  'status',
  'channel',
  'relationship',
  'comments',
  'mails',
  'customer',
  'service',
  'owner',
  'other',
] as const
export type HistoryTopic = (typeof historyTopics)[number]

export type HistoryContext = {
  t: TFunction
  /** Names of channels by number; those that are gone have none. */
  channels: ReadonlyMap<number, string>
  /** A channel's people learn nothing of other channels: of a move they see one half. */
  isWholeOperator: boolean
}

type Fields = Record<string, unknown>

const topicOf: Record<string, HistoryTopic> = {
  status: 'status',
  consentedOn: 'status',
  consentedCountries: 'customer',
  contactDetails: 'customer',
  contacts: 'customer',
  customerRelationship: 'relationship',
  license: 'service',
  processing: 'service',
  umpCustomerGuid: 'service',
  isNotActive: 'service',
  channelId: 'channel',
}

/** Microsoft writes it with every change: worth a word only when it comes alone. */
const NOISE = 'lastModifiedOn'

/** A sentence for each field that differs, and what they are about. Both sides hold the fields that changed. */
export function changedFields(
  before: Fields,
  after: Fields,
  context: HistoryContext,
): { sentences: string[]; topics: HistoryTopic[] } {
  const all = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const fields = all.length > 1 ? all.filter((field) => field !== NOISE) : all
  const sentences = fields.flatMap((field) => sentencesOn(field, before[field], after[field], context))
  const topics = [...new Set(fields.map((field) => topicOf[field] ?? 'other'))]
  return { sentences, topics: topics.length > 0 ? topics : ['other'] }
}

function sentencesOn(field: string, was: unknown, is: unknown, context: HistoryContext): string[] {
  const { t, channels } = context
  const plain = (name: string, from = valueText(was, context), to = valueText(is, context)) => [
    t('leadDesk.history.field', { name, from, to }),
  ]
  switch (field) {
    case NOISE:
      return [t('leadDesk.history.touched')]
    case 'status':
      return [t('leadDesk.history.status', { from: statusWord(t, was), to: statusWord(t, is) })]
    case 'consentedCountries':
      return countrySentences(codesOf(was), codesOf(is), context)
    case 'consentedOn':
      return [t('leadDesk.history.consentedAnew', { day: dayOf(is) })]
    case 'contactDetails':
      return contactSentences(asFields(was), asFields(is), context)
    case 'contacts':
      return [t('leadDesk.history.contacts', { from: lengthOf(was), to: lengthOf(is) })]
    case 'customerRelationship':
      return [
        t('leadDesk.history.relationshipThere', {
          from: relationshipWord(t, asFields(was)),
          to: relationshipWord(t, asFields(is)),
        }),
      ]
    case 'channelId': {
      const name = (id: unknown) =>
        typeof id === 'number' ? (channels.get(id) ?? t('channels.number', { id })) : t('leadDesk.history.none')
      return plain(t('lead.channelName'), name(was), name(is))
    }
    default:
      return plain(t(`leadDesk.history.name.${field as 'license'}`, { defaultValue: field }))
  }
}

/** Microsoft's word for a lead as the page has it. */
export function statusWord(t: TFunction, status: unknown): string {
  if (typeof status !== 'string') return t('leadDesk.history.none')
  return t(`lead.status.${status as 'Active'}`, { defaultValue: status })
}

function countrySentences(was: string[], is: string[], { t }: HistoryContext): string[] {
  const added = is.filter((code) => !was.includes(code)).map(countryName)
  const dropped = was.filter((code) => !is.includes(code)).map(countryName)
  return [
    ...(added.length > 0 ? [t('leadDesk.history.countriesAdded', { countries: added.join(', ') })] : []),
    ...(dropped.length > 0 ? [t('leadDesk.history.countriesDropped', { countries: dropped.join(', ') })] : []),
  ]
}

function contactSentences(was: Fields, is: Fields, context: HistoryContext): string[] {
  const parts = [...new Set([...Object.keys(was), ...Object.keys(is)])]
  return parts
    .filter((part) => JSON.stringify(was[part] ?? null) !== JSON.stringify(is[part] ?? null))
    .map((part) => {
      const name = context.t(`leadDesk.history.name.${part as 'license'}`, { defaultValue: part })
      const [from, to] = [valueText(was[part], context), valueText(is[part], context)]
      return context.t('leadDesk.history.field', { name, from, to })
    })
}

function valueText(value: unknown, { t }: HistoryContext): string {
  if (value === null || value === undefined || value === '') return t('leadDesk.history.none')
  if (typeof value === 'boolean') return t(value ? 'permissions.yes' : 'permissions.no')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function dayOf(value: unknown): string {
  const instant = typeof value === 'string' ? instantOf(value) : null
  return instant ? dayText(instant) : String(value)
}

const codesOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])
const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0)
const asFields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
