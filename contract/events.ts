import Type, { type Static, type TObject } from 'typebox'
import type { Permission } from './permissions.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const guid = (description: string) => Type.String({ format: 'uuid', description })
const texts = (description: string) => Type.Array(Type.String(), { description })
const fields = (description: string) => Type.Record(Type.String(), Type.Unknown(), { description })

/** One kind of event: what its payload is, and who may ask to hear of it. */
export type EventSpec<Payload extends TObject = TObject> = {
  /** Grows when a payload loses a field or a field changes its meaning; new fields do not count. */
  version: number
  /** When it happens, in one sentence. */
  summary: string
  payload: Payload
  example: Static<Payload>
  /** Whoever wants it delivered needs this permission; null: it stays inside, nobody outside gets it. */
  permission: Permission | null
  /** It tells of the operator as a whole, so channels never hear of it. */
  operatorOnly?: boolean
}

function defineEvent<P extends TObject>(event: EventSpec<P>): EventSpec<P> {
  return event
}

/** A lead as events tell it, as it is after the change. The whole of it is at `GET /api/v4/leads/{leadId}`. */
export const eventLead = Type.Object(
  {
    id: guid('The lead, as in every other answer'),
    tenantId: guid("The customer's Microsoft tenant"),
    companyName: nullable(Type.String()),
    companySize: nullable(Type.String({ description: 'As Microsoft spells it: L250_U999' })),
    status: Type.String({ description: 'Active, NotActive, Suspended, Removed, or a word nobody knows yet' }),
    consentedCountries: texts('ISO 3166-1, two letters'),
    isDirectLead: nullable(Type.Boolean({ description: 'Made by the operator, without a consent' })),
    consentedOn: nullable(Type.String({ description: 'As Microsoft writes it, with up to 7 decimals' })),
    lastModifiedOn: nullable(Type.String({ description: 'As Microsoft writes it' })),
    contact: Type.Object({
      fullName: nullable(Type.String()),
      email: nullable(Type.String()),
      phoneNumber: nullable(Type.String({ description: 'As somebody typed it' })),
    }),
  },
  { $id: 'EventLead' },
)
export type EventLead = Static<typeof eventLead>

const exampleLead: EventLead = {
  id: 'b0c1f4c2-6a4f-4a52-8a3b-54d1a0a1c9d2',
  tenantId: 'f94238e5-4f2c-4e1b-8125-2d27122ca75f',
  companyName: 'Contoso Ltd',
  companySize: 'L250_U999',
  status: 'Active',
  consentedCountries: ['GB', 'DE'],
  isDirectLead: false,
  consentedOn: '2026-11-22T08:15:30.1234567Z',
  lastModifiedOn: '2026-11-22T08:15:30.1234567Z',
  contact: { fullName: 'Megan Bowen', email: 'megan.bowen@contoso.example', phoneNumber: '+44 20 7946 0000' },
}

