import type { TFunction } from 'i18next'
import { dayAndTimeText, instantOf } from '../../ui/dates.ts'
import type { HistoryTopic } from './lead-history-fields.ts'

type Fields = Record<string, unknown>

/** Who sees to a lead until when, as its history tells it. What a channel may not read is not there. */
export function tellDuty(
  action: 'lead.owner-changed' | 'lead.channel-owner-lost' | 'lead.due-changed' | 'lead.overdue',
  before: Fields,
  after: Fields,
  who: string,
  t: TFunction,
): { sentences: string[]; topics: HistoryTopic[] } {
  const topics: HistoryTopic[] = ['owner']
  if (action === 'lead.overdue') {
    return { sentences: [t('leadDuty.history.overdue', { when: whenOf(after.dueAt, t) })], topics }
  }
  if (action === 'lead.due-changed') {
    const words = { who, from: whenOf(before.dueAt, t), to: whenOf(after.dueAt, t) }
    return { sentences: [t('leadDuty.history.due', words)], topics }
  }
  if (!('owner' in after)) return { sentences: [t('leadDuty.history.ownerOther', { who })], topics }
  const [from, to] = [nameOf(before.owner, t), nameOf(after.owner, t)]
  const isLost = action === 'lead.channel-owner-lost'
  return { sentences: [t(isLost ? 'leadDuty.history.left' : 'leadDuty.history.owner', { who, from, to })], topics }
}

function nameOf(name: unknown, t: TFunction): string {
  return typeof name === 'string' ? name : t('leadDuty.nobody')
}

function whenOf(instant: unknown, t: TFunction): string {
  const at = typeof instant === 'string' ? instantOf(instant) : null
  return at ? dayAndTimeText(at) : t('leadDuty.history.noDue')
}
