import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { problem } from './problem.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const conflict = { schema: problem, contentType: 'application/problem+json' }

export const TEMPLATES_MAX = 100
export const TEMPLATE_NAME_MAX = 100
export const MAIL_SUBJECT_MAX = 200
export const MAIL_BODY_MAX = 10_000

/**
 * What may stand in a template as `{{name}}`, with what is put there. Names are words of the wire, in no language; countries
 * and dates are written in the language of the template.
 */
export const templateVariables = {
  companyName: { meaning: 'The company of the customer', example: 'Contoso Ltd' },
  contactName: { meaning: 'The person whom this mail goes to', example: 'Megan Bowen' },
  countries: { meaning: 'The countries the customer has picked', example: 'Germany and United Kingdom' },
  companySize: { meaning: 'Employees of the customer', example: '250–999' },
  consentDate: { meaning: 'The day on which the customer has picked the operator', example: 'November 22, 2026' },
  tenantId: { meaning: "The customer's Microsoft tenant", example: 'f94238e5-4f2c-4e1b-8125-2d27122ca75f' },
  operatorName: { meaning: 'The name of the operator', example: 'Northwind Voice' },
  channelName: { meaning: 'The channel that the lead belongs to', example: 'Riverside IT' },
  channelEmail: { meaning: 'The mail address of that channel', example: 'desk@riverside.example' },
  channelPhone: { meaning: 'The phone number of that channel', example: '+1 425 555 0190' },
  senderName: { meaning: 'Whoever sends the mail', example: 'Dana Wills' },
  senderEmail: { meaning: 'The mail address of whoever sends the mail', example: 'dana@northwind.example' },
} as const
export type TemplateVariable = keyof typeof templateVariables
export const allTemplateVariables = Object.keys(templateVariables) as TemplateVariable[]

const name = Type.String({
  minLength: 1,
  maxLength: TEMPLATE_NAME_MAX,
  pattern: '\\S',
  description: 'Unique, as people read it',
})
/** The text of a mail to a customer, in a template or for once. */
export const mailTextFields = {
  subject: Type.String({ minLength: 1, maxLength: MAIL_SUBJECT_MAX, pattern: '\\S', description: 'One line' }),
  body: Type.String({
    minLength: 1,
    maxLength: MAIL_BODY_MAX,
    pattern: '\\S',
    description: 'Plain text; an empty line begins a paragraph, and addresses of pages become links',
  }),
  language: Type.String({
    minLength: 2,
    maxLength: 35,
    description: 'BCP 47, such as en or de-AT: in which countries and dates are written',
  }),
}
const written = { name, ...mailTextFields }

export const mailTemplate = Type.Object(
  {
    id: Type.String({ description: 'A UUID, or the word of one that Leadline brings along' }),
    ...written,
    isBuiltIn: Type.Boolean({ description: 'Leadline brings it along: it can be restored' }),
    isChanged: Type.Boolean({ description: 'A built-in one that somebody has changed' }),
    changedAt: nullable(Type.String({ format: 'date-time' })),
    changedBy: nullable(Type.String()),
  },
  { $id: 'MailTemplate' },
)
export type WireMailTemplate = Type.Static<typeof mailTemplate>

const example: WireMailTemplate = {
  id: '019f2c6a-7b1e-7c40-9a53-2f6d1c0e8a77',
  name: 'After the first call',
  subject: '{{operatorName}}: as we have just discussed',
  body: 'Hello {{contactName}},\n\nthank you for your time. …\n\n{{senderName}}',
  language: 'en',
  isBuiltIn: false,
  isChanged: false,
  changedAt: '2026-11-22T09:00:00.000Z',
  changedBy: 'Dana Wills',
}

const templates = { tag: 'Mail', source: 'issue 6, 4', permission: 'mail.manage', operatorOnly: true } as const
const one = Type.Object({ templateId: Type.String({ minLength: 1, maxLength: 60 }) })
const taken = { ...conflict, description: 'Another template has this name' }

export const listMailTemplates = defineEndpoint({
  ...templates,
  permission: 'mail.send',
  operatorOnly: false,
  operationId: 'listMailTemplates',
  method: 'GET',
  path: '/api/v4/mail/templates',
  summary: 'Templates of mail to customers, and what may stand in them',
  description:
    'Those that Leadline brings along first, then by name. In subject and body `{{name}}` stands for what is known of the lead; ' +
    '`variables` lists every name.',
  responses: {
    200: {
      description: 'All of them',
      schema: Type.Object({
        data: Type.Array(mailTemplate),
        removedBuiltIns: Type.Array(Type.Object({ id: Type.String(), name: Type.String() }), {
          description: 'Built-in ones that this operator has deleted: they can be restored',
        }),
        variables: Type.Array(
          Type.Object({
            name: Type.Enum(allTemplateVariables),
            meaning: Type.String(),
            example: Type.String(),
          }),
        ),
      }),
      example: {
        data: [example],
        removedBuiltIns: [{ id: 'channel-introduction', name: 'Introducing your reseller' }],
        variables: [{ name: 'companyName', ...templateVariables.companyName }],
      },
    },
  },
})

