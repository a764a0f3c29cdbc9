import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { documentedRefusal, problem } from './problem.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const guid = (description: string) => Type.String({ format: 'uuid', description })
const optionalText = (maxLength: number, description: string) =>
  Type.Optional(nullable(Type.String({ maxLength, description })))
const idOrText = (description: string) =>
  Type.Optional(
    nullable(
      Type.Union([Type.Integer({ minimum: 0, maximum: 2_147_483_647 }), Type.String({ maxLength: 40 })], {
        description,
      }),
    ),
  )

/** Ways of `configurationName`. Source: rest-api.md C1, C2. */
export const configurationNames = ['OcEssential_TENANT_TYPE', 'OcEssential_IPGROUP_TYPE'] as const

/** A SIP connection in short. Source: rest-api.md 2.6; the type was seen as SipTrunk. */
export const siteLocationBrief = Type.Object(
  {
    id: guid('The SIP connection'),
    name: Type.String(),
    sbcId: Type.Integer({ description: '0: of no device' }),
    sbcDeploymentState: Type.String({ description: 'Deployed, Pending, Waiting, Failed, Removing or None' }),
  },
  { $id: 'SiteLocationBrief' },
)
export const siteLocationBriefV3 = Type.Object(
  { ...siteLocationBrief.properties, sbcConfigurationType: Type.String({ description: 'SipTrunk' }) },
  { $id: 'SiteLocationBriefV3' },
)

/** Source: rest-api.md 2.6, V2 brief and detail. */
export const customerV2Brief = Type.Object(
  {
    Id: guid('umpCustomerGuid'),
    ShortName: Type.String(),
    FullName: Type.String(),
    LicenseType: Type.Integer({ description: '3 OC Essential, 4 OC Essential Plus, 5 OC Pro' }),
  },
  { $id: 'CustomerV2Brief' },
)
export const customerV2 = Type.Object(
  { ...customerV2Brief.properties, SiteLocation: Type.Array(siteLocationBrief) },
  { $id: 'CustomerV2' },
)

/** Source: rest-api.md 2.6, V3. Users are counted once they exist; nobody has an application at Microsoft until the upgrade. */
export const customerV3 = Type.Object(
  {
    UmpCustomerGuid: guid('The service'),
    CustomerShortName: Type.String(),
    CustomerFullName: Type.String(),
    LicenseType: Type.Integer({ description: '3 OC Essential, 4 OC Essential Plus, 5 OC Pro' }),
    LicensedUsersCount: nullable(Type.Integer({ description: 'null with OC Essential' })),
    MsTenantId: nullable(Type.String()),
    ActiveUserCount: Type.Integer(),
    LiveHubActiveUsersCount: nullable(Type.Integer()),
    LiveHubSimpleUsersCount: nullable(Type.Integer()),
    SiteLocation: Type.Optional(Type.Array(siteLocationBriefV3, { description: 'With allDetails=true' })),
  },
  { $id: 'CustomerV3' },
)
export type WireCustomerV2Brief = Type.Static<typeof customerV2Brief>
export type WireCustomerV2 = Type.Static<typeof customerV2>
export type WireCustomerV3 = Type.Static<typeof customerV3>

const exampleGuid = 'c39a9d97-3374-4bab-8648-459795360c7e'
const exampleSite = {
  id: '019f2c6a-7a90-7d11-8b0c-5d1f0a9e4477',
  name: 'AlderPine',
  sbcId: 0,
  sbcDeploymentState: 'None',
}
const exampleBrief: WireCustomerV2Brief = {
  Id: exampleGuid,
  ShortName: 'AlderPine',
  FullName: 'Alder & Pine US',
  LicenseType: 3,
}
const exampleV3: WireCustomerV3 = {
  UmpCustomerGuid: exampleGuid,
  CustomerShortName: 'AlderPine',
  CustomerFullName: 'Alder & Pine US',
  LicenseType: 3,
  LicensedUsersCount: null,
  MsTenantId: 'd1382f6b-4846-45d7-9ac8-0349c1ed5ead',
  ActiveUserCount: 0,
  LiveHubActiveUsersCount: null,
  LiveHubSimpleUsersCount: null,
}
const exampleTask = 'wst_019f2c6a-7a90-7d11-8b0c-5d1f0a9e4477'

