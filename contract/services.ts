import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { problem } from './problem.ts'
import { task } from './tasks.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const instant = (description: string) => Type.String({ format: 'date-time', description })
const guid = (description: string) => Type.String({ format: 'uuid', description })
const conflict = { schema: problem, contentType: 'application/problem+json' }
const permitted = Type.Object({
  allowed: Type.Boolean(),
  reason: Type.Optional(Type.String({ description: 'Why not, in the words a refusal would use' })),
})

/** Licenses of Operator Connect, by the number the documented API has for each. Source: rest-api.md 2.6, X43. */
export const licenseNumbers = { 'OC Essential': 3, 'OC Essentials Plus': 4, 'OC Pro': 5 } as const
export type ServiceLicense = keyof typeof licenseNumbers
export const serviceLicenses = Object.keys(licenseNumbers) as ServiceLicense[]

/** `Creating`: its license is being applied · `Deleting`: it is being taken down, and stays to be seen until that is done. */
export const serviceStates = ['Creating', 'Active', 'Deleting'] as const
export type ServiceState = (typeof serviceStates)[number]

/** How calls find the customer on the SBC. Source: portal.md 4, "Two connection models". */
export const connectionModels = ['tenant', 'ip-group'] as const
export type ConnectionModel = (typeof connectionModels)[number]

/** `Waiting`: for a person who applies a script, or for the device · `None`: nothing of it is on a device, by its model. */
export const deploymentStates = ['None', 'Pending', 'Waiting', 'Deployed', 'Failed', 'Removing'] as const
export type DeploymentState = (typeof deploymentStates)[number]

/** What the last check found; `unknown`: it was never checked. */
export const healthStates = ['ok', 'warning', 'error', 'unknown'] as const
export type HealthState = (typeof healthStates)[number]

/** How a service came about. */
export const serviceOrigins = ['licensed', 'adopted'] as const

export const sipConnection = Type.Object(
  {
    id: guid('The SIP connection, siteLocationId of the documented API'),
    name: Type.String(),
    isFirst: Type.Boolean({ description: 'The one that came with the license; it goes with the service only' }),
    model: Type.Enum([...connectionModels], {
      description: 'tenant: told apart by the tenant id on the shared trunk · ip-group: IP groups of its own',
    }),
    sbc: nullable(Type.Object({ id: Type.Integer(), name: nullable(Type.String()) })),
    deployment: Type.Enum([...deploymentStates]),
    deploymentDetail: nullable(Type.String({ description: 'What it waits for, or why it failed' })),
    cacProfile: nullable(Type.String({ description: 'How many calls at once, as the SBC names it' })),
    proxySet: nullable(Type.String({ description: 'Of the customer, as the SBC names it' })),
    carrierHostName: nullable(Type.String()),
    carrierUserName: nullable(Type.String({ description: 'With which the customer registers' })),
    carrierMainLine: nullable(Type.String()),
    hasCarrierPassword: Type.Boolean({ description: 'The password itself is never told' }),
    onboardingScript: nullable(Type.Integer({ description: 'Script template' })),
    cleanupScript: nullable(Type.Integer({ description: 'Script template' })),
    addNumbersScript: nullable(Type.Integer({ description: 'Script template' })),
    removeNumbersScript: nullable(Type.Integer({ description: 'Script template' })),
    variables: Type.Record(Type.String(), Type.String(), { description: 'Of the scripts; secret ones are left out' }),
    createdAt: instant('When it was made'),
    changedAt: instant('When it last changed'),
    actions: Type.Object({ change: permitted, delete: permitted }),
  },
  { $id: 'SipConnection' },
)
export type WireSipConnection = Type.Static<typeof sipConnection>

/** One thing that a check looked at. */
export const checkResult = Type.Object(
  {
    code: Type.String({ description: 'Stable: microsoft-tenant, relationship, sbc-objects, trunk, …' }),
    title: Type.String(),
    result: Type.Enum(['ok', 'warning', 'error', 'skipped']),
    detail: Type.String({ description: 'What was found, and what to do where it is not well' }),
  },
  { $id: 'ServiceCheckResult' },
)
export type WireCheckResult = Type.Static<typeof checkResult>