export const createMailTemplate = defineEndpoint({
  ...templates,
  operationId: 'createMailTemplate',
  method: 'POST',
  path: '/api/v4/mail/templates',
  summary: 'Add a template',
  description: `At most ${TEMPLATES_MAX}. A name in braces that there is not is refused, with the one that was probably meant.`,
  body: Type.Object(written),
  bodyExample: { name: example.name, subject: example.subject, body: example.body, language: 'en' },
  responses: {
    201: { description: 'The template', schema: mailTemplate, example },
    409: { ...conflict, description: 'Another template has this name, or there are all there can be' },
  },
})

export const setMailTemplate = defineEndpoint({
  ...templates,
  operationId: 'setMailTemplate',
  method: 'PUT',
  path: '/api/v4/mail/templates/{templateId}',
  summary: 'Change or rename a template',
  description: 'The whole of it. Mails that were written with it stay as they are.',
  params: one,
  body: Type.Object(written),
  bodyExample: { name: example.name, subject: example.subject, body: example.body, language: 'en' },
  responses: { 200: { description: 'The template', schema: mailTemplate, example }, 409: taken },
})

export const deleteMailTemplate = defineEndpoint({
  ...templates,
  operationId: 'deleteMailTemplate',
  method: 'DELETE',
  path: '/api/v4/mail/templates/{templateId}',
  summary: 'Delete a template',
  description: 'One that Leadline brings along can be restored, any other is gone.',
  params: one,
  responses: { 204: { description: 'Deleted', schema: null } },
})

export const restoreMailTemplate = defineEndpoint({
  ...templates,
  operationId: 'restoreMailTemplate',
  method: 'POST',
  path: '/api/v4/mail/templates/{templateId}/restore',
  summary: 'Give a template the text again that Leadline brings along',
  description: 'Of a built-in one, changed or deleted.',
  params: one,
  responses: {
    200: { description: 'The template', schema: mailTemplate, example: { ...example, isBuiltIn: true } },
    409: { ...conflict, description: 'It is one of your own, or another template has taken its name' },
  },
})

export const customerMailSettings = Type.Object(
  {
    replyTo: nullable(
      Type.String({
        maxLength: 254,
        description: 'Where answers of customers go; null: to the person who wrote the mail',
      }),
    ),
    channelsMaySend: Type.Boolean({ description: 'People of channels may write to the customers of their leads' }),
    perMinute: Type.Integer({ minimum: 1, maximum: 1_000, description: 'Mails to customers in one minute, at most' }),
    perDay: Type.Integer({ minimum: 1, maximum: 100_000, description: 'And in one day (UTC)' }),
  },
  { $id: 'CustomerMailSettings' },
)
export type WireCustomerMailSettings = Type.Static<typeof customerMailSettings>
const exampleSettings: WireCustomerMailSettings = {
  replyTo: null,
  channelsMaySend: false,
  perMinute: 60,
  perDay: 1_000,
}
const shownSettings = {
  description: 'The settings',
  schema: Type.Object({
    ...customerMailSettings.properties,
    usedToday: Type.Integer({ description: 'Mails to customers that were written today (UTC)' }),
  }),
  example: { ...exampleSettings, usedToday: 12 },
}

export const getCustomerMailSettings = defineEndpoint({
  ...templates,
  operationId: 'getCustomerMailSettings',
  method: 'GET',
  path: '/api/v4/mail/customer-settings',
  summary: 'What holds for mail to customers',
  description: 'Who may write, where answers go, and how many may be written.',
  responses: { 200: shownSettings },
})

export const setCustomerMailSettings = defineEndpoint({
  ...templates,
  operationId: 'setCustomerMailSettings',
  method: 'PUT',
  path: '/api/v4/mail/customer-settings',
  summary: 'Set what holds for mail to customers',
  description: 'The whole of it. The limits are there so that a slip does not reach every customer.',
  body: customerMailSettings,
  bodyExample: exampleSettings,
  responses: { 200: shownSettings, 409: { ...conflict, description: 'No mail server is set' } },
})