const tagged = { tag: 'Customers (documented)', documented: true } as const
const reading = { ...tagged, permission: 'services.read' } as const
const writing = { ...tagged, permission: 'services.write' } as const
const params = Type.Object({ customerGuid: Type.String({ maxLength: 100, description: 'umpCustomerGuid' }) })
const location = { Location: 'The task', 'Retry-After': 'Seconds until it is worth asking' }
const noSuchCustomer = {
  404: {
    description: 'There is no such customer, or it is not yours: the documented bare string',
    schema: Type.Union([Type.String(), problem]),
    contentType: 'application/json',
    example: `Customer with ${exampleGuid} not found`,
  },
}
const refused = {
  400: documentedRefusal,
  404: {
    description: 'There is no such lead: the documented bare string',
    schema: Type.Union([Type.String(), problem]),
    contentType: 'application/json',
    example: 'Invalild lead',
  },
}
const deskOf = (what: string) => `\`${what}\` tells beforehand what is in the way.`

const siteLocation = Type.Object(
  {
    siteLocationName: optionalText(60, 'Name of the SIP connection; the short name when left out'),
    sbcId: idOrText('The SBC device'),
    sbcOnboardingScript: idOrText('Script template'),
    sbcCleanupScript: idOrText('Script template'),
    sbcOcUploadNumberScript: idOrText('Script template'),
    sbcOcReleaseNumberScript: idOrText('Script template'),
  },
  { description: 'With OcEssential_IPGROUP_TYPE: the device and its scripts' },
)

export const createCustomer = defineEndpoint({
  ...writing,
  operationId: 'createCustomer',
  method: 'POST',
  path: '/api/v3/customer',
  summary: 'Create Customer from Lead (V3), with Tenant Id or with IP Group',
  description:
    'Applies OC Essential to the lead of a tenant (of two, to the one that can have it, the consented one first), as a task: ' +
    '`GET /api/v2/task/{taskid}` tells how it goes, its `outputData.umpCustomerGuid` which service came of it. With ' +
    '`OcEssential_IPGROUP_TYPE` also `siteLocation` and `scriptParameters`; a carrier password among them is kept sealed and ' +
    'never told. Names in any letter case; `shortName`, `fullName` and `CustomerFulName` (sic) are taken for ' +
    `\`customerShortName\` and \`customerFullName\`. ${deskOf('POST /api/v4/leads/{leadId}/license/preview')}`,
  source: 'rest-api.md C0, C1, C2, X24, X25, X29, X30',
  body: Type.Object({
    configurationName: Type.Optional(
      Type.String({ maxLength: 100, description: `One of ${configurationNames.join(', ')}; any letter case` }),
    ),
    customerShortName: optionalText(200, 'See `GET /api/v4/short-names` for its rules'),
    shortName: optionalText(200, 'The same as customerShortName'),
    customerFullName: optionalText(256, 'The company name of the lead when left out'),
    fullName: optionalText(256, 'The same as customerFullName'),
    CustomerFulName: optionalText(256, 'The same, as it is once printed'),
    msTenantID: optionalText(100, "The customer's Entra tenant, or the id of its lead"),
    ovocCustomerType: optionalText(40, 'TENANT_TYPE or IPGROUP_TYPE: has to agree with configurationName'),
    lcCustomerId: idOrText('The LC customer the service hangs on'),
    channelId: idOrText('The channel the lead is in: has to agree'),
    siteLocation: Type.Optional(nullable(siteLocation)),
    scriptParameters: Type.Optional(
      nullable(
        Type.Record(Type.String(), Type.Unknown(), {
          description:
            'ProxySet, CarrierUserName, CarrierUserPassword, CarrierMailLine (sic), CarrierHostName, "Cac Profile", and variables ' +
            'of the scripts by name; OnlinePstnGateway, the FQDN of the trunk, says which SBC is meant where sbcId is left out',
        }),
      ),
    ),
  }),
  bodyExample: {
    configurationName: 'OcEssential_TENANT_TYPE',
    customerShortName: 'AlderPine',
    customerFullName: 'Alder & Pine US',
    msTenantID: 'd1382f6b-4846-45d7-9ac8-0349c1ed5ead',
  },
  responses: {
    200: {
      description: 'The task that does it',
      schema: Type.Object({ jobId: Type.String() }),
      headers: location,
      example: { jobId: exampleTask },
    },
    ...refused,
  },
})

