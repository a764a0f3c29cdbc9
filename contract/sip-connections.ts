import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { advancedSettings } from './licenses.ts'
import { documentedRefusal, problem } from './problem.ts'
import { sipConnection } from './services.ts'
import { task } from './tasks.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const conflict = { schema: problem, contentType: 'application/problem+json' }
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

const started = {
  202: {
    description: 'The task that does it',
    schema: task,
    headers: { Location: 'The task', 'Retry-After': 'Seconds until it is worth asking' },
  },
}
const gone = { 404: { ...conflict, description: 'There is no such service or SIP connection, or it is not yours' } }
const busy = { 409: { ...conflict, description: 'A task is at work on the service, or it is not in a state for that' } }
const desk = { tag: 'SIP connections', source: 'own', permission: 'services.write' } as const

export const addSipConnection = defineEndpoint({
  ...desk,
  operationId: 'addSipConnection',
  method: 'POST',
  path: '/api/v4/services/{serviceId}/sip-connections',
  summary: 'Add a SIP connection (a further site) to a service',
  description: 'With IP groups of its own on an SBC; a task that makes them. The first one comes with the license.',
  params: Type.Object({ serviceId: Type.String({ format: 'uuid' }) }),
  body: Type.Object(advancedSettings),
  bodyExample: { sbcId: 1, connectionName: 'AlderPine-Berlin', proxySet: 'PS-Berlin', cacProfile: '10 sessions' },
  responses: { ...started, ...gone, ...busy },
})

const connectionParams = Type.Object({ connectionId: Type.String({ format: 'uuid' }) })

export const getSipConnection = defineEndpoint({
  ...desk,
  operationId: 'getSipConnection',
  method: 'GET',
  path: '/api/v4/sip-connections/{connectionId}',
  summary: 'One SIP connection',
  description: 'Passwords are never told.',
  permission: 'services.read',
  params: connectionParams,
  responses: { 200: { description: 'The SIP connection', schema: sipConnection }, ...gone },
})

export const changeSipConnection = defineEndpoint({
  ...desk,
  operationId: 'changeSipConnection',
  method: 'PATCH',
  path: '/api/v4/sip-connections/{connectionId}',
  summary: 'Change a SIP connection',
  description: 'What is left out stays. A task that takes its objects off the SBC and makes them as they shall be.',
  params: connectionParams,
  body: Type.Object({
    connectionName: advancedSettings.connectionName,
    cacProfile: advancedSettings.cacProfile,
    proxySet: advancedSettings.proxySet,
    carrierHostName: advancedSettings.carrierHostName,
    carrierMainLine: advancedSettings.carrierMainLine,
    carrierUserName: advancedSettings.carrierUserName,
    carrierPassword: advancedSettings.carrierPassword,
    variables: advancedSettings.variables,
  }),
  bodyExample: { cacProfile: '20 sessions' },
  responses: { ...started, ...gone, ...busy },
})

export const removeSipConnection = defineEndpoint({
  ...desk,
  operationId: 'removeSipConnection',
  operatorOnly: true,
  method: 'POST',
  path: '/api/v4/sip-connections/{connectionId}/removal',
  summary: 'Delete a SIP connection',
  description: 'A task that takes its objects off the SBC first. The first one goes with the service only.',
  params: connectionParams,
  responses: { ...started, ...gone, ...busy },
})

const documented = { tag: 'SIP connections (documented)', documented: true } as const
const reading = { ...documented, permission: 'services.read' } as const
const writing = { ...documented, permission: 'services.write' } as const
const exampleSite = '019f2c6a-7a90-7d11-8b0c-5d1f0a9e4477'
const exampleTask = 'wst_019f2c6a-7a90-7d11-8b0c-5d1f0a9e4477'
const siteParams = Type.Object({ siteLocationId: Type.String({ maxLength: 100, description: 'The SIP connection' }) })
const customerParams = Type.Object({ customerGuid: Type.String({ maxLength: 100, description: 'umpCustomerGuid' }) })
const noSuchSite = {
  404: {
    description: 'There is no such SIP connection or customer, or it is not yours',
    schema: Type.Union([Type.String(), problem]),
    contentType: 'application/json',
    example: `Site location with ${exampleSite} not found`,
  },
}
const taskHeaders = { Location: 'The task', 'Retry-After': 'Seconds until it is worth asking' }

