import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { mailStates } from './mail.ts'
import { allTemplateVariables, mailTextFields, templateVariables } from './mail-templates.ts'
import { problem } from './problem.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const instant = (description: string) => Type.String({ format: 'date-time', description })
const asProblem = { schema: problem, contentType: 'application/problem+json' }

export const MAIL_RECIPIENTS_MAX = 20
export const MAIL_VALUE_MAX = 200
/** Leads whose customers are written to in one go. */
export const MAIL_LEADS_MAX = 500
/** Days for which mails to customers are kept, after they were sent, bounced or given up; the history of the lead stays. */
export const CUSTOMER_MAILS_KEPT_DAYS = 365

const ofLead = Type.Object({ leadId: Type.String({ format: 'uuid' }) })

const recipient = Type.Object({
  address: Type.String({ minLength: 1, maxLength: 254, description: 'One mail address, without a name' }),
  name: Type.Optional(
    Type.String({ maxLength: 200, description: 'Left out: that of the contact of the lead with this address' }),
  ),
})

/** What is to be said: by a template, by a text, or by a template whose text was changed for this once. */
export const mailToCustomer = {
  templateId: Type.Optional(
    Type.String({ minLength: 1, maxLength: 60, description: 'Its text, unless there is another here' }),
  ),
  subject: Type.Optional(mailTextFields.subject),
  body: Type.Optional(mailTextFields.body),
  language: Type.Optional(mailTextFields.language),
  values: Type.Optional(
    Type.Partial(
      Type.Object(
        Object.fromEntries(
          allTemplateVariables.map((name) => [
            name,
            Type.String({
              minLength: 1,
              maxLength: MAIL_VALUE_MAX,
              pattern: '\\S',
              description: templateVariables[name].meaning,
            }),
          ]),
        ) as Record<(typeof allTemplateVariables)[number], Type.TString>,
      ),
      { description: 'What to put where nothing is known of the lead; what is known stays' },
    ),
  ),
}

const asked = {
  ...mailToCustomer,
  recipients: Type.Optional(
    Type.Array(recipient, {
      maxItems: MAIL_RECIPIENTS_MAX,
      description: 'Each gets a mail of his own, and sees no other. Left out: every contact with a good address',
    }),
  ),
}

const sender = Type.Object({ name: Type.String(), address: Type.String() })

export const leadMailPreview = Type.Object(
  {
    readiness: Type.Object(
      {
        allowed: Type.Boolean(),
        code: nullable(Type.String({ description: 'As of the refusal: docs/errors' })),
        reason: nullable(Type.String({ description: 'Why nothing can be sent now, or what is in its way' })),
      },
      { description: 'allowed with a reason: the mail is taken, and waits until the mail server works again' },
    ),
    from: nullable(sender),
    replyTo: nullable(Type.String({ description: 'null: answers go to the sender' })),
    contacts: Type.Array(
      Type.Object({
        name: nullable(Type.String()),
        address: nullable(Type.String()),
        problem: nullable(Type.String({ description: 'Why nothing can be sent there; null: it can' })),
      }),
      { description: 'Of the lead, each address once' },
    ),
    mails: Type.Array(
      Type.Object({
        recipient: sender,
        subject: Type.String(),
        text: Type.String(),
        html: Type.String({ description: 'Loads nothing from anywhere' }),
      }),
      { description: 'Exactly as they would be sent; a variable without a value stands as it is' },
    ),
    missing: Type.Array(
      Type.Object({
        name: Type.Enum(allTemplateVariables),
        meaning: Type.String(),
        recipients: Type.Array(Type.String(), { description: 'Addresses for which there is no value' }),
      }),
      { description: 'Variables without a value: give them in `values`, or take them out of the text' },
    ),
    leftToday: Type.Integer({ description: 'Mails to customers that may still be written today' }),
    tag: Type.String({ description: 'Of exactly these mails: send it along, and no others are sent' }),
  },
  { $id: 'LeadMailPreview' },
)
export type WireLeadMailPreview = Type.Static<typeof leadMailPreview>

const examplePreview: WireLeadMailPreview = {
  readiness: { allowed: true, code: null, reason: null },
  from: { name: 'Northwind Voice', address: 'leads@northwind.example' },
  replyTo: 'dana@northwind.example',
  contacts: [{ name: 'Megan Bowen', address: 'megan.bowen@contoso.example', problem: null }],
  mails: [
    {
      recipient: { name: 'Megan Bowen', address: 'megan.bowen@contoso.example' },
      subject: 'Northwind Voice: we have received your request',
      text: 'Hello Megan Bowen,\n\nthank you …',
      html: '<!doctype html>…',
    },
  ],
  missing: [],
  leftToday: 988,
  tag: 'q0Jd9Wm2',
}

const mails = { tag: 'Leads', source: 'issue 6, 4', params: ofLead } as const

