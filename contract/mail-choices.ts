import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { type EventName, eventSpec } from './events.ts'
import type { Permission } from './permissions.ts'
import type { Tier } from './roles.ts'

/** What people may be told of by mail, with whom it concerns. */
export const mailKinds = {
  'new-lead': 'A customer has picked the operator; for the staff of the carrier',
  'lead-assigned': 'A lead was given to the channel; for the people of that channel',
  'lead-owned': 'A lead became his, by somebody else or by a rule',
  'lead-overdue': 'The due date of a lead of his has passed, or of one that nobody has; nobody has judged it',
  'lead-unowned':
    'The owner of a lead has left, and nobody sees to it; for administrators, of the channel if it is in one',
  'webhook-paused': 'A webhook was paused, because its receiver fails or is gone',
  'webhook-failing': 'A webhook has delivered nothing for half an hour, though it was tried',
  'webhook-dead': 'Events for a webhook were given up; once an hour at most',
  'sync-failing': 'Leads, or their addresses, can no longer be fetched from Microsoft',
  'secret-expiring': 'The secret of the connection to Microsoft ends soon, or has ended',
} as const
export type MailKind = keyof typeof mailKinds
export const allMailKinds = Object.keys(mailKinds) as MailKind[]

/** Which event a kind of mail tells of. */
export const mailEvents = {
  'new-lead': 'lead.created',
  'lead-assigned': 'lead.channel-assigned',
  'lead-owned': 'lead.owner-changed',
  'lead-overdue': 'lead.overdue',
  'lead-unowned': 'lead.owner-changed',
  'webhook-paused': 'webhook.paused',
  'webhook-failing': 'webhook.failing',
  'webhook-dead': 'webhook.event-dead',
  'sync-failing': 'sync.failed',
  'secret-expiring': 'connection.secret-expiring',
} as const satisfies Record<MailKind, EventName>

/**
 * Whether a kind of mail comes to people of this tier with these permissions: the staff of a carrier and of its channels, of
 * what they may see. A channel is told of new leads when it is given them.
 */
export function isMailOpenTo(kind: MailKind, tier: Tier, held: readonly Permission[]): boolean {
  if (tier !== 'operator' && tier !== 'channel') return false
  if (kind === (tier === 'channel' ? 'new-lead' : 'lead-assigned')) return false
  const { permission, operatorOnly } = eventSpec(mailEvents[kind])
  return !(tier === 'channel' && operatorOnly) && permission !== null && held.includes(permission)
}

const delivery = Type.Enum(['at-once', 'digest', 'never'], {
  description: 'at-once: within some minutes, several in one mail · digest: once a day, all in one mail',
})
const choices = Type.Object(
  Object.fromEntries(allMailKinds.map((kind) => [kind, delivery])) as Record<MailKind, typeof delivery>,
)
export const mailChoices = Type.Object(
  {
    choices,
    open: Type.Array(Type.Enum(allMailKinds), {
      description: 'Those that come to this person at all: by tier and permissions',
    }),
  },
  { $id: 'MailChoices' },
)
export type WireMailChoices = Type.Static<typeof mailChoices>
const exampleChoices: WireMailChoices = {
  choices: {
    'new-lead': 'digest',
    'lead-assigned': 'at-once',
    'lead-owned': 'at-once',
    'lead-overdue': 'at-once',
    'lead-unowned': 'at-once',
    'webhook-paused': 'at-once',
    'webhook-failing': 'at-once',
    'webhook-dead': 'at-once',
    'sync-failing': 'at-once',
    'secret-expiring': 'at-once',
  },
  open: [
    ...(['new-lead', 'lead-owned', 'lead-overdue', 'lead-unowned', 'webhook-paused'] as const),
    ...(['webhook-failing', 'webhook-dead', 'sync-failing', 'secret-expiring'] as const),
  ],
}
const own = {
  tag: 'Mail',
  source: 'own; issue 6, 4',
  permission: 'signed-in',
  path: '/api/v4/me/mail',
} as const
const shownChoices = { description: 'The choices', schema: mailChoices, example: exampleChoices }

export const getMailChoices = defineEndpoint({
  ...own,
  operationId: 'getMailChoices',
  method: 'GET',
  summary: 'What one wants to be told by mail',
  description: 'Everything at once, unless one has chosen otherwise. Holds for every operator one works for.',
  responses: { 200: shownChoices },
})

export const setMailChoices = defineEndpoint({
  ...own,
  operationId: 'setMailChoices',
  method: 'PUT',
  summary: 'Choose what one wants to be told by mail',
  description: 'What is left out stays as it is.',
  body: Type.Object({ choices: Type.Partial(choices) }),
  bodyExample: { choices: { 'new-lead': 'digest' } },
  responses: { 200: shownChoices },
})
