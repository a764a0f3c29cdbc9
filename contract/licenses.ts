import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { problem } from './problem.ts'
import { connectionModels, serviceLicenses } from './services.ts'
import { task } from './tasks.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const conflict = { schema: problem, contentType: 'application/problem+json' }

export const SHORT_NAME_MIN = 3
export const SHORT_NAME_MAX = 15

/** Rules of a short name that can be broken, each by itself. Source: seed 004, portal.md 4, rest-api.md X30. */
export const shortNameFlaws = [
  'too-short',
  'too-long',
  'not-ascii',
  'forbidden-character',
  'dot',
  'blank',
  'reserved',
  'in-use',
] as const
export type ShortNameFlaw = (typeof shortNameFlaws)[number]

const shortNameFlaw = Type.Object({
  code: Type.Enum([...shortNameFlaws]),
  detail: Type.String({ description: 'What is wrong, in words for people' }),
})

export const checkShortName = defineEndpoint({
  operationId: 'checkShortName',
  method: 'GET',
  path: '/api/v4/short-names',
  tag: 'Licenses',
  summary: 'Whether a short name can be used, and a proposal',
  description:
    `${SHORT_NAME_MIN} to ${SHORT_NAME_MAX} printable ASCII characters, none of \`\\ / : * ? " < > |\`, no dot and no blank, not the ` +
    'word `audit`, and no other service of the operator has it, all without regard to letter case. Every rule that is broken is ' +
    'told. `proposal` is made of `companyName`, or of `name`, and is free at this moment.',
  source: 'seed 004; portal.md 4; own',
  permission: 'services.read',
  query: Type.Object({
    name: Type.Optional(Type.String({ maxLength: 200, description: 'To be checked' })),
    companyName: Type.Optional(Type.String({ maxLength: 400, description: 'To make a proposal of' })),
  }),
  responses: {
    200: {
      description: 'What is wrong with it, and what could be taken',
      schema: Type.Object(
        { ok: Type.Boolean(), flaws: Type.Array(shortNameFlaw), proposal: nullable(Type.String()) },
        { $id: 'ShortNameVerdict' },
      ),
      example: { ok: false, flaws: [{ code: 'dot', detail: 'It has a dot in it.' }], proposal: 'AlderPine' },
    },
  },
})

const templateId = (description: string) =>
  Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 2_147_483_647, description })))
const text = (maxLength: number, description: string) =>
  Type.Optional(nullable(Type.String({ maxLength, description })))

/** What a SIP connection with IP groups of its own is made with. Source: portal.md 4 (b), rest-api.md C2 and S2. */
export const advancedSettings = {
  model: Type.Optional(
    Type.Enum([...connectionModels], {
      description:
        'ip-group when left out; tenant: on the shared trunk, and the script writes what tells the customer apart',
    }),
  ),
  sbcId: Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'The SBC device' }),
  connectionName: text(60, 'Name of the SIP connection; the short name when left out'),
  onboardingScript: templateId('Script template that makes the objects'),
  cleanupScript: templateId('Script template that takes them away'),
  addNumbersScript: templateId('Script template for numbers that are added'),
  removeNumbersScript: templateId('Script template for numbers that are removed'),
  callingProfileId: text(100, 'The calling profile that numbers will have'),
  cacProfile: text(60, 'How many calls at once, such as "10 sessions"'),
  proxySet: text(60, 'The proxy set of the customer on the SBC; an IP group needs one'),
  carrierHostName: text(253, 'Host that the customer registers at'),
  carrierMainLine: text(60, 'Main number of the customer'),
  carrierUserName: text(60, 'With which the customer registers'),
  carrierPassword: text(200, 'Write-only: kept sealed and never told again'),
  variables: Type.Optional(
    Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 500 }), {
      description: 'Further variables of the scripts, by name',
    }),
  ),
}
const settings = Type.Object(advancedSettings)
export type WireAdvancedSettings = Type.Static<typeof settings>

const licenseAsked = {
  license: Type.Optional(Type.Enum(['OC Essential'], { description: 'The others come by an upgrade' })),
  shortName: Type.String({ maxLength: 200 }),
  fullName: Type.Optional(Type.String({ maxLength: 256, description: 'The company name of the lead when left out' })),
  lcCustomerId: Type.Optional(
    nullable(
      Type.Integer({
        minimum: 1,
        maximum: 2_147_483_647,
        description: "The LC customer the service hangs on; one of the lead's channel, if it has one",
      }),
    ),
  ),
  advanced: Type.Optional(
    nullable(Type.Object(advancedSettings, { description: 'IP groups of its own; left out: by tenant id' })),
  ),
}
const asked = Type.Object(licenseAsked)
export type WireLicenseAsked = Type.Static<typeof asked>

