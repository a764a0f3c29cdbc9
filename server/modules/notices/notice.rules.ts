import type { EventPayload } from '../../../contract/events.ts'
import { NOTICE_LEADS_MAX, type NoticeEvent, noticeSpec, noticeSpecs } from '../../../contract/notices.ts'
import { isGuid } from '../../kernel/ids.ts'

/** An event as the outbox gives it; `payload` is parsed. */
export type ToldEvent = {
  eventId: string
  name: string
  operatorId: number
  channelId: number | null
  actor: string | null
  payload: unknown
  at: Date
}

/** What a batch of events adds to the notices: to one that is there, or as a new one. */
export type NoticeAddition = {
  operatorId: number
  channelId: number | null
  name: NoticeEvent
  groupKey: string
  reader: string | null
  actor: string | null
  count: number
  leadIds: string[]
  details: Record<string, unknown>
  firstAt: Date
  lastAt: Date
}

/** What of a payload a notice keeps: nothing that is in the leads anyway, and never a contact. */
const KEPT: { [N in NoticeEvent]: readonly (keyof EventPayload<N> & string)[] } = {
  'lead.created': [],
  'lead.countries-changed': ['added', 'removed'],
  'lead.suspended': [],
  'lead.removed': [],
  'lead.merged': [],
  'lead.commented': [],
  'lead.wanted-by-channel': ['tenantId', 'companyName', 'channelId', 'askedBy'],
  'lead.channel-assigned': [],
  'lead.channel-removed': [],
  'lead.owner-changed': ['reason'],
  'lead.overdue': ['dueAt'],
  'lead.mail-failed': ['subject', 'state'],
  'task.finished': ['taskId', 'kind', 'title', 'state', 'items'],
  'sync.failed': ['runId', 'job', 'code', 'message', 'remedy'],
  'sync.recovered': ['runId', 'job'],
  'sync.listing-shrank': ['known', 'missing', 'runId'],
  'connection.secret-expiring': ['on', 'daysLeft', 'state'],
  'webhook.paused': ['webhookId', 'name', 'reason', 'lastError'],
  'webhook.failing': ['webhookId', 'name', 'lastError'],
  'webhook.recovered': ['webhookId', 'name'],
  'webhook.event-dead': ['webhookId', 'name', 'count', 'lastError'],
  'sbc.unreachable': ['sbcId', 'name', 'code', 'detail', 'remedy'],
  'sbc.recovered': ['sbcId', 'name'],
  'sbc.changed-by-hand': ['sbcId', 'name', 'count'],
  'service.created': ['serviceId', 'fullName'],
  'service.deleted': ['fullName'],
  'service.needs-decision': ['serviceId', 'fullName', 'status'],
  'license.threshold': ['kind', 'state', 'size', 'used'],
}

/**
 * Folds events, in their order, into what is to be told: those of one kind, channel and hour into one. Ten thousand new leads
 * are a handful of additions. Events that nobody is told of fall out.
 */
export function noticesOf(events: readonly ToldEvent[]): NoticeAddition[] {
  const groups = new Map<string, NoticeAddition>()
  for (const event of events) {
    const addition = additionOf(event)
    if (!addition) continue
    const key = `${addition.operatorId}/${addition.groupKey}`
    const known = groups.get(key)
    // Taken out and put back, so that what was told last stands last.
    groups.delete(key)
    groups.set(key, known ? joined(known, addition) : addition)
  }
  return [...groups.values()]
}

function additionOf({ eventId, name, operatorId, channelId, actor, payload, at }: ToldEvent): NoticeAddition | null {
  if (!isNoticeEvent(name)) return null
  const { tells, isGathered } = noticeSpec(name)
  const facts = (payload ?? {}) as Record<string, unknown>
  const reader = tells === 'starter' ? starterOf(actor) : tells.startsWith('owner') ? ownerOf(facts) : null
  // Nobody in particular is meant; whose owner has left waits for whoever takes it.
  const isAnybodys = tells === 'owner-or-left' && facts.reason === 'left'
  if (reader === null && (tells === 'starter' || (tells === 'owner-or-left' && !isAnybodys))) return null
  return {
    ...{ operatorId, channelId, name },
    groupKey: isGathered ? [name, channelId ?? '', reader ?? '', at.toISOString().slice(0, 13)].join('/') : eventId,
    reader,
    // What one has started ends by itself, and is news.
    actor: tells === 'starter' ? null : actor,
    count: 1,
    leadIds: leadIdsOf(facts),
    details: Object.fromEntries(KEPT[name].flatMap((key) => (key in facts ? [[key, facts[key]]] : []))),
    ...{ firstAt: at, lastAt: at },
  }
}

/** A client of the API looks for itself. */
function starterOf(actor: string | null): string | null {
  return actor?.startsWith('person/') ? actor : null
}

function ownerOf({ ownerId }: Record<string, unknown>): string | null {
  return typeof ownerId === 'string' ? `person/${ownerId}` : null
}

function joined(before: NoticeAddition, next: NoticeAddition): NoticeAddition {
  return {
    ...next,
    actor: before.actor === next.actor ? next.actor : null,
    count: before.count + next.count,
    leadIds: [...new Set([...next.leadIds, ...before.leadIds])].slice(0, NOTICE_LEADS_MAX),
    firstAt: new Date(Math.min(before.firstAt.getTime(), next.firstAt.getTime())),
    lastAt: new Date(Math.max(before.lastAt.getTime(), next.lastAt.getTime())),
  }
}

function isNoticeEvent(name: string): name is NoticeEvent {
  return Object.hasOwn(noticeSpecs, name)
}

function leadIdsOf({ leadId, leadIds }: Record<string, unknown>): string[] {
  const named = [leadId, ...(Array.isArray(leadIds) ? leadIds : [])]
  return named.filter((id) => typeof id === 'string' && isGuid(id)).slice(0, NOTICE_LEADS_MAX) as string[]
}