export const service = Type.Object(
  {
    id: guid('umpCustomerGuid of the documented API'),
    shortName: Type.String(),
    fullName: Type.String(),
    tenantId: guid("The customer's Entra tenant"),
    leadId: guid('The lead it was made of'),
    license: Type.Enum([...serviceLicenses]),
    licensedUsers: nullable(Type.Integer({ description: 'null: the license has no number of users' })),
    state: Type.Enum([...serviceStates]),
    origin: Type.Enum([...serviceOrigins], { description: 'adopted: it was live before Leadline' }),
    barred: nullable(
      Type.Object({ since: instant('Since when no calls but emergency calls pass'), reason: Type.String() }),
    ),
    channel: nullable(Type.Object({ id: Type.Integer(), name: Type.String() })),
    lcCustomer: nullable(Type.Object({ id: Type.Integer(), name: Type.String() })),
    model: Type.Enum([...connectionModels]),
    connections: Type.Integer({ description: 'SIP connections' }),
    deployment: Type.Enum([...deploymentStates], { description: 'The worst of its SIP connections' }),
    health: Type.Enum([...healthStates]),
    checkedAt: nullable(instant('When it was last checked')),
    usedNumbers: Type.Integer({ description: 'Phone numbers; 0 until numbers exist' }),
    createdAt: instant('When its license was asked for'),
    changedAt: instant('When it last changed'),
    taskId: nullable(Type.String({ description: 'The task that is at work on it' })),
    actions: Type.Object({
      edit: permitted,
      addConnection: permitted,
      changeLcCustomer: permitted,
      changeChannel: permitted,
      check: permitted,
      bar: permitted,
      unbar: permitted,
      delete: permitted,
    }),
  },
  { $id: 'Service' },
)
export type WireService = Type.Static<typeof service>

export const testCall = Type.Object(
  {
    code: Type.String(),
    title: Type.String({ description: 'What to try' }),
    doneAt: nullable(instant('When somebody ticked it off')),
    doneBy: nullable(Type.String()),
  },
  { $id: 'TestCall' },
)
export type WireTestCall = Type.Static<typeof testCall>

export const serviceDetail = Type.Object(
  {
    ...service.properties,
    callingProfile: nullable(Type.Object({ id: Type.String(), name: nullable(Type.String()) })),
    sipConnections: Type.Array(sipConnection),
    check: nullable(Type.Object({ at: instant('When'), results: Type.Array(checkResult) })),
    testCalls: Type.Array(testCall, { description: 'To be made by a person, and ticked off' }),
  },
  { $id: 'ServiceDetail' },
)
export type WireServiceDetail = Type.Static<typeof serviceDetail>

export const serviceSorts = ['arrival', '-arrival', 'fullName', '-fullName', 'shortName', '-shortName'] as const
export type ServiceSort = (typeof serviceSorts)[number]

const list = (maxLength: number, description: string) => Type.Optional(Type.String({ maxLength, description }))
export const serviceFilters = {
  q: list(200, 'Part of short name, full name, tenant id or id, or of the name of its LC customer; any letter case'),
  state: list(100, `Comma-separated: ${serviceStates.join(', ')}, Barred`),
  license: list(100, `Comma-separated: ${serviceLicenses.join(', ')}`),
  deployment: list(100, `Comma-separated: ${deploymentStates.join(', ')}`),
  health: list(100, `Comma-separated: ${healthStates.join(', ')}`),
  model: Type.Optional(Type.Enum([...connectionModels])),
  channelId: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: 'Of this channel; 0: of none' }),
  ),
  lcCustomerId: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: 'Of this LC customer; 0: of none' }),
  ),
  tenantId: Type.Optional(Type.String({ maxLength: 100, description: "The customer's Entra tenant" })),
  leadId: Type.Optional(Type.String({ format: 'uuid', description: 'The service of this lead' })),
}

const facet = Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() }))
export const serviceFacets = Type.Object(
  { state: facet, license: facet, deployment: facet, health: facet, model: facet },
  { $id: 'ServiceFacets' },
)
export type WireServiceFacets = Type.Static<typeof serviceFacets>

export const SERVICES_PAGE_SIZE_DEFAULT = 50
export const SERVICES_PAGE_SIZE_MAX = 1_000