const leadIds = { leadId: eventLead.properties.id, tenantId: eventLead.properties.tenantId }
const exampleIds = { leadId: exampleLead.id, tenantId: exampleLead.tenantId }
const changed = {
  ...leadIds,
  lead: eventLead,
  before: fields('The fields that changed, as they were'),
  after: fields('The same fields, as they are now'),
}
const statusChange = (before: string, after: string) => ({
  ...exampleIds,
  lead: { ...exampleLead, status: after },
  before: { status: before },
  after: { status: after },
})
const leadEvent = { version: 1, permission: 'leads.read' } as const
const commentPayload = Type.Object({ leadId: leadIds.leadId, commentId: guid('The comment; its text is in the API') })
const commentExample = { leadId: exampleLead.id, commentId: '019a9f60-2b7c-7d10-8f31-6a0c1d2e3f40' }
const archivePayload = Type.Object({ leadId: leadIds.leadId })
const channelPayload = { ...leadIds, channelId: Type.Integer({ description: 'Number of the channel' }) }
const relationship = Type.Object({
  status: nullable(Type.String({ description: "Microsoft's word" })),
  comment: nullable(Type.String()),
  lastModifiedOn: nullable(Type.String()),
})
const person = (description: string) => nullable(Type.String({ format: 'uuid', description }))
const examplePersonId = '019a9f60-5a01-7d22-9c11-77a0c4e1b2d3'
const serviceFacts = {
  serviceId: guid('The service, in `GET /api/v4/services/{serviceId}`'),
  tenantId: leadIds.tenantId,
  shortName: Type.String(),
  fullName: Type.String(),
  license: Type.String({ description: 'OC Essential, OC Essentials Plus or OC Pro' }),
}
const exampleService = {
  serviceId: 'c39a9d97-3374-4bab-8648-459795360c7e',
  tenantId: exampleLead.tenantId,
  shortName: 'Contoso',
  fullName: 'Contoso Ltd',
  license: 'OC Essential',
}
const serviceEvent = { version: 1, permission: 'services.read' } as const
const run = { runId: guid('The run, in `GET /api/v4/runs/{runId}`') }
const sbcIds = { sbcId: Type.Integer({ description: 'The device' }), name: Type.String() }
const exampleSbc = { sbcId: 1, name: 'Seattle 1' }
const webhookIds = { webhookId: guid('The webhook'), name: Type.String() }
const exampleWebhook = { webhookId: '019a9f60-2b7c-7d10-8f31-6a0c1d2e3f99', name: 'CRM' }
const exampleRunId = '019f2c6a-7a90-7d11-8b0c-5d1f0a9e4477'

/**
 * Every event there is. The names never change; `emit` takes no other, and payloads are checked against these schemas by the
 * tests of the whole server. `lead.changed` is told of every change that Microsoft made; the events for special changes come
 * beside it, for those who want only these. Source: issue 6, 1; ambition.md 2 (1).
 */
