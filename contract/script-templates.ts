import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { problem } from './problem.ts'

/** Templates of one operator, beside those that Leadline brings along. */
export const SCRIPT_TEMPLATES_MAX = 200
export const SCRIPT_LENGTH_MAX = 100_000

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const templateId = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })

export const scriptPurposes = ['onboarding', 'cleanup', 'number-add', 'number-remove', 'bar', 'unbar'] as const
export type ScriptPurpose = (typeof scriptPurposes)[number]
const purpose = Type.Enum([...scriptPurposes], {
  description:
    'onboarding, cleanup: of a SIP connection · number-add, number-remove: of the dial plan · bar, unbar: a service, emergency ' +
    'calls excepted',
})

/** One thing that has to be known before a script can be applied. */
export const scriptVariable = Type.Object(
  {
    name: Type.String({
      pattern: '^[A-Za-z][A-Za-z0-9_]{0,59}$',
      description: 'As it stands in the script: `{{ProxySet}}`',
    }),
    type: Type.Enum(['text', 'label', 'word', 'number', 'host', 'choice', 'secret'], {
      description:
        'text: printable, without quotes and backslashes · label: free text, what the device cannot take is replaced · word: ' +
        'letters, digits and `. _ - : @ / + =` · secret: as text, and shown nowhere',
    }),
    title: Type.String({ minLength: 1, maxLength: 80 }),
    help: Type.String({ maxLength: 500 }),
    required: Type.Boolean(),
    default: nullable(Type.String({ maxLength: 1_000 })),
    choices: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { maxItems: 100 })),
    lengthMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
    minimum: Type.Optional(Type.Integer()),
    maximum: Type.Optional(Type.Integer()),
    given: Type.Optional(
      Type.Boolean({ description: 'Leadline gives it itself (short name, tenant id, …): no form has to ask' }),
    ),
  },
  { $id: 'ScriptVariable' },
)
export type WireScriptVariable = Type.Static<typeof scriptVariable>
const { given: _, ...askedVariable } = scriptVariable.properties

export const scriptTemplate = Type.Object(
  {
    id: templateId,
    name: Type.String(),
    purpose,
    description: Type.String(),
    make: Type.String({ description: 'Whose language it is: `mediant`, or any other make' }),
    script: Type.String({ description: 'Empty, or comments only: nothing is written to the SBC' }),
    variables: Type.Array(scriptVariable),
    writesNothing: Type.Boolean(),
    isBuiltIn: Type.Boolean({ description: 'Came with Leadline: it cannot be changed, only copied' }),
    version: Type.Integer({ description: 'Grows with each change of script or variables; older ones are kept' }),
    changedAt: nullable(Type.String({ format: 'date-time', description: 'null: came with Leadline' })),
    changedBy: nullable(Type.String()),
  },
  { $id: 'ScriptTemplate' },
)
export type WireScriptTemplate = Type.Static<typeof scriptTemplate>

const example: WireScriptTemplate = {
  id: 10_001,
  name: 'Customer group behind our own proxy set',
  purpose: 'onboarding',
  description: 'As our network team wants it',
  make: 'mediant',
  script:
    'configure voip\n ip-group new\n  name "{{ShortName}}-c"\n  proxy-set-name "{{ProxySet}}"\n  activate\n exit\nexit',
  variables: [
    { name: 'ShortName', type: 'word', title: 'Short name', help: '', required: true, default: null, given: true },
    {
      name: 'ProxySet',
      type: 'text',
      title: 'Proxy set',
      help: 'Name of a proxy set of the device',
      required: true,
      default: 'Customers',
    },
  ],
  writesNothing: false,
  isBuiltIn: false,
  version: 2,
  changedAt: '2026-11-22T18:00:00.000Z',
  changedBy: 'Dana Wills',
}