const yes = { allowed: true }
const exampleServiceId = 'c39a9d97-3374-4bab-8648-459795360c7e'
export const exampleService: WireService = {
  id: exampleServiceId,
  shortName: 'AlderPine',
  fullName: 'Alder & Pine US',
  tenantId: 'd1382f6b-4846-45d7-9ac8-0349c1ed5ead',
  leadId: '691aa0bb-5396-4df6-97ad-83f82e4a64e2',
  license: 'OC Essential',
  licensedUsers: null,
  state: 'Active',
  origin: 'licensed',
  barred: null,
  channel: { id: 907, name: 'Riverside IT' },
  lcCustomer: { id: 1001, name: 'Alder & Pine' },
  model: 'tenant',
  connections: 1,
  deployment: 'None',
  health: 'ok',
  checkedAt: '2026-11-22T09:05:00.000Z',
  usedNumbers: 0,
  createdAt: '2026-11-22T09:00:00.000Z',
  changedAt: '2026-11-22T09:05:00.000Z',
  taskId: null,
  actions: {
    edit: yes,
    addConnection: yes,
    changeLcCustomer: yes,
    changeChannel: yes,
    check: yes,
    bar: yes,
    unbar: { allowed: false, reason: 'It is not barred.' },
    delete: yes,
  },
}

const reading = { tag: 'Services', source: 'own', permission: 'services.read' } as const
const writing = { tag: 'Services', source: 'own', permission: 'services.write' } as const
const managing = { ...writing, operatorOnly: true } as const
const params = Type.Object({ serviceId: Type.String({ format: 'uuid' }) })
const headers = { ETag: 'Changes with every change of the service: send it as If-Match with the next one' }
const shown = { description: 'The service', schema: serviceDetail, headers }
const gone = { 404: { ...conflict, description: 'There is no such service, or it is not yours' } }
const busy = { 409: { ...conflict, description: 'A task is at work on it, or it is not in a state for that' } }
const changedMeanwhile = { 412: { ...conflict, description: 'Somebody changed it since the ETag sent as If-Match' } }
const started = {
  202: {
    description: 'The task that does it',
    schema: task,
    headers: { Location: 'The task', 'Retry-After': 'Seconds until it is worth asking' },
  },
}

export const listServices = defineEndpoint({
  ...reading,
  operationId: 'listServices',
  method: 'GET',
  path: '/api/v4/services',
  summary: 'Services, with names, facets and what may be done with each',
  description:
    'In the order in which they came, unless `sort` says otherwise. Cursor paging. `facets=true` adds counts over everything ' +
    'that matches, not only this page. Credentials bound to a channel see those of that channel.',
  query: Type.Object({
    ...serviceFilters,
    sort: Type.Optional(Type.Enum([...serviceSorts], { description: 'Default: arrival' })),
    cursor: Type.Optional(Type.String({ maxLength: 400, description: 'Opaque: nextCursor of the page before' })),
    pageSize: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: SERVICES_PAGE_SIZE_MAX,
        description: `Services per page, ${SERVICES_PAGE_SIZE_DEFAULT} by default`,
      }),
    ),
    facets: Type.Optional(Type.Boolean()),
  }),
  responses: {
    200: {
      description: 'One page',
      schema: Type.Object({
        data: Type.Array(service),
        total: Type.Integer({ description: 'All that match' }),
        nextCursor: nullable(Type.String({ description: 'null on the last page' })),
        facets: Type.Optional(serviceFacets),
      }),
      headers: { ETag: 'Changes when any service in the scope changes; send it back as If-None-Match' },
      example: { data: [exampleService], total: 1, nextCursor: null },
    },
    304: { description: 'Nothing changed', schema: null },
  },
})

export const getService = defineEndpoint({
  ...reading,
  operationId: 'getService',
  method: 'GET',
  path: '/api/v4/services/{serviceId}',
  summary: 'One service with its SIP connections and its last check',
  description: 'The id is umpCustomerGuid of the lead.',
  params,
  responses: { 200: shown, ...gone },
})

