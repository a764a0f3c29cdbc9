import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { type EventName, eventSpec } from './events.ts'
import type { Permission } from './permissions.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const instant = (description: string) => Type.String({ format: 'date-time', description })

export const NOTICES_PAGE_SIZE_DEFAULT = 20
export const NOTICES_PAGE_SIZE_MAX = 100
/** Notices are kept for so long. */
export const NOTICES_KEPT_DAYS = 30
/** More unread ones than this are not counted. */
export const UNREAD_MAX = 100
/** Leads that a notice names. */
export const NOTICE_LEADS_MAX = 5

type NoticeSpec = {
  /**
   * `channel`: only its own people, the carrier has done it itself; `starter`: only who began it; `owner-…`: only who sees to the
   * lead; `owner-or-all`: everybody where nobody does; `owner-or-left`: everybody where nobody does because the owner has left.
   */
  tells: 'everybody' | 'channel' | 'starter' | 'owner-or-left' | 'owner-or-all'
  /** What happens within one hour, of one channel and to the same people, is one notice with a count. */
  isGathered: boolean
}

const gathered: NoticeSpec = { tells: 'everybody', isGathered: true }
const single: NoticeSpec = { tells: 'everybody', isGathered: false }

/**
 * The events that people are told of in the portal. What is missing here is Activity's: what people here did themselves, and
 * `lead.changed`, which comes with every touch of Microsoft's. Source: issue 6, 5.
 */
export const noticeSpecs = {
  'lead.created': gathered,
  'lead.countries-changed': gathered,
  'lead.suspended': gathered,
  'lead.removed': gathered,
  'lead.merged': gathered,
  'lead.commented': gathered,
  'lead.wanted-by-channel': single,
  'lead.channel-assigned': { tells: 'channel', isGathered: true },
  'lead.channel-removed': { tells: 'channel', isGathered: true },
  'lead.owner-changed': { tells: 'owner-or-left', isGathered: true },
  'lead.overdue': { tells: 'owner-or-all', isGathered: true },
  'lead.mail-failed': gathered,
  'task.finished': { tells: 'starter', isGathered: false },
  'sync.failed': single,
  'sync.recovered': single,
  'sync.listing-shrank': single,
  'connection.secret-expiring': single,
  'webhook.paused': single,
  'webhook.failing': single,
  'webhook.recovered': single,
  'webhook.event-dead': single,
  'sbc.unreachable': single,
  'sbc.recovered': single,
  'sbc.changed-by-hand': single,
  'service.created': gathered,
  'service.deleted': gathered,
  'service.needs-decision': single,
  'license.threshold': single,
} as const satisfies Partial<Record<EventName, NoticeSpec>>
export type NoticeEvent = keyof typeof noticeSpecs
export const noticeEvents = Object.keys(noticeSpecs) as NoticeEvent[]

export function noticeSpec(event: NoticeEvent): NoticeSpec {
  return noticeSpecs[event]
}

/** The events that somebody with these permissions is told of. */
export function noticesOpenTo({
  permissions,
  isChannel,
}: {
  permissions: ReadonlySet<Permission>
  isChannel: boolean
}) {
  return noticeEvents.filter((event) => {
    const { permission, operatorOnly } = eventSpec(event)
    if (permission === null || !permissions.has(permission) || (isChannel && operatorOnly)) return false
    return isChannel || noticeSpec(event).tells !== 'channel'
  })
}

export const notice = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    position: Type.Integer({
      description: 'Grows with what is new. A notice that gathers more gets a new one, and is unread again',
    }),
    event: Type.Enum(noticeEvents, { description: 'The event of the catalogue that it tells of' }),
    count: Type.Integer({ description: 'How many such events it gathers: those of one hour' }),
    leads: Type.Array(
      Type.Object({
        id: Type.String({ format: 'uuid' }),
        companyName: nullable(Type.String({ description: 'As it is now; null: not there any more, or not yours' })),
      }),
      { description: `The leads of the last of them, at most ${NOTICE_LEADS_MAX}, the newest first` },
    ),
    channel: nullable(
      Type.Object(
        { id: Type.Integer(), name: nullable(Type.String()) },
        { description: 'Whose lead or webhook it is' },
      ),
    ),
    details: Type.Record(Type.String(), Type.Unknown(), {
      description: 'Of the last event, its payload without the lead: see the catalogue of events',
    }),
    since: instant('When the first of them happened'),
    at: instant('When the last of them happened'),
    read: Type.Boolean({ description: 'Read by who asks, or his own doing' }),
  },
  { $id: 'Notice' },
)
export type WireNotice = Type.Static<typeof notice>

const example: WireNotice = {
  id: '019a9f60-2b7c-7d10-8f31-6a0c1d2e3f55',
  position: 1_795_334_130_123_456,
  event: 'lead.created',
  count: 2,
  leads: [
    { id: 'b0c1f4c2-6a4f-4a52-8a3b-54d1a0a1c9d2', companyName: 'Contoso Ltd' },
    { id: '5f0b9a51-7d2e-4f4f-9f57-0a9c4f0d6b11', companyName: 'Fabrikam Residences' },
  ],
  channel: null,
  details: {},
  since: '2026-11-22T08:02:11.000Z',
  at: '2026-11-22T08:15:30.000Z',
  read: false,
}
const unread = Type.Integer({ minimum: 0, maximum: UNREAD_MAX, description: `Up to ${UNREAD_MAX}: so many, or more` })
const notices = { tag: 'Notices', source: 'own; issue 6, 5', permission: 'leads.read' } as const

export const listNotices = defineEndpoint({
  ...notices,
  operationId: 'listNotices',
  method: 'GET',
  path: '/api/v4/notices',
  summary: 'What has happened lately, in a few lines',
  description:
    'Newest first, as far as one may see it: a channel is told of its own leads only. Events of one kind within one hour are one ' +
    `notice with a count. Each is kept ${NOTICES_KEPT_DAYS} days. Unread is a matter of each person, or client, and operator; one's ` +
    'own doing never counts. Ask with If-None-Match: nothing new costs one 304.',
  query: Type.Object({
    unread: Type.Optional(Type.Boolean({ description: 'true: only unread ones' })),
    cursor: Type.Optional(Type.String({ maxLength: 100, description: 'nextCursor of the page before' })),
    pageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: NOTICES_PAGE_SIZE_MAX })),
  }),
  responses: {
    200: {
      description: 'The notices',
      schema: Type.Object({
        data: Type.Array(notice),
        unread,
        nextCursor: nullable(Type.String()),
      }),
      example: { data: [example], unread: 1, nextCursor: null },
    },
    304: { description: 'Nothing changed since the ETag sent as If-None-Match', schema: null },
  },
})

export const markNoticesRead = defineEndpoint({
  ...notices,
  operationId: 'markNoticesRead',
  method: 'POST',
  path: '/api/v4/notices/read',
  summary: 'Mark notices as read',
  description:
    'All up to a position (that of the newest one that was seen, so that what has come since stays unread), or those that are named. ' +
    'Notices that are gone by now are left out.',
  body: Type.Object(
    {
      upTo: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
      noticeIds: Type.Optional(
        Type.Array(Type.String({ format: 'uuid' }), { minItems: 1, maxItems: NOTICES_PAGE_SIZE_MAX }),
      ),
    },
    { minProperties: 1 },
  ),
  bodyExample: { upTo: example.position },
  responses: {
    200: { description: 'What is left', schema: Type.Object({ unread }), example: { unread: 0 } },
  },
})