export const createCustomerFromLead = defineEndpoint({
  ...writing,
  operationId: 'createCustomerFromLead',
  method: 'PATCH',
  path: '/api/v2/oc/lead',
  summary: 'Create Customer from Lead using Tenant Id (V2)',
  description:
    'The older form of `POST /api/v3/customer`, by tenant id only. `msTenantID` takes the tenant id or the id of the lead. ' +
    '`statusChange` is `OCEssential`, in any letter case and with or without a blank.',
  source: 'rest-api.md L5, X7',
  lenientQueryNames: true,
  query: Type.Object({
    msTenantID: Type.Optional(
      Type.String({ maxLength: 100, description: "Needed: the customer's Entra tenant, or the id of its lead" }),
    ),
  }),
  body: Type.Object({
    statusChange: Type.String({ maxLength: 40, description: 'OCEssential' }),
    customerShortName: Type.String({ maxLength: 200 }),
    customerFullName: optionalText(256, 'The company name of the lead when left out'),
    lcCustomerId: idOrText('The LC customer the service hangs on'),
  }),
  bodyExample: { statusChange: 'OCEssential', customerShortName: 'AlderPine', customerFullName: 'Alder & Pine US' },
  responses: {
    200: { description: 'The task that does it', schema: Type.String(), headers: location, example: exampleTask },
    ...refused,
  },
})

const allDetails = Type.Optional(Type.Boolean({ description: 'With the SIP connections of each' }))
const paging = {
  PageNumber: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 100_000_000, description: 'With PageSize; 0 and 1 are the first page' }),
  ),
  PageSize: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 20_000, description: 'Customers per page; all of them when left out' }),
  ),
  q: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the names, the tenant id or the id' })),
  msTenantId: Type.Optional(Type.String({ maxLength: 100, description: 'Only the customer of this tenant' })),
  licenseType: Type.Optional(Type.Integer({ minimum: 0, maximum: 9, description: 'Only this license' })),
  ovocChannelId: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: 'Only of this channel; 0: of none' }),
  ),
}
const listHeaders = {
  'X-Total-Count': 'Customers that match, on all pages',
  ETag: 'Changes when any customer in the scope changes; send it back as If-None-Match',
}
const unchanged = { 304: { description: 'Nothing changed since the ETag sent as If-None-Match', schema: null } }
const whole =
  'Licensed ones, in the order in which they came; all of them in one flat array unless PageSize is given. Query names match ' +
  'without regard to letter case and blanks.'

export const listCustomers = defineEndpoint({
  ...reading,
  operationId: 'listCustomers',
  method: 'GET',
  path: '/api/v3/customer',
  summary: 'Get Services Brief Details (V3)',
  description: whole,
  source: 'rest-api.md C3',
  lenientQueryNames: true,
  query: Type.Object({ allDetails, ...paging }),
  responses: {
    200: {
      description: 'The customers',
      schema: Type.Array(customerV3),
      headers: listHeaders,
      example: [exampleV3],
    },
    ...unchanged,
  },
})

export const listCustomersBrief = defineEndpoint({
  ...reading,
  operationId: 'listCustomersBrief',
  method: 'GET',
  path: '/api/v2/customer',
  summary: 'Get Customers Brief Details (V2)',
  description: whole,
  source: 'rest-api.md C4',
  lenientQueryNames: true,
  query: Type.Object(paging),
  responses: {
    200: {
      description: 'The customers',
      schema: Type.Array(customerV2Brief),
      headers: listHeaders,
      example: [exampleBrief],
    },
    ...unchanged,
  },
})

