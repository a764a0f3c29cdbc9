import type { TFunction } from 'i18next'
import type { WireJournalEntry } from '../../api/journal.ts'
import { countryName } from '../../ui/countries.ts'
import { tellDuty } from './lead-history-duty.ts'
import { changedFields, type HistoryContext, type HistoryTopic, statusWord } from './lead-history-fields.ts'
import { relationshipWord } from './lead-relationship-words.ts'

export const historySources = ['people', 'microsoft', 'leadline'] as const
export type HistorySource = (typeof historySources)[number]

/** One step of a lead's history, in words. */
export type HistoryMoment = {
  id: string
  at: string
  source: HistorySource
  topics: HistoryTopic[]
  /** Whole sentences, one a change. */
  sentences: string[]
  /** What somebody wrote, as it was written. */
  quote: string | null
  /** What stood there before. */
  quoteBefore: string | null
  result: WireJournalEntry['result']
  detail: string | null
  action: string
  requestId: string | null
}

type Told = Pick<HistoryMoment, 'sentences' | 'topics'> &
  Partial<Pick<HistoryMoment, 'source' | 'quote' | 'quoteBefore'>>

/** The journal of one lead, newest first, as steps in words; both halves of a move between channels are one step. */
export function historyOf(entries: readonly WireJournalEntry[], context: HistoryContext): HistoryMoment[] {
  const moments: HistoryMoment[] = []
  for (let index = 0; index < entries.length; index += 1) {
    const entry = entries[index]
    if (!entry) continue
    const other = entries[index + 1]
    const isMove = other !== undefined && isOtherHalf(entry, other)
    if (isMove) index += 1
    moments.push(momentOf(entry, isMove ? other : null, context))
  }
  return moments
}

function momentOf(entry: WireJournalEntry, other: WireJournalEntry | null, context: HistoryContext): HistoryMoment {
  const { id, at, result, detail, action, requestId } = entry
  const told = tell(entry, other, context)
  return {
    id,
    at,
    source: sourceOf(entry),
    quote: null,
    quoteBefore: null,
    ...told,
    result,
    // Where Microsoft's changes came in by is said by their words.
    detail: detail?.startsWith('Microsoft, by') ? null : detail,
    action,
    requestId,
  }
}

function tell(entry: WireJournalEntry, other: WireJournalEntry | null, context: HistoryContext): Told {
  const { t } = context
  const who = whoOf(entry, t)
  const [before, after] = [fieldsOf(entry.before), fieldsOf(entry.after)]
  switch (entry.action) {
    case 'lead.created':
      return tellCreated(entry, after, context)
    case 'lead.changed':
    case 'lead.removed':
      return { ...changedFields(before, after, context), source: 'microsoft' }
    case 'lead.deleted':
      return { sentences: [t('leadDesk.history.deleted', { who })], topics: ['status'] }
    case 'lead.channel-assigned':
    case 'lead.channel-removed':
      return tellMove(entry, other, context)
    case 'lead.relationship-changed': {
      const words = { who, from: relationshipWord(t, before), to: relationshipWord(t, after) }
      const sentences = [t('leadDesk.history.relationship', words)]
      return { sentences, topics: ['relationship'], quote: textOf(after.comment) }
    }
    case 'lead.commented':
      return { sentences: [t('leadDesk.history.commented', { who })], topics: ['comments'], quote: commentOf(after) }
    case 'lead.comment-changed': {
      const quotes = { quote: commentOf(after), quoteBefore: commentOf(before) }
      return { sentences: [t('leadDesk.history.commentChanged', { who })], topics: ['comments'], ...quotes }
    }
    case 'lead.comment-deleted': {
      const sentences = [t('leadDesk.history.commentDeleted', { who })]
      return { sentences, topics: ['comments'], quoteBefore: commentOf(before) }
    }
    case 'lead.mailed':
    case 'lead.mail-retried':
    case 'lead.mail-failed':
      return tellMail(entry.action, after, context, who)
    case 'lead.owner-changed':
    case 'lead.channel-owner-lost':
    case 'lead.due-changed':
    case 'lead.overdue':
      return tellDuty(entry.action, before, after, who, t)
    case 'lead.archived':
    case 'lead.unarchived': {
      const key = entry.action === 'lead.archived' ? 'archived' : 'unarchived'
      return { sentences: [t(`leadDesk.history.${key}`, { who })], topics: ['other'] }
    }
    default: {
      const what = t(`journal.action.${entry.action as 'lead.changed'}`, { defaultValue: entry.action })
      const changed = changedFields(before, after, context)
      return { ...changed, sentences: [t('leadDesk.history.other', { who, what }), ...changed.sentences] }
    }
  }
}