const params = Type.Object({ leadId: Type.String({ format: 'uuid' }) })
const tagged = { tag: 'Licenses', source: 'seed 004; own', permission: 'services.write' } as const
const gone = { 404: { ...conflict, description: 'There is no such lead, or it is not yours' } }

/** What will happen, or why it cannot. */
export const licensePreview = Type.Object(
  {
    allowed: Type.Boolean(),
    problems: Type.Array(
      Type.Object({
        code: Type.String(),
        detail: Type.String({ description: 'What is wrong, and what to do' }),
        pointer: nullable(Type.String({ description: 'The field it is about, such as /body/shortName; null: none' })),
      }),
      { description: 'All of them; empty where it is allowed' },
    ),
    warnings: Type.Array(Type.String()),
    summary: Type.Array(Type.Object({ step: Type.String(), text: Type.String() }), {
      description: 'What will happen, step by step, in words',
    }),
    model: Type.Enum([...connectionModels]),
    script: nullable(Type.String({ description: 'What will be written to the SBC, secrets masked; null: nothing' })),
    preflight: nullable(
      Type.Object(
        {
          asked: Type.Boolean({ description: 'false: nothing can ask it, since a person works it' }),
          reachable: Type.Boolean({ description: 'It was asked, and the script can be applied' }),
          detail: Type.String(),
          version: nullable(Type.String()),
        },
        { description: 'What the SBC answered just now; null: not asked for' },
      ),
    ),
  },
  { $id: 'LicensePreview' },
)
export type WireLicensePreview = Type.Static<typeof licensePreview>

export const previewLicense = defineEndpoint({
  ...tagged,
  operationId: 'previewLicense',
  method: 'POST',
  path: '/api/v4/leads/{leadId}/license/preview',
  summary: 'What applying the license would do, and what is in its way',
  description:
    'Changes nothing. Every precondition that is not met is told. With `preflight` the SBC is asked whether it is there.',
  readsOnly: true,
  params,
  body: Type.Object({
    ...licenseAsked,
    preflight: Type.Optional(Type.Boolean({ description: 'Ask the SBC of the advanced settings' })),
  }),
  bodyExample: { shortName: 'AlderPine', fullName: 'Alder & Pine US' },
  responses: {
    200: {
      description: 'What would happen',
      schema: licensePreview,
      example: {
        allowed: true,
        problems: [],
        warnings: [],
        summary: [
          { step: 'reserve', text: 'The short name AlderPine is taken for Alder & Pine US.' },
          { step: 'agreement', text: 'Microsoft is told AgreementSigned.' },
          { step: 'finish', text: 'The lead moves to Tenants with the license OC Essential.' },
        ],
        model: 'tenant',
        script: null,
        preflight: null,
      },
    },
    ...gone,
  },
})

export const applyLicense = defineEndpoint({
  ...tagged,
  operationId: 'applyLicense',
  method: 'POST',
  path: '/api/v4/leads/{leadId}/license',
  summary: 'Change Status to OC Essential: make a service of a lead',
  description:
    'A task: it reserves the short name, tells Microsoft `AgreementSigned`, makes the objects on the SBC where the model needs ' +
    'some, mints the id of the service and moves the lead to Tenants. What is in its way is 409 or 422 at once, with a code; what ' +
    'comes in its way later has every step taken back, and the lead says Failed and why. `POST …/license/preview` tells all of it ' +
    'beforehand.',
  params,
  body: asked,
  bodyExample: { shortName: 'AlderPine', fullName: 'Alder & Pine US', lcCustomerId: 1001 },
  responses: {
    202: {
      description: 'The task that does it',
      schema: task,
      headers: { Location: 'The task', 'Retry-After': 'Seconds until it is worth asking' },
    },
    ...gone,
    409: {
      ...conflict,
      description: 'The lead is not in a state for it, or the short name is taken; `code` says which',
    },
    422: { ...conflict, description: 'No license is left in the pool' },
  },
})

/** What is counted. Customers: services with OC Essential · licensed users: of Essentials Plus and Pro. */
export const poolKinds = ['customers', 'licensed-users'] as const
export type PoolKind = (typeof poolKinds)[number]