export const getCustomer = defineEndpoint({
  ...reading,
  operationId: 'getCustomer',
  method: 'GET',
  path: '/api/v3/customer/{customerGuid}',
  summary: 'Get Details for Specific Service (V3)',
  description: 'Also while it is being deleted; 404 when that is done.',
  source: 'rest-api.md C5',
  lenientQueryNames: true,
  params,
  query: Type.Object({ allDetails }),
  responses: { 200: { description: 'The customer', schema: customerV3, example: exampleV3 }, ...noSuchCustomer },
})

export const getCustomerBrief = defineEndpoint({
  ...reading,
  operationId: 'getCustomerBrief',
  method: 'GET',
  path: '/api/v2/customer/{customerGuid}',
  summary: 'Get Specific Customer Details (V2)',
  description: 'With its SIP connections.',
  source: 'rest-api.md C6, X33',
  params,
  responses: {
    200: {
      description: 'The customer',
      schema: customerV2,
      example: { ...exampleBrief, SiteLocation: [exampleSite] },
    },
    ...noSuchCustomer,
  },
})

export const deleteCustomer = defineEndpoint({
  ...writing,
  operationId: 'deleteCustomer',
  operatorOnly: true,
  method: 'DELETE',
  path: '/api/v2/customer/{customerGuid}',
  summary: 'Delete Service',
  description:
    'Answers `1` once it is accepted and the service is being deleted; `Location` names the task that does it. Asking again while ' +
    'it is being deleted answers the same and starts nothing; where that task has stopped it is tried again. 409 while another task ' +
    'is at work on it. It fails while Microsoft holds numbers of the tenant. The lead stays, without license.',
  source: 'rest-api.md C7; issue 7, 4',
  params,
  responses: {
    200: { description: 'Accepted', schema: Type.Literal(1), headers: location, example: 1 },
    ...noSuchCustomer,
    409: { description: 'A task is at work on it', schema: problem, contentType: 'application/problem+json' },
  },
})

export const importCustomer = defineEndpoint({
  ...writing,
  operationId: 'importCustomer',
  operatorOnly: true,
  method: 'POST',
  path: '/api/v2/customer/{customerGuid}/action/ovocimport',
  summary: 'Import Customer (from Operation Center)',
  description:
    'A customer that was live before, with the id it has had: adopted if it is not here yet (`customerMsTenantId` names its lead, ' +
    'of whose company name the short name is made), and hung on `lcCustomerId` if one is given. Nothing is told to Microsoft or an SBC.',
  source: 'rest-api.md C8, 1.7',
  params,
  body: Type.Object({
    customerType: Type.String({ maxLength: 40, description: 'TENANT_TYPE, IPGROUP_TYPE or TENANT_TYPE_GW' }),
    customerSource: optionalText(40, 'LTC or OC'),
    customerMsTenantId: optionalText(100, "The customer's Entra tenant; needed where it is not here yet"),
    lcCustomerId: idOrText('The LC customer it hangs on'),
    allowSbcIdUpdateForOvoc: Type.Optional(nullable(Type.Boolean({ description: 'Taken and ignored' }))),
  }),
  bodyExample: { customerType: 'TENANT_TYPE', customerMsTenantId: 'd1382f6b-4846-45d7-9ac8-0349c1ed5ead' },
  responses: {
    200: { description: 'The task that does it', schema: Type.String(), headers: location, example: 'tsk_185510' },
    400: documentedRefusal,
    ...noSuchCustomer,
  },
})