function tellCreated(entry: WireJournalEntry, after: Record<string, unknown>, { t }: HistoryContext): Told {
  const who = whoOf(entry, t)
  if (entry.detail === 'Microsoft, by direct lead' && sourceOf(entry) === 'people') {
    return { sentences: [t('leadDesk.history.made', { who })], topics: ['status'] }
  }
  const status = statusWord(t, after.status)
  const codes = Array.isArray(after.consentedCountries) ? after.consentedCountries.map(String) : []
  const sentences = [t('leadDesk.history.came', { status })]
  if (codes.length > 0) sentences.push(t('leadDesk.history.cameFor', { countries: codes.map(countryName).join(', ') }))
  return { sentences, topics: ['status'], source: 'microsoft' }
}

function tellMail(
  action: 'lead.mailed' | 'lead.mail-retried' | 'lead.mail-failed',
  after: Record<string, unknown>,
  { t }: HistoryContext,
  who: string,
): Told {
  const to = Array.isArray(after.to) ? after.to.map(String).join(', ') : ''
  const quote = textOf(after.subject)
  if (action !== 'lead.mail-failed') {
    const key = action === 'lead.mailed' ? 'mailed' : 'mailRetried'
    return { sentences: [t(`leadDesk.history.${key}`, { who, to })], topics: ['mails'], quote }
  }
  const sentences = [
    t(after.state === 'bounced' ? 'leadDesk.history.mailBounced' : 'leadDesk.history.mailGivenUp', { to }),
  ]
  const said = textOf(after.said)
  return { sentences: said === null ? sentences : [...sentences, said], topics: ['mails'], quote }
}

function tellMove(entry: WireJournalEntry, other: WireJournalEntry | null, context: HistoryContext): Told {
  const { t, channels, isWholeOperator } = context
  const who = whoOf(entry, t)
  const halves = other === null ? [entry] : [entry, other]
  const nameOf = (action: string, side: 'before' | 'after') => {
    const half = halves.find((one) => one.action === action)
    const id = half && fieldsOf(half[side]).channelId
    if (typeof id !== 'number') return half ? t('leadDesk.history.anotherChannel') : null
    return channels.get(id) ?? t('channels.number', { id })
  }
  const [from, to] = [nameOf('lead.channel-removed', 'before'), nameOf('lead.channel-assigned', 'after')]
  const none = t('leadDesk.history.none')
  const sentence = isWholeOperator
    ? t('leadDesk.history.channel', { who, from: from ?? none, to: to ?? none })
    : to !== null
      ? t('leadDesk.history.given', { who, name: to })
      : t('leadDesk.history.taken', { who, name: from })
  return { sentences: [sentence], topics: ['channel'] }
}

/** A move between channels is written twice, once for each; together they are one step. */
function isOtherHalf(one: WireJournalEntry, other: WireJournalEntry): boolean {
  const actions = [one.action, other.action].sort().join()
  return (
    actions === 'lead.channel-assigned,lead.channel-removed' &&
    one.requestId === other.requestId &&
    one.actor.id === other.actor.id &&
    one.object.id === other.object.id
  )
}

/** Who did it; our own jobs only ever write down what Microsoft says. */
function sourceOf({ actor }: WireJournalEntry): HistorySource {
  return actor.kind === 'person' || actor.kind === 'client' ? 'people' : 'leadline'
}

function whoOf({ actor }: WireJournalEntry, t: TFunction): string {
  return t(`journal.by.${actor.kind as 'person'}`, { name: actor.name, defaultValue: actor.name })
}

function commentOf(side: Record<string, unknown>): string | null {
  return textOf(fieldsOf(side.comment).text)
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}