const channelId = Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: '0: the whole operator' })
const poolFields = {
  size: nullable(Type.Integer({ minimum: 0, maximum: 100_000_000, description: 'null: without limit' })),
  warningPercent: Type.Integer({ minimum: 1, maximum: 100, description: 'Told when so much of it is used' }),
  gracePercent: Type.Integer({ minimum: 0, maximum: 100, description: 'So much beyond it is let through, and told' }),
}

export const licensePool = Type.Object(
  {
    kind: Type.Enum([...poolKinds]),
    channel: nullable(Type.Object({ id: Type.Integer(), name: Type.String() }, { description: 'null: the operator' })),
    ...poolFields,
    used: Type.Integer(),
    left: nullable(Type.Integer({ description: 'With the grace; null: without limit' })),
    state: Type.Enum(['ok', 'warning', 'grace', 'exhausted']),
  },
  { $id: 'LicensePool' },
)
export type WireLicensePool = Type.Static<typeof licensePool>

const examplePool: WireLicensePool = {
  kind: 'customers',
  channel: null,
  size: 100,
  warningPercent: 80,
  gracePercent: 10,
  used: 12,
  left: 98,
  state: 'ok',
}

export const listLicensePools = defineEndpoint({
  operationId: 'listLicensePools',
  method: 'GET',
  path: '/api/v4/license-pools',
  tag: 'Licenses',
  summary: 'How many licenses there are and are left',
  description:
    'Both kinds of the operator, and those of channels that have one of their own. Credentials bound to a channel see its own.',
  source: 'portal.md 12.9; own',
  permission: 'services.read',
  responses: {
    200: {
      description: 'The pools',
      schema: Type.Object({ data: Type.Array(licensePool) }),
      example: { data: [examplePool] },
    },
  },
})

export const setLicensePool = defineEndpoint({
  operationId: 'setLicensePool',
  method: 'PUT',
  path: '/api/v4/license-pools/{kind}/{channelId}',
  tag: 'Licenses',
  summary: 'Set how many licenses the operator or a channel may use',
  description: 'A pool smaller than what is used takes nothing away: no more are applied until it fits.',
  source: 'portal.md 12.9; own',
  permission: 'services.write',
  operatorOnly: true,
  params: Type.Object({ kind: Type.Enum([...poolKinds]), channelId }),
  body: Type.Object(poolFields),
  bodyExample: { size: 100, warningPercent: 80, gracePercent: 10 },
  responses: { 200: { description: 'The pool', schema: licensePool, example: examplePool } },
})

export const licenseUsageDay = Type.Object(
  {
    day: Type.String({ description: 'YYYY-MM-DD, UTC' }),
    license: Type.Enum([...serviceLicenses]),
    services: Type.Integer(),
    licensedUsers: Type.Integer(),
  },
  { $id: 'LicenseUsageDay' },
)

const usageQuery = {
  from: Type.Optional(Type.String({ maxLength: 10, description: 'First day, YYYY-MM-DD; 90 days ago when left out' })),
  to: Type.Optional(Type.String({ maxLength: 10, description: 'Last day; today when left out' })),
  channelId: Type.Optional(channelId),
}

export const getLicenseUsage = defineEndpoint({
  operationId: 'getLicenseUsage',
  method: 'GET',
  path: '/api/v4/license-usage',
  tag: 'Licenses',
  summary: 'Use of licenses day by day',
  description: 'Written down once a day and never rewritten; at most two years at once.',
  source: 'portal.md 12.9; own',
  permission: 'services.read',
  query: Type.Object(usageQuery),
  responses: {
    200: {
      description: 'By day and license',
      schema: Type.Object({ data: Type.Array(licenseUsageDay) }),
      example: { data: [{ day: '2026-11-22', license: 'OC Essential', services: 12, licensedUsers: 0 }] },
    },
  },
})

export const licenseUsageCsvColumns = ['Day', 'License', 'Services', 'Licensed Users'] as const

export const exportLicenseUsage = defineEndpoint({
  operationId: 'exportLicenseUsage',
  method: 'GET',
  path: '/api/v4/license-usage.csv',
  tag: 'Licenses',
  summary: 'Use of licenses day by day, as CSV',
  description: `UTF-8 with BOM, comma, CRLF. Columns: ${licenseUsageCsvColumns.join(', ')}.`,
  source: 'portal.md 12.9; own',
  permission: 'services.read',
  query: Type.Object(usageQuery),
  responses: {
    200: {
      description: 'The file',
      schema: Type.String(),
      contentType: 'text/csv',
      headers: { 'Content-Disposition': 'attachment with a file name' },
    },
  },
})