export const updateService = defineEndpoint({
  ...writing,
  operationId: 'updateService',
  method: 'PATCH',
  path: '/api/v4/services/{serviceId}',
  summary: 'Change the names of a service, or the LC customer it hangs on',
  description:
    'What is left out stays. The LC customer has to be of the same channel as the service, or of none; changing it is the ' +
    "carrier's alone. The channel changes with the lead: `PUT /api/v4/leads/{leadId}/channel`.",
  params,
  body: Type.Object({
    fullName: Type.Optional(Type.String({ minLength: 1, maxLength: 256, pattern: '\\S' })),
    lcCustomerId: Type.Optional(
      nullable(Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'null: of none' })),
    ),
  }),
  bodyExample: { fullName: 'Alder & Pine US' },
  responses: { 200: shown, ...gone, ...busy, ...changedMeanwhile },
})

export const checkService = defineEndpoint({
  ...reading,
  operationId: 'checkService',
  method: 'POST',
  path: '/api/v4/services/{serviceId}/check',
  summary: 'Does it work? Looks at Microsoft and at the SBC now',
  description:
    'A task that changes nothing outside: whether Microsoft answers for the tenant and calls it Active, how the relationship ' +
    'stands, whether the objects on the SBC are as they should be, whether the trunk is up. The result is kept with the service.',
  permission: 'services.write',
  params,
  responses: { ...started, ...gone, ...busy },
})

export const tickTestCall = defineEndpoint({
  ...writing,
  operationId: 'tickTestCall',
  method: 'PUT',
  path: '/api/v4/services/{serviceId}/test-calls/{code}',
  summary: 'Tick a test call off, or untick it',
  description: 'Kept with who did it and when.',
  params: Type.Object({
    serviceId: Type.String({ format: 'uuid' }),
    code: Type.Enum(['inbound', 'outbound', 'emergency', 'caller-id']),
  }),
  body: Type.Object({ done: Type.Boolean() }),
  bodyExample: { done: true },
  responses: { 200: shown, ...gone },
})

const reason = Type.String({ minLength: 1, maxLength: 500, pattern: '\\S', description: 'Why, for the journal' })

export const barService = defineEndpoint({
  ...managing,
  operationId: 'barService',
  method: 'POST',
  path: '/api/v4/services/{serviceId}/bar',
  summary: 'Bar a service: no calls but emergency calls',
  description:
    "A task that runs the barring script of the service's SBC. Refused where there is none. Never done by itself, whatever " +
    'Microsoft says of the lead.',
  params,
  body: Type.Object({ reason }),
  bodyExample: { reason: 'Invoice 4711 is overdue' },
  responses: { ...started, ...gone, ...busy },
})

export const unbarService = defineEndpoint({
  ...managing,
  operationId: 'unbarService',
  method: 'POST',
  path: '/api/v4/services/{serviceId}/unbar',
  summary: 'Let a barred service call again',
  description: 'The opposite of barring it.',
  params,
  responses: { ...started, ...gone, ...busy },
})

/** What a deletion takes away, as a person has to read it first. */
export const serviceDeletion = Type.Object(
  {
    allowed: Type.Boolean(),
    reasons: Type.Array(Type.String(), { description: 'Why not; empty where it is allowed' }),
    lost: Type.Array(Type.Object({ kind: Type.String(), text: Type.String(), count: Type.Integer() }), {
      description: 'What will be gone, in words',
    }),
    numbersAtMicrosoft: nullable(Type.Integer({ description: 'null: Microsoft could not be asked' })),
  },
  { $id: 'ServiceDeletion' },
)
export type WireServiceDeletion = Type.Static<typeof serviceDeletion>

export const previewServiceDeletion = defineEndpoint({
  ...managing,
  operationId: 'previewServiceDeletion',
  method: 'GET',
  path: '/api/v4/services/{serviceId}/deletion',
  summary: 'What deleting a service would take away, and whether it may be',
  description: 'Asks Microsoft for numbers of the tenant.',
  params,
  responses: {
    200: {
      description: 'What would be lost',
      schema: serviceDeletion,
      example: {
        allowed: true,
        reasons: [],
        lost: [{ kind: 'license', text: 'The license OC Essential', count: 1 }],
        numbersAtMicrosoft: 0,
      },
    },
    ...gone,
  },
})