const own = { tag: 'SBCs', source: 'own; issue 7, 2', operatorOnly: true } as const
const seeing = { ...own, permission: 'sbcs.read' } as const
const managing = { ...own, permission: 'sbcs.manage' } as const
const params = Type.Object({ templateId })
const asProblem = { schema: problem, contentType: 'application/problem+json' } as const
const headers = { ETag: 'Changes with every change: send it as If-Match with the next one' }
const shown = { description: 'The template', schema: scriptTemplate, headers, example }
const taken = {
  ...asProblem,
  description: 'There is a template of that name, there are as many as there may be, or it came with Leadline',
}
const changedMeanwhile = { ...asProblem, description: 'Somebody changed it since the ETag sent as If-Match' }

const body = {
  name: Type.String({ minLength: 1, maxLength: 80, pattern: '\\S' }),
  description: Type.String({ maxLength: 1_000 }),
  make: Type.String({ minLength: 1, maxLength: 40, pattern: '\\S' }),
  script: Type.String({
    maxLength: SCRIPT_LENGTH_MAX,
    description: 'Lines with `{{Variable}}`; `{{#if Variable}}` … `{{/if}}` around lines for when it has a value',
  }),
  variables: Type.Array(Type.Object(askedVariable, { additionalProperties: false }), {
    maxItems: 100,
    description: 'Those that Leadline gives by itself need not be declared, but may be, with another type or help',
  }),
}

export const listScriptTemplates = defineEndpoint({
  ...seeing,
  operationId: 'listScriptTemplates',
  method: 'GET',
  path: '/api/v4/script-templates',
  summary: 'Script templates: those that came with Leadline, and your own',
  description: 'By purpose, then by name.',
  query: Type.Object({ purpose: Type.Optional(purpose) }),
  responses: {
    200: {
      description: 'All of them',
      schema: Type.Object({ data: Type.Array(scriptTemplate) }),
      example: { data: [example] },
    },
  },
})

export const createScriptTemplate = defineEndpoint({
  ...managing,
  operationId: 'createScriptTemplate',
  method: 'POST',
  path: '/api/v4/script-templates',
  summary: 'Make a script template',
  description: 'A script that uses a variable which is neither declared nor given by Leadline is refused, by its name.',
  body: Type.Object(
    {
      ...body,
      purpose,
      description: Type.Optional(body.description),
      make: Type.Optional(body.make),
      variables: Type.Optional(body.variables),
    },
    { additionalProperties: false },
  ),
  bodyExample: { name: example.name, purpose: 'onboarding', script: '! nothing to do', variables: [] },
  responses: { 201: shown, 409: taken },
})

export const getScriptTemplate = defineEndpoint({
  ...seeing,
  operationId: 'getScriptTemplate',
  method: 'GET',
  path: '/api/v4/script-templates/{templateId}',
  summary: 'One script template',
  description: 'An older version by its number, as long as it was ever current.',
  params,
  query: Type.Object({ version: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })) }),
  responses: { 200: shown },
})

export const updateScriptTemplate = defineEndpoint({
  ...managing,
  operationId: 'updateScriptTemplate',
  method: 'PATCH',
  path: '/api/v4/script-templates/{templateId}',
  summary: 'Change a script template',
  description: 'What is left out stays. Services keep saying which version was applied for them.',
  params,
  body: Type.Partial(Type.Object(body), { additionalProperties: false }),
  bodyExample: { description: 'As our network team wants it' },
  responses: { 200: shown, 409: taken, 412: changedMeanwhile },
})

export const deleteScriptTemplate = defineEndpoint({
  ...managing,
  operationId: 'deleteScriptTemplate',
  method: 'DELETE',
  path: '/api/v4/script-templates/{templateId}',
  summary: 'Delete a script template',
  description: 'Its versions stay readable by number, for what was applied with them.',
  params,
  responses: { 204: { description: 'It is gone', schema: null }, 409: taken, 412: changedMeanwhile },
})

export const scriptPlan = Type.Object(
  {
    changes: Type.Array(
      Type.Object({
        table: Type.String(),
        name: Type.String(),
        what: Type.Enum(['add', 'change', 'keep', 'remove', 'already-gone', 'leave']),
        note: Type.String(),
      }),
    ),
    conflicts: Type.Array(
      Type.Object({ table: Type.String(), name: Type.String() }, { description: 'Is there, differs, and is not ours' }),
    ),
    missingReferences: Type.Array(
      Type.Object({ table: Type.String(), name: Type.String(), referredBy: Type.String() }),
    ),
    commands: Type.String({ description: 'What would be sent: only what is missing or different; secrets masked' }),
  },
  { $id: 'ScriptPlan' },
)
export type WireScriptPlan = Type.Static<typeof scriptPlan>