/** Source: rest-api.md 2.9, SIP connection; `sbcDeploymentState` 3 is Deployed [I]. Secrets are left out, unlike the original. */
export const siteLocation = Type.Object(
  {
    tenantId: Type.String(),
    m365DeploymentState: nullable(Type.Integer()),
    sbcDeploymentState: Type.Integer({
      description: '0 nothing on a device, 1 pending, 2 waiting, 3 deployed, 4 failed, 5 being removed',
    }),
    siteName: Type.String(),
    onlinePstnGateway: nullable(
      Type.String({ description: "Microsoft's trunk, where the customer was made with one; else the SBC says" }),
    ),
    sbcInfo: Type.Object({
      sbcConfigurationType: Type.Integer({ description: '0: SIP trunk' }),
      cacProfile: nullable(Type.String()),
      carrierHostName: nullable(Type.String()),
      carrierId: nullable(Type.Integer()),
      carrierMainLine: nullable(Type.String()),
      carrierUserName: nullable(Type.String()),
      flagConfigureSbc: Type.Boolean(),
      sbcId: Type.Integer(),
      sbcScripts: Type.Object({
        onboardingScript: nullable(Type.Integer()),
        cleanupScript: nullable(Type.Integer()),
        customerVariables: nullable(Type.Record(Type.String(), Type.String())),
      }),
    }),
    m365Info: Type.Object({
      m365Scripts: Type.Object({
        flagConfigureM365Routing: Type.Boolean(),
        onboardingScript: Type.Null(),
        cleanupScript: Type.Null(),
        customerVariables: Type.Null(),
      }),
    }),
    pendingTasks: Type.Array(Type.String()),
  },
  { $id: 'SiteLocation' },
)
export type WireSiteLocation = Type.Static<typeof siteLocation>

export const getSiteLocation = defineEndpoint({
  ...reading,
  operationId: 'getSiteLocation',
  method: 'GET',
  path: '/api/v2/sitelocation/{siteLocationId}',
  summary: 'Get SIP Connections',
  description: 'One SIP connection. Passwords are left out of `customerVariables`.',
  source: 'rest-api.md S1',
  params: siteParams,
  responses: { 200: { description: 'The SIP connection', schema: siteLocation }, ...noSuchSite },
})

const scriptParameters = Type.Optional(
  nullable(
    Type.Record(Type.String(), Type.Unknown(), {
      description:
        'ProxySet, CarrierUserName, CarrierUserPassword, CarrierMailLine (sic), CarrierHostName, "Cac Profile", and variables of ' +
        'the scripts by name',
    }),
  ),
)

export const addSiteLocation = defineEndpoint({
  ...writing,
  operationId: 'addSiteLocation',
  method: 'POST',
  path: '/api/v2/customer/{customerGuid}/sitelocation',
  summary: 'Add SIP Connection',
  description: 'With IP groups of its own. A carrier password is kept sealed and never told.',
  source: 'rest-api.md S2',
  params: customerParams,
  body: Type.Object({
    siteLocationName: optionalText(60, 'Its name'),
    ovocCustomerType: optionalText(40, 'IPGROUP_TYPE'),
    sbcId: idOrText('The SBC device'),
    sbcOnboardingScript: idOrText('Script template'),
    sbcCleanupScript: idOrText('Script template'),
    scriptParameters,
  }),
  bodyExample: { siteLocationName: 'AlderPine-Berlin', sbcId: 1, scriptParameters: { ProxySet: 'PS-Berlin' } },
  responses: {
    200: { description: 'The task that does it', schema: Type.String(), headers: taskHeaders, example: exampleTask },
    400: documentedRefusal,
    ...noSuchSite,
  },
})

export const changeSiteLocation = defineEndpoint({
  ...writing,
  operationId: 'changeSiteLocation',
  method: 'PATCH',
  path: '/api/v2/customer/{customerGuid}/sitelocation',
  summary: 'Modify SIP Connection',
  description: '`sbcSiteGuid` names it; without it the only one the customer has. What is left out stays.',
  source: 'rest-api.md S3',
  params: customerParams,
  body: Type.Object({
    sbcSiteGuid: optionalText(100, 'The SIP connection'),
    sbcId: idOrText('The device it is on: has to agree'),
    sbcSiteName: optionalText(60, 'Its name'),
    CacProfile: optionalText(60, 'How many calls at once'),
    enableCAC: Type.Optional(nullable(Type.Boolean({ description: 'false: no limit' }))),
    flagConfigureSbc: Type.Optional(nullable(Type.Boolean({ description: 'false: only write it down here' }))),
    flagCarrierRegistration: Type.Optional(nullable(Type.Boolean({ description: 'false: it does not register' }))),
    scriptParameters,
  }),
  bodyExample: { sbcSiteGuid: exampleSite, CacProfile: '20 sessions' },
  responses: {
    200: { description: 'The task that does it', schema: Type.String(), headers: taskHeaders, example: exampleTask },
    400: documentedRefusal,
    ...noSuchSite,
  },
})