export const eventCatalogue = {
  'lead.created': defineEvent({
    ...leadEvent,
    summary:
      'A new lead: a customer has picked the operator, or a direct lead was made. Never for the leads of the first sync.',
    payload: Type.Object({ ...leadIds, lead: eventLead }),
    example: { ...exampleIds, lead: exampleLead },
  }),
  'lead.changed': defineEvent({
    ...leadEvent,
    summary: 'Microsoft has changed something of a lead, whatever it is.',
    payload: Type.Object(changed),
    example: {
      ...exampleIds,
      lead: { ...exampleLead, companySize: 'L1000_U2999' },
      before: { companySize: 'L250_U999' },
      after: { companySize: 'L1000_U2999' },
    },
  }),
  'lead.countries-changed': defineEvent({
    ...leadEvent,
    summary: 'The customer has added or dropped countries. Comes beside lead.changed.',
    payload: Type.Object({
      ...leadIds,
      lead: eventLead,
      added: texts('Countries that were not there before'),
      removed: texts('Countries that are not there any more'),
    }),
    example: { ...exampleIds, lead: exampleLead, added: ['DE'], removed: ['FR'] },
  }),
  'lead.suspended': defineEvent({
    ...leadEvent,
    summary: 'The customer, or Microsoft, has suspended the relation. Comes beside lead.changed.',
    payload: Type.Object(changed),
    example: statusChange('Active', 'Suspended'),
  }),
  'lead.removed': defineEvent({
    ...leadEvent,
    summary: 'The lead is gone at Microsoft. It stays here, with the status Removed.',
    payload: Type.Object(changed),
    example: statusChange('Active', 'Removed'),
  }),
  'lead.merged': defineEvent({
    ...leadEvent,
    operatorOnly: true,
    summary: 'A second lead of a tenant has come: both count as one customer from now on. For the whole operator only.',
    payload: Type.Object({
      ...leadIds,
      lead: eventLead,
      otherLeadIds: texts('The leads of the tenant that were there'),
    }),
    example: { ...exampleIds, lead: exampleLead, otherLeadIds: ['5f0b9a51-7d2e-4f4f-9f57-0a9c4f0d6b11'] },
  }),
  'lead.channel-assigned': defineEvent({
    ...leadEvent,
    summary: 'A lead was given to a channel: for the channel it is a new one.',
    payload: Type.Object({ ...channelPayload, lead: eventLead }),
    example: { ...exampleIds, channelId: 907, lead: exampleLead },
  }),
  'lead.channel-removed': defineEvent({
    ...leadEvent,
    summary: 'A lead was taken from a channel.',
    payload: Type.Object(channelPayload),
    example: { ...exampleIds, channelId: 907 },
  }),
  'lead.relationship-changed': defineEvent({
    ...leadEvent,
    summary: 'Somebody here has changed how the relation with the customer stands, and Microsoft has taken it.',
    payload: Type.Object({ ...leadIds, before: nullable(relationship), after: nullable(relationship) }),
    example: {
      ...exampleIds,
      before: null,
      after: { status: 'CustomerContacted', comment: 'Called', lastModifiedOn: '2026-11-22T09:00:00.0000000Z' },
    },
  }),
  'lead.owner-changed': defineEvent({
    ...leadEvent,
    summary: 'Somebody else sees to a lead from now on, or nobody: set by hand, by a rule, or because the owner left.',
    payload: Type.Object({
      ...leadIds,
      lead: eventLead,
      ownerId: person('Who sees to it now, in `GET /api/v4/lead-owners`; null: nobody'),
      formerOwnerId: person('Who did before'),
      reason: Type.Enum(['set', 'rule', 'left', 'moved'], {
        description:
          'set: somebody decided · rule: a rule gave it away · left: the owner has left, or may not see it any more · ' +
          'moved: it went to a channel whose leads the owner cannot see',
      }),
      byPersonId: person('Who decided; null: an API client, a rule or Leadline itself'),
    }),
    example: {
      ...exampleIds,
      lead: exampleLead,
      ownerId: examplePersonId,
      formerOwnerId: null,
      reason: 'rule',
      byPersonId: null,
    },
  }),
  'lead.due-changed': defineEvent({
    ...leadEvent,
    summary: 'Somebody has set until when a lead is to be judged. Not told of the due date that each new lead gets.',
    payload: Type.Object({ ...leadIds, before: changed.before, after: changed.after }),
    example: { ...exampleIds, before: { dueAt: null }, after: { dueAt: '2026-12-01T09:00:00.000Z' } },
  }),
  'lead.overdue': defineEvent({
    ...leadEvent,
    summary: 'The due date of a lead has passed, and nobody has judged it. Told once for each due date.',
    payload: Type.Object({
      ...leadIds,
      lead: eventLead,
      ownerId: person('Who sees to it; null: nobody'),
      dueAt: Type.String({ format: 'date-time' }),
    }),
    example: { ...exampleIds, lead: exampleLead, ownerId: examplePersonId, dueAt: '2026-11-23T12:00:00.000Z' },
  }),
  'rule.needs-attention': defineEvent({
    version: 1,
    operatorOnly: true,
    permission: 'channels.manage',
    summary: 'A rule for new leads names somebody who has left, or a channel that cannot be given leads any more.',
    payload: Type.Object({
      ruleId: guid('The rule, in `GET /api/v4/lead-rules`'),
      name: Type.String(),
      attention: Type.Array(
        Type.Object({ code: Type.Enum(['person-left', 'channel-gone', 'channel-closed']), name: Type.String() }),
      ),
      isSkipped: Type.Boolean({ description: 'It has nobody left, and is passed over' }),
    }),
    example: {
      ruleId: '019a9f60-2b7c-7d10-8f31-6a0c1d2e3f55',
      name: 'Large companies in Germany',
      attention: [{ code: 'person-left', name: 'Dana Wills' }],
      isSkipped: true,
    },
  }),
  'lead.wanted-by-channel': defineEvent({
    ...leadEvent,
    operatorOnly: true,
    summary: 'A channel has tried to make a lead of a tenant that is held elsewhere; it was told no more than that.',
    payload: Type.Object({
      tenantId: leadIds.tenantId,
      companyName: Type.String(),
      channelId: nullable(Type.Integer({ description: 'Who asked' })),
      askedBy: Type.String(),
      leadIds: texts('The leads of this tenant'),
    }),
    example: {
      tenantId: exampleLead.tenantId,
      companyName: 'Contoso Ltd',
      channelId: 907,
      askedBy: 'Riverside API',
      leadIds: [exampleLead.id],
    },
  }),
  'lead.deleted': defineEvent({
    ...leadEvent,
    summary: 'A direct lead was deleted.',
    payload: Type.Object(leadIds),
    example: exampleIds,
  }),
  'lead.archived': defineEvent({
    ...leadEvent,
    summary: 'A Removed lead was put away.',
    payload: archivePayload,
    example: { leadId: exampleLead.id },
  }),
  'lead.unarchived': defineEvent({
    ...leadEvent,
    summary: 'An archived lead was brought back.',
    payload: archivePayload,
    example: { leadId: exampleLead.id },
  }),
  'lead.commented': defineEvent({
    ...leadEvent,
    summary: 'Somebody has written a comment on a lead.',
    payload: commentPayload,
    example: commentExample,
  }),
  'lead.comment-changed': defineEvent({
    ...leadEvent,
    summary: 'A comment was changed by its author.',
    payload: commentPayload,
    example: commentExample,
  }),
  'lead.comment-deleted': defineEvent({
    ...leadEvent,
    summary: 'A comment was deleted by its author.',
    payload: commentPayload,
    example: commentExample,
  }),
  'lead.references-changed': defineEvent({
    ...leadEvent,
    summary: 'Somebody has changed what a lead is called in his own systems.',
    payload: Type.Object({ leadId: leadIds.leadId, before: changed.before, after: changed.after }),
    example: { leadId: exampleLead.id, before: { crmId: null }, after: { crmId: 'ACC-20417' } },
  }),
  'lead.mailed': defineEvent({
    ...leadEvent,
    summary: 'Somebody has written to the customer of a lead by mail. It may still be on its way.',
    payload: Type.Object({
      leadId: leadIds.leadId,
      mailIds: texts('One for each recipient, in `GET /api/v4/leads/{leadId}/mails`'),
      subject: Type.String(),
    }),
    example: {
      leadId: exampleLead.id,
      mailIds: ['019f2c6a-7b1e-7c40-9a53-2f6d1c0e8a11'],
      subject: 'Northwind Voice: we have received your request',
    },
  }),
  'lead.mail-failed': defineEvent({
    ...leadEvent,
    summary: 'A mail to a customer was refused for good, or was not taken within two days.',
    payload: Type.Object({
      leadId: leadIds.leadId,
      mailId: guid('The mail, in `GET /api/v4/leads/{leadId}/mails`'),
      recipient: Type.String(),
      subject: Type.String(),
      state: Type.Enum(['bounced', 'given-up']),
      said: nullable(
        Type.String({ description: 'What the mail server said of this mail; null: it could not be used' }),
      ),
    }),
    example: {
      leadId: exampleLead.id,
      mailId: '019f2c6a-7b1e-7c40-9a53-2f6d1c0e8a11',
      recipient: 'megan.bowen@contoso.example',
      subject: 'Northwind Voice: we have received your request',
      state: 'bounced',
      said: '550 5.1.1 there is no such mailbox here',
    },
  }),
  'service.created': defineEvent({
    ...serviceEvent,
    summary: 'A license was applied: a lead has become a service. Not told of services that were adopted.',
    payload: Type.Object({ ...serviceFacts, leadId: leadIds.leadId }),
    example: { ...exampleService, leadId: exampleLead.id },
  }),
  'service.adopted': defineEvent({
    ...serviceEvent,
    summary: 'A tenant that was live before Leadline has become a service, without any outward effect.',
    payload: Type.Object({ ...serviceFacts, leadId: leadIds.leadId }),
    example: { ...exampleService, leadId: exampleLead.id },
  }),
  'service.failed': defineEvent({
    ...serviceEvent,
    summary: 'Something that was to be done with a service has failed: its license, a SIP connection, its deletion.',
    payload: Type.Object({
      ...serviceFacts,
      taskId: Type.String({ description: 'The task, in `GET /api/v4/tasks/{taskId}`' }),
      kind: Type.String({ description: 'Of the task, such as licensing.apply-license' }),
      error: nullable(Type.String({ description: 'A code of docs/errors' })),
      message: nullable(Type.String({ description: 'What happened, in words' })),
    }),
    example: {
      ...exampleService,
      taskId: 'wst_019a9f60-2b7c-7d10-8f31-6a0c1d2e3f40',
      kind: 'licensing.apply-license',
      error: 'sbc-unreachable',
      message: 'The SBC Seattle 1 cannot be reached.',
    },
  }),
  'service.barred': defineEvent({
    ...serviceEvent,
    summary: 'A service was barred: no calls pass but emergency calls.',
    payload: Type.Object({ ...serviceFacts, reason: Type.String() }),
    example: { ...exampleService, reason: 'Invoice 4711 is overdue' },
  }),
  'service.unbarred': defineEvent({
    ...serviceEvent,
    summary: 'A barred service may call again.',
    payload: Type.Object(serviceFacts),
    example: exampleService,
  }),
  'service.deleted': defineEvent({
    ...serviceEvent,
    summary: 'A service was taken down, and nothing of it is left. Its lead is back in New Leads.',
    payload: Type.Object({ ...serviceFacts, leadId: leadIds.leadId }),
    example: { ...exampleService, leadId: exampleLead.id },
  }),
  'service.needs-decision': defineEvent({
    ...serviceEvent,
    summary: 'Microsoft calls the lead of a service Suspended or Removed. The service goes on until somebody decides.',
    payload: Type.Object({ ...serviceFacts, leadId: leadIds.leadId, status: Type.String() }),
    example: { ...exampleService, leadId: exampleLead.id, status: 'Suspended' },
  }),
  'license.threshold': defineEvent({
    version: 1,
    permission: 'services.read',
    summary: 'So many licenses are used that the warning, the size or the grace of a pool is reached; told once.',
    payload: Type.Object({
      kind: Type.Enum(['customers', 'licensed-users']),
      channelId: nullable(Type.Integer({ description: 'Whose pool; null: of the operator' })),
      state: Type.Enum(['warning', 'grace', 'exhausted']),
      size: Type.Integer(),
      used: Type.Integer(),
    }),
    example: { kind: 'customers', channelId: null, state: 'warning', size: 100, used: 80 },
  }),
  'leads.synced': defineEvent({
    version: 1,
    permission: null,
    summary: 'A listing of Microsoft was taken in and something of it was new.',
    payload: Type.Object({
      ...run,
      baseline: Type.Boolean({ description: 'The first one' }),
      new: Type.Integer(),
      changed: Type.Integer(),
    }),
    example: { runId: exampleRunId, baseline: false, new: 2, changed: 0 },
  }),
  'sync.failed': defineEvent({
    version: 1,
    operatorOnly: true,
    permission: 'jobs.read',
    summary:
      'A job that talks to Microsoft has given up for the first time after it had worked; told again only after it worked.',
    payload: Type.Object({
      ...run,
      job: Type.String({
        description: 'peering.sync-leads-job, peering.sync-addresses-job or peering.sync-trunks-job',
      }),
      code: Type.String({ description: 'A code of docs/errors' }),
      message: Type.String(),
      remedy: Type.String({ description: 'What to do' }),
    }),
    example: {
      runId: exampleRunId,
      job: 'peering.sync-leads-job',
      code: 'microsoft-token-refused',
      message: 'Entra refuses the client secret: it has expired.',
      remedy: 'Make a new secret in the app registration and enter it in the connection.',
    },
  }),
  'sync.recovered': defineEvent({
    version: 1,
    operatorOnly: true,
    permission: 'jobs.read',
    summary: 'A job that had given up has worked again.',
    payload: Type.Object({ ...run, job: Type.String() }),
    example: { runId: exampleRunId, job: 'peering.sync-leads-job' },
  }),
  'sync.listing-shrank': defineEvent({
    version: 1,
    operatorOnly: true,
    permission: 'jobs.read',
    summary: 'A listing lacks so many leads that it is not believed; nothing was removed.',
    payload: Type.Object({
      known: Type.Integer({ description: 'Leads that were to be expected' }),
      missing: Type.Integer({ description: 'Those that it lacks' }),
      runId: Type.String({ description: 'The run, or the request, that read it' }),
    }),
    example: { known: 1200, missing: 700, runId: exampleRunId },
  }),
  'connection.secret-expiring': defineEvent({
    version: 1,
    operatorOnly: true,
    permission: 'jobs.read',
    summary: 'The secret of the connection to Microsoft ends within 30 days, within 7, or has ended: each told once.',
    payload: Type.Object({
      on: nullable(Type.String({ description: 'The last day, YYYY-MM-DD' })),
      daysLeft: nullable(Type.Integer()),
      state: Type.Enum(['soon', 'urgent', 'expired']),
    }),
    example: { on: '2026-12-01', daysLeft: 9, state: 'soon' },
  }),
  'sbc.unreachable': defineEvent({
    version: 1,
    operatorOnly: true,
    permission: 'sbcs.read',
    summary: 'An SBC that had answered cannot be worked with. Told once, until it has answered again.',
    payload: Type.Object({
      ...sbcIds,
      code: Type.String({ description: 'A code of docs/errors: sbc-unreachable, sbc-certificate, …' }),
      detail: Type.String(),
      remedy: Type.String({ description: 'What to do' }),
    }),
    example: {
      ...exampleSbc,
      code: 'sbc-unreachable',
      detail: 'Nobody listens at the address of the SBC.',
      remedy: 'Check the address, the network between, and that the device is up.',
    },
  }),
  'sbc.recovered': defineEvent({
    version: 1,
    operatorOnly: true,
    permission: 'sbcs.read',
    summary: 'An SBC that could not be worked with has answered again.',
    payload: Type.Object(sbcIds),
    example: exampleSbc,
  }),
  'sbc.changed-by-hand': defineEvent({
    version: 1,
    operatorOnly: true,
    permission: 'sbcs.read',
    summary: 'Objects of services on an SBC are not as Leadline left them: somebody has changed or removed them.',
    payload: Type.Object({
      ...sbcIds,
      count: Type.Integer(),
      objects: Type.Array(
        Type.Object({
          table: Type.String(),
          name: Type.String(),
          owner: Type.String({
            description: 'service/<guid>, of a further SIP connection service/<guid>/<connection id>',
          }),
          state: Type.Enum(['missing', 'changed']),
        }),
        { description: 'The first twenty' },
      ),
    }),
    example: {
      ...exampleSbc,
      count: 1,
      objects: [
        {
          table: 'ip-group',
          name: 'contoso-c',
          owner: 'service/c39a9d97-3374-4bab-8648-459795360c7e',
          state: 'missing',
        },
      ],
    },
  }),
  'task.finished': defineEvent({
    version: 1,
    permission: 'tasks.read',
    summary: 'A task that somebody started is over, well or not.',
    payload: Type.Object({
      taskId: Type.String({ description: 'wst_… or tsk_…' }),
      kind: Type.String(),
      title: Type.Optional(Type.String({ description: 'What it did, in words' })),
      state: Type.String({ description: 'succeeded, partly-succeeded, failed, cancelled, undone' }),
      objectType: Type.Optional(nullable(Type.String())),
      objectId: Type.Optional(Type.String()),
      items: Type.Object({
        total: Type.Integer(),
        succeeded: Type.Integer(),
        failed: Type.Integer(),
        skipped: Type.Integer(),
      }),
      error: nullable(Type.String({ description: 'A code of docs/errors' })),
    }),
    example: {
      taskId: 'wst_019a9f60-2b7c-7d10-8f31-6a0c1d2e3f40',
      kind: 'leads.archive',
      title: 'Archive 3 leads',
      state: 'succeeded',
      items: { total: 3, succeeded: 3, failed: 0, skipped: 0 },
      error: null,
    },
  }),
  'webhook.paused': defineEvent({
    version: 1,
    permission: 'webhooks.read',
    summary:
      'A webhook was paused because its receiver keeps failing, or says that it is gone. What comes waits for it.',
    payload: Type.Object({
      ...webhookIds,
      reason: Type.Enum(['failing', 'gone'], { description: 'gone: the receiver has answered 410' }),
      failingSince: nullable(Type.String({ format: 'date-time' })),
      lastError: Type.String({ description: 'What went wrong the last time' }),
    }),
    example: {
      ...exampleWebhook,
      reason: 'failing',
      failingSince: '2026-11-19T08:00:00.000Z',
      lastError: 'The receiver answered 503.',
    },
  }),
  'webhook.failing': defineEvent({
    version: 1,
    permission: 'webhooks.read',
    summary:
      'A webhook has delivered nothing for half an hour, though it was tried. Told once, until it has delivered again.',
    payload: Type.Object({
      ...webhookIds,
      failingSince: nullable(Type.String({ format: 'date-time' })),
      lastError: Type.String({ description: 'What went wrong the last time' }),
    }),
    example: {
      ...exampleWebhook,
      failingSince: '2026-11-22T08:00:00.000Z',
      lastError: 'The receiver answered 503.',
    },
  }),
  'webhook.recovered': defineEvent({
    version: 1,
    permission: 'webhooks.read',
    summary: 'A webhook of which webhook.failing had told has delivered again.',
    payload: Type.Object(webhookIds),
    example: exampleWebhook,
  }),
  'webhook.event-dead': defineEvent({
    version: 1,
    permission: 'webhooks.read',
    summary:
      'Events for a webhook are out of attempts and were given up; they can be replayed. Told once an hour at most.',
    payload: Type.Object({
      ...webhookIds,
      count: Type.Integer({ description: 'How many since it was told last' }),
      lastError: Type.String({ description: 'What went wrong with the last of them' }),
    }),
    example: { ...exampleWebhook, count: 3, lastError: 'The receiver answered 400.' },
  }),
  'webhook.test': defineEvent({
    version: 1,
    permission: null,
    summary: 'Somebody wants to see whether a webhook works. Sent only when asked for, to the one webhook.',
    payload: Type.Object({ webhookId: guid('The webhook'), sentBy: Type.String({ description: 'Who asked for it' }) }),
    example: { webhookId: '019a9f60-2b7c-7d10-8f31-6a0c1d2e3f99', sentBy: 'Dana Wills' },
  }),
} satisfies Record<string, EventSpec>

export type EventName = keyof typeof eventCatalogue
export type EventPayload<N extends EventName> = Static<(typeof eventCatalogue)[N]['payload']>

export const allEventNames = Object.keys(eventCatalogue) as EventName[]

export function eventSpec(name: EventName): EventSpec {
  return eventCatalogue[name]
}

/** Events that somebody outside may choose to hear of. */
export const hookEvents: readonly EventName[] = allEventNames.filter((name) => eventSpec(name).permission !== null)