export const scriptPreview = Type.Object(
  {
    ok: Type.Boolean({ description: 'It can be applied as far as is known' }),
    problems: Type.Array(Type.Object({ variable: Type.String(), detail: Type.String() }), {
      description: 'Variables that are missing, unknown or wrong',
    }),
    script: nullable(
      Type.String({ description: 'As it would be applied, secrets as `<Name>`; null while there are problems' }),
    ),
    plan: nullable(scriptPlan),
    sbcTrouble: nullable(
      Type.Object(
        { code: Type.String(), detail: Type.String(), remedy: Type.String() },
        { description: 'Why there is no plan' },
      ),
    ),
  },
  { $id: 'ScriptPreview' },
)
export type WireScriptPreview = Type.Static<typeof scriptPreview>

export const previewScript = defineEndpoint({
  ...seeing,
  operationId: 'previewScript',
  callsOutside: true,
  readsOnly: true,
  method: 'POST',
  path: '/api/v4/script-templates/{templateId}/preview',
  summary: 'The script for given variables, and what it would do to a device',
  description:
    'Nothing is changed. With `sbcId` the device is asked what it holds (a dry run): what would be added, changed, kept or ' +
    'removed, and what stands in the way.',
  params,
  body: Type.Object(
    {
      variables: Type.Record(Type.String({ maxLength: 80 }), Type.String({ maxLength: 1_000 })),
      sbcId: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
    },
    { additionalProperties: false },
  ),
  bodyExample: { variables: { ShortName: 'contoso', ProxySet: 'Customers' } },
  responses: { 200: { description: 'The script', schema: scriptPreview } },
})

/** As the documented API shows a template. Source: rest-api.md 2.9. */
const documentedTemplate = Type.Object(
  {
    id: Type.Integer(),
    name: Type.String(),
    scriptType: Type.Integer({ description: '0: numbers, 1: SBC onboarding, 2: SBC cleanup' }),
    description: nullable(Type.String()),
    script: nullable(Type.String({ description: 'With allDetails=true' })),
    customerVariables: nullable(
      Type.Array(
        Type.Object({ name: Type.String(), description: Type.String(), defaultValue: nullable(Type.String()) }),
        { description: 'With allDetails=true' },
      ),
    ),
    relatedScripts: nullable(Type.Array(Type.Object({ key: Type.String(), value: Type.String() }))),
  },
  { $id: 'DocumentedScriptTemplate' },
)
export type WireDocumentedScriptTemplate = Type.Static<typeof documentedTemplate>

export const listDocumentedScriptTemplates = defineEndpoint({
  operationId: 'listDocumentedScriptTemplates',
  method: 'GET',
  path: '/api/v2/scripttemplates',
  tag: 'SBCs (documented)',
  documented: true,
  lenientQueryNames: true,
  summary: 'Script templates, as documented',
  description:
    'A bare array, by id. `scriptType` is `Any` (default), `SBC` or `M365` (there are none), or a number. Pages are counted from 0.',
  source: 'rest-api.md P3',
  permission: 'sbcs.read',
  operatorOnly: true,
  query: Type.Object({
    scriptType: Type.Optional(Type.String({ pattern: '^\\s*([Aa]ny|ANY|[Ss][Bb][Cc]|[Mm]365|[0-4])\\s*$' })),
    allDetails: Type.Optional(Type.Boolean({ description: 'false if left out' })),
    PageNumber: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, description: '0 if left out' })),
    PageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, description: '10 if left out' })),
  }),
  responses: {
    200: {
      description: 'The page',
      schema: Type.Array(documentedTemplate),
      example: [
        {
          id: 5000,
          name: 'sbc-add-oc-numbers',
          scriptType: 0,
          description: 'Adds numbers to the dial plan',
          script: null,
          customerVariables: null,
          relatedScripts: null,
        },
      ],
    },
  },
})