/** Of one day. Source: rest-api.md 2.9, License info. */
export const licenseInfo = Type.Object(
  {
    acquiredLicenses: Type.Integer(),
    totalMonitoredUsers: Type.Integer(),
    currentlyLicensed: Type.Integer(),
    managedUsersDirectRouting: Type.Integer(),
    managedUsersOperatorConnect: Type.Integer(),
    managedUsersByLifeCycleManagement: Type.Integer(),
    managedUsersUserInterface: Type.Integer(),
    managedServiceNumbers: Type.Integer(),
    lastUpdate: Type.String({ description: 'When it was written down, with offset' }),
    umpCustomerGuid: guid('The service'),
    licenseSettingsFlagsLevel: Type.Integer(),
    LicenseFactors: Type.Object({
      'Managed Users - By Template': Type.Boolean(),
      'Managed Users - By User Interface': Type.Boolean(),
      'Managed Service Numbers': Type.Boolean(),
    }),
  },
  { $id: 'LicenseInfo' },
)
export type WireLicenseInfo = Type.Static<typeof licenseInfo>

export const getLicenseInfo = defineEndpoint({
  ...reading,
  operationId: 'getLicenseInfo',
  method: 'GET',
  path: '/api/v3/customer/{customerGuid}/licenseinfo',
  summary: 'Get License Info for Service',
  description: 'One record a day, the newest last; days before the service are left out. Users count once they exist.',
  source: 'rest-api.md Q3',
  lenientQueryNames: true,
  params,
  query: Type.Object({
    nrOfMonths: Type.Optional(Type.Integer({ minimum: 1, maximum: 24, description: 'How far back; 1 when left out' })),
  }),
  responses: {
    200: {
      description: 'Day by day',
      schema: Type.Array(licenseInfo),
      example: [
        {
          acquiredLicenses: 0,
          totalMonitoredUsers: 0,
          currentlyLicensed: 0,
          managedUsersDirectRouting: 0,
          managedUsersOperatorConnect: 0,
          managedUsersByLifeCycleManagement: 0,
          managedUsersUserInterface: 0,
          managedServiceNumbers: 0,
          lastUpdate: '2026-11-22T02:00:00.0000000+00:00',
          umpCustomerGuid: exampleGuid,
          licenseSettingsFlagsLevel: 0,
          LicenseFactors: {
            'Managed Users - By Template': false,
            'Managed Users - By User Interface': false,
            'Managed Service Numbers': false,
          },
        },
      ],
    },
    ...noSuchCustomer,
  },
})

const licensedUsers = Type.Array(Type.Object({ sipAddress: Type.String(), licenseCriteria: Type.String() }))
const users = {
  ...reading,
  method: 'GET',
  summary: 'Get Licensed Users',
  description: 'An empty array until users exist, which come with the upgrade.',
  source: 'rest-api.md Q4',
  params,
  responses: { 200: { description: 'The users', schema: licensedUsers, example: [] }, ...noSuchCustomer },
} as const

export const listLicensedUsers = defineEndpoint({
  ...users,
  operationId: 'listLicensedUsers',
  path: '/api/v3/customer/{customerGuid}/licensedUsers',
})

/** As documented; of the notion Direct Routing, which services of Operator Connect do not have. Source: rest-api.md 2.9, P5. */
const onlinePstnGateway = Type.Object(
  { fqdn: Type.String(), trunkModel: Type.String({ description: 'DerivedTrunk or AzureAdDomainOnly' }) },
  { $id: 'OnlinePstnGateway' },
)

export const listOnlinePstnGateways = defineEndpoint({
  ...users,
  operationId: 'listOnlinePstnGateways',
  path: '/api/v3/customer/{customerGuid}/onlinepstngateway',
  summary: 'PSTN gateways of a service, as documented',
  description: 'Always empty: they belong to Direct Routing, and services of Operator Connect have none.',
  source: 'rest-api.md P5',
  responses: {
    ...users.responses,
    200: { description: 'None', schema: Type.Array(onlinePstnGateway), example: [] },
  },
})

export const listLicensedUsersV2 = defineEndpoint({
  ...users,
  operationId: 'listLicensedUsersV2',
  path: '/api/v2/customer/{customerGuid}/licensedUsers',
})