export const deleteSiteLocation = defineEndpoint({
  ...writing,
  operationId: 'deleteSiteLocation',
  operatorOnly: true,
  method: 'DELETE',
  path: '/api/v2/sitelocation/{siteLocationId}',
  summary: 'Delete Specific SIP Connection',
  description: 'The first one goes with the customer only: 409. `o365CleanupTask` is `tsk_0`: nothing to do.',
  source: 'rest-api.md S4, 1.7',
  params: siteParams,
  responses: {
    200: {
      description: 'The task that does it',
      schema: Type.Object({
        status: Type.Boolean(),
        msg: Type.String(),
        sbcCleanupTaskId: Type.String(),
        o365CleanupTask: Type.String(),
      }),
      headers: taskHeaders,
      example: { status: true, msg: 'queued', sbcCleanupTaskId: exampleTask, o365CleanupTask: 'tsk_0' },
    },
    ...noSuchSite,
    409: { ...conflict, description: 'It is the first one, or a task is at work on the service' },
  },
})

/** Source: rest-api.md 2.9; lengths of domain/sbc.md. */
const rule = Type.Object({
  name: Type.String({ maxLength: 15 }),
  prefix: Type.String({ maxLength: 50 }),
  tag: Type.String({ maxLength: 255 }),
})
export const dialPlan = Type.Object({ dialPlanId: Type.String(), ruleDTO: Type.Array(rule) }, { $id: 'DialPlan' })
export type WireDialPlan = Type.Static<typeof dialPlan>

const dialPlanParams = Type.Object({
  customerGuid: Type.String({ maxLength: 100, description: 'umpCustomerGuid' }),
  siteLocationId: Type.String({ maxLength: 100, description: 'The SIP connection' }),
  dialPlanId: Type.String({ maxLength: 60, description: 'Such as CustDialPlan' }),
})
const exampleRule = { name: 'main', prefix: '+4930123456', tag: 'AlderPine' }

export const getSiteDialPlan = defineEndpoint({
  ...reading,
  operationId: 'getSiteDialPlan',
  method: 'GET',
  path: '/api/v2/customer/{customerGuid}/sitelocation/{siteLocationId}/dialplan/{dialPlanId}',
  summary: 'Get Dial Plan Contents for SIP Connection',
  description: 'The rules of this SIP connection, by prefix.',
  source: 'rest-api.md S5',
  params: dialPlanParams,
  responses: {
    200: {
      description: 'The rules',
      schema: dialPlan,
      example: { dialPlanId: 'CustDialPlan', ruleDTO: [exampleRule] },
    },
    ...noSuchSite,
  },
})

export const DIAL_PLAN_RULES_MAX = 1_000

export const changeSiteDialPlan = defineEndpoint({
  ...writing,
  operationId: 'changeSiteDialPlan',
  method: 'PATCH',
  path: '/api/v2/customer/{customerGuid}/sitelocation/{siteLocationId}/dialplan/{dialPlanId}',
  summary: 'Modify Dial Plan Content for SIP Connection',
  description:
    'A task that changes the dial plan on the SBC, where Leadline works it by itself. The tag of a rule that is added is the short ' +
    'name of the customer when it is left out, and has to hold it otherwise; only rules with such a tag are removed. At most ' +
    `${DIAL_PLAN_RULES_MAX.toLocaleString('en')} rules at once.`,
  source: 'rest-api.md S6',
  params: dialPlanParams,
  body: Type.Object({
    dialPlanId: optionalText(60, 'Has to agree with the address'),
    add: Type.Optional(
      nullable(
        Type.Array(
          Type.Object({
            name: Type.String({ minLength: 1, maxLength: 15 }),
            prefix: Type.String({ minLength: 1, maxLength: 50 }),
            tag: optionalText(255, 'The short name when left out'),
          }),
          { maxItems: DIAL_PLAN_RULES_MAX },
        ),
      ),
    ),
    remove: Type.Optional(
      nullable(
        Type.Array(Type.Object({ prefix: Type.String({ minLength: 1, maxLength: 50 }) }), {
          maxItems: DIAL_PLAN_RULES_MAX,
          description: 'By prefix; name and tag are taken and ignored',
        }),
      ),
    ),
  }),
  bodyExample: { dialPlanId: 'CustDialPlan', add: [exampleRule], remove: [] },
  responses: {
    200: { description: 'The task that does it', schema: Type.String(), headers: taskHeaders, example: exampleTask },
    400: documentedRefusal,
    ...noSuchSite,
    409: { ...conflict, description: 'It is on no SBC, or a task is at work on the service' },
  },
})