export const deleteService = defineEndpoint({
  ...managing,
  operationId: 'deleteService',
  method: 'POST',
  path: '/api/v4/services/{serviceId}/deletion',
  summary: 'Delete Customer: take a service down and prove it',
  description:
    'A task: refuses while Microsoft holds numbers of the tenant, takes every object off its SBCs, tells Microsoft ' +
    '`ContractTerminated` if that is asked for, looks at each system whether anything is left, and ends with a report. The lead ' +
    'returns to New Leads. `shortName` repeats the short name, as a confirmation.',
  source: 'seed 000 (Delete Customer); own',
  params,
  body: Type.Object({
    shortName: Type.String({ maxLength: 100, description: 'The short name of the service, once more' }),
    terminateContract: Type.Optional(
      Type.Object(
        { reason: Type.String({ minLength: 1, maxLength: 1_000, pattern: '\\S' }) },
        {
          description: 'Also tells Microsoft that the contract has ended, with this reason',
        },
      ),
    ),
  }),
  bodyExample: { shortName: 'AlderPine' },
  responses: { ...started, ...gone, ...busy },
})

export const ADOPTED_ROWS_MAX = 5_000
/** Heads of the CSV that adoption reads, in any order and letter case; the first two are needed. */
export const adoptionColumns = [
  'Tenant ID',
  'Short Name',
  'Full Name',
  'LC Customer ID',
  'License',
  'Service ID',
  'SBC ID',
] as const

const adoptedFacts = {
  tenantId: Type.String({ maxLength: 100, description: "The customer's Entra tenant" }),
  shortName: Type.String({ maxLength: 100, description: 'As it is on the SBC' }),
  fullName: Type.Optional(Type.String({ maxLength: 256, description: 'The company name of the lead when left out' })),
  lcCustomerId: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 2_147_483_647 }))),
  license: Type.Optional(Type.Enum([...serviceLicenses], { description: 'OC Essential when left out' })),
  serviceId: Type.Optional(guid('The id it has had so far; a new one when left out')),
  sbcId: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 2_147_483_647 }))),
}

export const adoptedRow = Type.Object(
  {
    line: Type.Integer({ description: 'Of the file; 1 for a single adoption' }),
    tenantId: Type.String(),
    shortName: Type.String(),
    outcome: Type.Enum(['ready', 'adopted', 'refused']),
    serviceId: nullable(Type.String({ format: 'uuid' })),
    flaws: Type.Array(Type.Object({ code: Type.String(), detail: Type.String() })),
    found: Type.Array(Type.String(), { description: 'What of it was found here and at Microsoft' }),
  },
  { $id: 'AdoptedRow' },
)
export type WireAdoptedRow = Type.Static<typeof adoptedRow>

export const adoptServices = defineEndpoint({
  ...managing,
  operationId: 'adoptServices',
  callsOutside: true,
  method: 'POST',
  path: '/api/v4/services/adoption',
  summary: 'Adopt tenants that were live before Leadline',
  description:
    'With no outward effect: nothing is told to Microsoft, nothing is written to an SBC. One by `service`, or many by `csv` ' +
    `(UTF-8, comma or semicolon, at most ${ADOPTED_ROWS_MAX.toLocaleString('en')} lines; columns ${adoptionColumns.join(', ')}). ` +
    'With `dryRun` nothing is written, and each row says what would come of it. Rows that cannot be adopted do not stop the others.',
  body: Type.Object({
    service: Type.Optional(Type.Object(adoptedFacts)),
    csv: Type.Optional(Type.String({ maxLength: 900_000 })),
    dryRun: Type.Optional(Type.Boolean({ description: 'Only say what would happen' })),
  }),
  bodyExample: {
    service: { tenantId: 'd1382f6b-4846-45d7-9ac8-0349c1ed5ead', shortName: 'AlderPine' },
    dryRun: true,
  },
  responses: {
    200: {
      description: 'What came, or would come, of each row',
      schema: Type.Object({
        dryRun: Type.Boolean(),
        rows: Type.Array(adoptedRow),
        adopted: Type.Integer(),
        refused: Type.Integer(),
      }),
    },
  },
})
