import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { problem } from './problem.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const instant = (description: string) => Type.String({ format: 'date-time', description })
const conflict = { schema: problem, contentType: 'application/problem+json' }

export const MAILS_PAGE_SIZE_DEFAULT = 50
export const MAILS_PAGE_SIZE_MAX = 500
/** Days for which mails that are sent, bounced or given up are kept. */
export const MAILS_KEPT_DAYS = 30

export const mailTlsModes = ['none', 'starttls', 'tls'] as const
export const mailStages = ['connect', 'tls', 'sign-in', 'sender', 'recipient', 'data'] as const
export const mailStates = ['waiting', 'sent', 'bounced', 'given-up'] as const

const address = Type.String({ minLength: 3, maxLength: 254, description: 'One mail address, without a name' })
const settings = {
  enabled: Type.Boolean({ description: 'false: nothing is sent, and nothing new is written' }),
  host: Type.String({ minLength: 1, maxLength: 253, description: 'Name or address of the mail server; a public one' }),
  port: Type.Integer({ minimum: 1, maximum: 65_535, description: '25, 465, 587, or one from 1024 on' }),
  tls: Type.Enum([...mailTlsModes], {
    description:
      'tls: from the first byte (465) · starttls: demanded before anything is told (587) · none: in the open',
  }),
  userName: nullable(Type.String({ minLength: 1, maxLength: 320, description: 'null: without signing in' })),
  senderName: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S', description: 'As recipients read it' }),
  senderAddress: address,
}

export const mailSettings = Type.Object(
  {
    configured: Type.Boolean({ description: 'false: nothing is set yet, and the rest is what one might begin with' }),
    ...settings,
    host: Type.String(),
    senderAddress: Type.String(),
    userName: nullable(Type.String()),
    hasPassword: Type.Boolean({ description: 'There is one; it is never shown' }),
    failingSince: nullable(instant('Since when the server cannot be used; null: nothing is known against it')),
    lastError: nullable(Type.String({ description: 'What it said, or what was in the way' })),
    lastSentAt: nullable(instant('When it last took a mail')),
    waiting: Type.Integer({ description: 'Mails that are still to be sent' }),
    changedAt: nullable(instant('When somebody last changed them')),
    changedBy: nullable(Type.String()),
  },
  { $id: 'MailSettings' },
)
export type WireMailSettings = Type.Static<typeof mailSettings>

const example: WireMailSettings = {
  configured: true,
  enabled: true,
  host: 'smtp.example.com',
  port: 587,
  tls: 'starttls',
  userName: 'leadline@northwind.example',
  senderName: 'Northwind Voice',
  senderAddress: 'leads@northwind.example',
  hasPassword: true,
  failingSince: null,
  lastError: null,
  lastSentAt: '2026-11-22T09:00:00.000Z',
  waiting: 0,
  changedAt: '2026-11-22T08:15:30.000Z',
  changedBy: 'Dana Wills',
}

const mail = { tag: 'Mail', source: 'own; issue 6, 4', permission: 'mail.manage', operatorOnly: true } as const
const shown = { description: 'The settings', schema: mailSettings, example }

export const getMailSettings = defineEndpoint({
  ...mail,
  operationId: 'getMailSettings',
  method: 'GET',
  path: '/api/v4/mail/settings',
  summary: 'How this operator sends mail',
  description: 'The password is never shown.',
  responses: { 200: shown },
})

export const setMailSettings = defineEndpoint({
  ...mail,
  operationId: 'setMailSettings',
  method: 'PUT',
  path: '/api/v4/mail/settings',
  summary: 'Set how this operator sends mail',
  description:
    'The whole of it, but for the password: left out it stays as it is. With another server, port, security or user it must be given again, ' +
    'so that nobody learns it by sending it to a server of his own. What waits is sent with the new settings at once.',
  body: Type.Object({
    ...settings,
    password: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000, description: 'Write-only' })),
  }),
  bodyExample: {
    enabled: true,
    host: 'smtp.example.com',
    port: 587,
    tls: 'starttls',
    userName: 'leadline@northwind.example',
    password: 'a password for this purpose only',
    senderName: 'Northwind Voice',
    senderAddress: 'leads@northwind.example',
  },
  responses: { 200: shown },
})

const step = Type.Object({
  stage: Type.Enum([...mailStages]),
  ok: Type.Boolean(),
  said: Type.String({ description: 'The answer of the server in its own words, or what was in the way' }),
})