export const previewLeadMail = defineEndpoint({
  ...mails,
  operationId: 'previewLeadMail',
  method: 'POST',
  path: '/api/v4/leads/{leadId}/mails/preview',
  summary: 'See a mail to a customer before it is sent',
  description:
    'Nothing is sent and nothing is written. Give a template, a subject and a body, or both: then the template is named and ' +
    'the text here holds.',
  permission: 'mail.send',
  readsOnly: true,
  body: Type.Object(asked),
  bodyExample: { templateId: 'request-received' },
  responses: {
    200: { description: 'The mails as they would be sent', schema: leadMailPreview, example: examplePreview },
  },
})

export const leadMail = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    templateName: nullable(Type.String({ description: 'As it was called then' })),
    recipientName: Type.String(),
    recipientAddress: Type.String(),
    subject: Type.String(),
    text: Type.String(),
    state: Type.Enum([...mailStates], {
      description:
        'waiting: in the queue, or tried again after what `said` says · bounced: refused for good · given-up: not taken within two days',
    }),
    said: nullable(
      Type.String({
        description: 'What the mail server said of this mail last, or, to a channel, that it cannot be used',
      }),
    ),
    attempts: Type.Integer(),
    dueAt: nullable(instant('Of the next attempt, while it waits')),
    createdAt: instant('When it was written'),
    finishedAt: nullable(instant('When it was sent, bounced or given up')),
    author: Type.String({
      description: 'Who wrote it. Channels read the names of their own people only: the carrier is told by its name',
    }),
  },
  { $id: 'LeadMail' },
)
export type WireLeadMail = Type.Static<typeof leadMail>

const exampleMail: WireLeadMail = {
  id: '019f2c6a-7b1e-7c40-9a53-2f6d1c0e8a11',
  templateName: 'We received your request',
  recipientName: 'Megan Bowen',
  recipientAddress: 'megan.bowen@contoso.example',
  subject: 'Northwind Voice: we have received your request',
  text: 'Hello Megan Bowen,\n\nthank you …',
  state: 'waiting',
  said: null,
  attempts: 0,
  dueAt: '2026-11-22T09:00:00.000Z',
  createdAt: '2026-11-22T09:00:00.000Z',
  finishedAt: null,
  author: 'Dana Wills',
}

export const sendLeadMail = defineEndpoint({
  ...mails,
  operationId: 'sendLeadMail',
  method: 'POST',
  path: '/api/v4/leads/{leadId}/mails',
  summary: 'Write to a customer by mail',
  description:
    'One mail to each recipient, put into the queue and told in the history of the lead. Send an Idempotency-Key, so that a ' +
    'request that is repeated writes nothing twice. A variable without a value is refused: nobody gets a mail with a hole in it.',
  permission: 'mail.send',
  body: Type.Object({
    ...asked,
    recipients: Type.Array(recipient, {
      minItems: 1,
      maxItems: MAIL_RECIPIENTS_MAX,
      description: 'Each gets a mail of his own',
    }),
    previewTag: Type.Optional(
      Type.String({
        maxLength: 100,
        description: '`tag` of the preview: when other mails would come of it by now, none is sent',
      }),
    ),
  }),
  bodyExample: { templateId: 'request-received', recipients: [{ address: 'megan.bowen@contoso.example' }] },
  responses: {
    201: {
      description: 'The mails, waiting to be sent',
      schema: Type.Object({ data: Type.Array(leadMail) }),
      example: { data: [exampleMail] },
    },
    403: { ...asProblem, description: 'The operator does not let channels write to customers' },
    409: { ...asProblem, description: 'Mail is not set up, or is off; or the mails are others than in the preview' },
    422: { ...asProblem, description: 'A variable has no value for this lead' },
    429: { ...asProblem, description: 'As many as may be written were written' },
  },
})

export const listLeadMails = defineEndpoint({
  ...mails,
  operationId: 'listLeadMails',
  method: 'GET',
  path: '/api/v4/leads/{leadId}/mails',
  summary: 'Mails that were written to the customer of a lead, newest first',
  description:
    'The last 200, with their text and what became of them. Whoever sees the lead sees them; they go along when it moves to ' +
    `another channel. Kept for ${CUSTOMER_MAILS_KEPT_DAYS} days; the history of the lead keeps to whom and about what.`,
  permission: 'leads.read',
  responses: {
    200: {
      description: 'The mails',
      schema: Type.Object({ data: Type.Array(leadMail) }),
      example: { data: [exampleMail] },
    },
  },
})

export const retryLeadMail = defineEndpoint({
  ...mails,
  operationId: 'retryLeadMail',
  method: 'POST',
  path: '/api/v4/leads/{leadId}/mails/{mailId}/retry',
  summary: 'Send a mail to a customer again',
  description: 'One that bounced, was given up, or waits: it is due at once, with all its attempts before it.',
  permission: 'mail.send',
  params: Type.Object({ ...ofLead.properties, mailId: Type.String({ format: 'uuid' }) }),
  responses: {
    200: { description: 'The mail', schema: leadMail, example: exampleMail },
    403: { ...asProblem, description: 'The operator does not let channels write to customers' },
    409: { ...asProblem, description: 'It was sent' },
  },
})