export const mailTest = Type.Object(
  {
    ok: Type.Boolean({ description: 'The server has taken the mail' }),
    steps: Type.Array(step, {
      description: 'As far as it came, in order; after the first that is not ok there is none',
    }),
  },
  { $id: 'MailTest' },
)
export type WireMailTest = Type.Static<typeof mailTest>

export const testMail = defineEndpoint({
  ...mail,
  operationId: 'testMail',
  callsOutside: true,
  method: 'POST',
  path: '/api/v4/mail/test',
  summary: 'Send a test mail',
  description:
    'Sends one mail at once, past the queue and enabled or not, and tells what the server said at each stage: connect, tls, sign-in, ' +
    'sender, recipient, data. It is tried once. Takes at most 60 seconds.',
  body: Type.Object({ to: address }),
  bodyExample: { to: 'dana@northwind.example' },
  responses: {
    200: {
      description: 'What came of it, whatever that was',
      schema: mailTest,
      example: {
        ok: false,
        steps: [
          { stage: 'connect', ok: true, said: '220 smtp.example.com ESMTP' },
          { stage: 'tls', ok: true, said: '220 Ready to start TLS' },
          { stage: 'sign-in', ok: false, said: '535 5.7.8 Authentication credentials invalid' },
        ],
      } satisfies WireMailTest,
    },
    409: { ...conflict, description: 'No mail server is set' },
  },
})

export const listedMail = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    purpose: Type.String({ description: 'notice, digest, customer' }),
    recipientName: Type.String(),
    recipientAddress: Type.String(),
    subject: Type.String(),
    state: Type.Enum([...mailStates], {
      description:
        'bounced: refused for good, the words of the server are in lastReply · given-up: not taken within two days',
    }),
    attempts: Type.Integer(),
    dueAt: nullable(instant('Of the next attempt, while it waits')),
    lastStage: nullable(Type.Enum([...mailStages])),
    lastCode: nullable(Type.Integer({ description: 'Of SMTP; null: the server said nothing' })),
    lastReply: nullable(Type.String({ description: 'What the server said last' })),
    createdAt: instant('When it was written'),
    createdBy: Type.String(),
    finishedAt: nullable(instant('When it was sent, bounced or given up')),
  },
  { $id: 'ListedMail' },
)
export type WireListedMail = Type.Static<typeof listedMail>

const exampleMail: WireListedMail = {
  id: '019f2c6a-7b1e-7c40-9a53-2f6d1c0e8a11',
  purpose: 'notice',
  recipientName: 'Dana Wills',
  recipientAddress: 'dana@northwind.example',
  subject: '3 new leads',
  state: 'bounced',
  attempts: 1,
  dueAt: null,
  lastStage: 'recipient',
  lastCode: 550,
  lastReply: '550 5.1.1 <dana@northwind.example>: there is no such mailbox here',
  createdAt: '2026-11-22T09:00:00.000Z',
  createdBy: 'mail',
  finishedAt: '2026-11-22T09:00:01.000Z',
}

export const listMails = defineEndpoint({
  ...mail,
  operationId: 'listMails',
  method: 'GET',
  path: '/api/v4/mails',
  summary: 'Mails that wait, were sent or came back, newest first',
  description: `Without their text. Kept for ${MAILS_KEPT_DAYS} days after they were sent, bounced or given up; those to customers for a year.`,
  query: Type.Object({
    state: Type.Optional(Type.Enum([...mailStates])),
    cursor: Type.Optional(Type.String({ maxLength: 100, description: 'Opaque: nextCursor of the page before' })),
    pageSize: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MAILS_PAGE_SIZE_MAX, description: `${MAILS_PAGE_SIZE_DEFAULT} by default` }),
    ),
  }),
  responses: {
    200: {
      description: 'A page',
      schema: Type.Object({ data: Type.Array(listedMail), nextCursor: nullable(Type.String()) }),
      example: { data: [exampleMail], nextCursor: null },
    },
  },
})

export const retryMail = defineEndpoint({
  ...mail,
  operationId: 'retryMail',
  method: 'POST',
  path: '/api/v4/mails/{mailId}/retry',
  summary: 'Send a mail again',
  description: 'One that bounced, was given up, or waits: it is due at once, with all its attempts before it.',
  params: Type.Object({ mailId: Type.String({ format: 'uuid' }) }),
  responses: {
    200: { description: 'The mail', schema: listedMail, example: { ...exampleMail, state: 'waiting' } },
    409: { ...conflict, description: 'It was sent' },
  },
})
