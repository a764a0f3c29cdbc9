import { randomUUID } from 'node:crypto'

/** Objects that requests are about, each of its own operator or channel. */
export type Objects = {
  leadId: string
  tenantId: string
  clientId: string
  runId: string
  operatorId: number
  personId: string
  invitationId: string
  channelId: number
  customerId: number
  taskId: string
  webhookId: string
  /** Of a delivery of that webhook. */
  webhookEventId: string
  mailId: string
  ruleId: string
  /** A mail to the customer of that lead. */
  leadMailId: string
  templateId: string
  viewId: string
  noticeId: string
  /** Of the lead above. */
  serviceId: string
  /** Of that service. */
  connectionId: string
  sbcId: number
  scriptTemplateId: number
  /** For that device. */
  scriptOrderId: string
  callingProfileId: string
}

/**
 * A good request to a route, and where in it somebody could name what is not his. test/refusals.db.test.ts sends it with
 * every kind of wrong caller and object; a route without a sample fails there.
 */
export type SampleRequest = {
  /** Path parameters, of the objects given. */
  params?: (objects: Objects) => Record<string, string>
  /** The path names a number that each operator has its own of: the same number means another object there. */
  ownNumbers?: boolean
  /** Whatever ids it names are taken down, and work on them later finds nothing of others: no refusal tells them apart. */
  takesAnyId?: boolean
  /** The path names something that belongs to nobody (a job), so there is no foreign one. */
  namesNoObject?: boolean
  body?: (objects: Objects) => unknown
  /** Queries that name an object: of another operator or channel each gives an empty list. */
  filters?: (objects: Objects) => Record<string, string>[]
  /** Query parameters that name something, but no object of one operator: the reason. */
  unscopedFilters?: Record<string, string>
  /** Whether an answer is an empty list. */
  isEmpty?: (body: unknown) => boolean
  /** A good value for each query parameter that is plain text, so that it can be repeated or spoilt. */
  query?: Record<string, string>
  /** Values that the schema lets pass and the route refuses. */
  malformed?: Record<string, string[]>
  /** Status of the good request, or those it may have; 200 when left out. */
  status?: number | readonly number[]
  /** The good request is not sent: it would reach somebody. */
  unsent?: string
}

const noData = (body: unknown) => (body as { data: unknown[] }).data.length === 0
const noDate = ['yesterday', '2024-13-01', '2024-02-30T00:00:00Z']
const leadFilters = {
  query: {
    status: 'Active',
    country: 'GB',
    modifiedSince: '2024-01-01',
    consentedSince: '2024-01-01',
    q: 'contoso',
    sort: 'arrival',
  },
  malformed: {
    status: ['Act!ve', ','],
    country: ['G%42$', ','],
    modifiedSince: noDate,
    consentedSince: noDate,
    cursor: ['garbage', 'eyJ2IjoxfQ'],
  },
}

const noItems = (body: unknown) => (body as unknown[]).length === 0
const noDay = ['yesterday', '2024-13-01', '2024-02-30']
const serviceParams = { params: ({ serviceId }: Objects) => ({ serviceId }) }
const connectionOfService = { params: ({ connectionId }: Objects) => ({ connectionId }) }
const customerOfService = { params: ({ serviceId }: Objects) => ({ customerGuid: serviceId }) }
const dialPlanOfService = {
  params: ({ serviceId, connectionId }: Objects) => ({
    ...{ customerGuid: serviceId, siteLocationId: connectionId, dialPlanId: 'OCDialPlan' },
  }),
}
/** Each name is used once: another service has it afterwards. */
const newShortName = () => `s${randomUUID().slice(0, 13)}`
/** What services that tests make are called. */
export const shortNameOf = (serviceId: string) => `s${serviceId.slice(0, 13)}`
const clientParams = { params: ({ clientId }: Objects) => ({ clientId }) }
const connectionParams = { params: ({ operatorId }: Objects) => ({ operatorId: String(operatorId) }) }
const personParams = { params: ({ personId }: Objects) => ({ personId }) }
// There is no such comment, and only its author could change it: test/lead-comments.db.test.ts has good requests.
const commentParams = {
  params: ({ leadId }: Objects) => ({ leadId, commentId: '019a9f60-2b7c-7d10-8f31-6a0c1d2e3f40' }),
  status: 404,
}
const taskParams = { params: ({ taskId }: Objects) => ({ taskId }) }
const channelParams = { params: ({ channelId }: Objects) => ({ channelId: String(channelId) }), ownNumbers: true }
const customerParams = { params: ({ customerId }: Objects) => ({ customerId: String(customerId) }), ownNumbers: true }
const viewParams = { params: ({ viewId }: Objects) => ({ viewId }) }
const templateParams = { params: ({ templateId }: Objects) => ({ templateId }) }
const newTemplate = () => ({
  name: newName(),
  subject: 'For {{companyName}}',
  body: 'Hello {{contactName}}',
  language: 'en',
})
const ruleParams = { params: ({ ruleId }: Objects) => ({ ruleId }) }
const webhookParams = { params: ({ webhookId }: Objects) => ({ webhookId }) }
const deliveryParams = {
  params: ({ webhookId, webhookEventId }: Objects) => ({ webhookId, eventId: webhookEventId }),
}
/** Nothing that a test does is sent there. */
const HOOK = 'https://hooks.example.com/leadline'
const newName = () => `Sample ${randomUUID()}`
const sbcParams = { params: ({ sbcId }: Objects) => ({ sbcId: String(sbcId) }), ownNumbers: true }
const scriptTemplateParams = {
  params: ({ scriptTemplateId }: Objects) => ({ templateId: String(scriptTemplateId) }),
  ownNumbers: true,
}
const orderParams = { params: ({ scriptOrderId }: Objects) => ({ orderId: scriptOrderId }) }
const jobParams = { params: () => ({ jobName: 'peering.sync-leads-job' }), namesNoObject: true }

/** By operation id: one for each route that asks for a permission. */
export const sampleRequests: Record<string, SampleRequest> = {
  listLeads: {
    ...leadFilters,
    filters: ({ tenantId }) => [{ msTenantId: tenantId }],
    unscopedFilters: { channelId: 'a number that each operator has its own of' },
    malformed: { ...leadFilters.malformed, msTenantId: ['not-a-guid', '12345'] },
    isEmpty: (body) => Array.isArray(body) && body.length === 0,
  },
  listDeskLeads: {
    ...leadFilters,
    query: { ...leadFilters.query, license: 'none', processing: 'Success', owner: 'none' },
    filters: ({ tenantId, leadId }) => [{ tenantId }, { leadIds: leadId }],
    unscopedFilters: { channelId: 'a number that each operator has its own of' },
    malformed: {
      ...leadFilters.malformed,
      leadIds: ['not-a-guid', ','],
      tenantId: ['not-a-guid'],
      license: ['OC Gold'],
      processing: ['Nearly'],
      owner: ['nobody', '12345'],
    },
    isEmpty: noData,
  },
  exportLeads: {
    query: { ...leadFilters.query, license: 'none', processing: 'Success', owner: 'none' },
    filters: ({ tenantId, leadId }) => [{ tenantId }, { leadId }, { leadIds: leadId }],
    unscopedFilters: { channelId: 'a number that each operator has its own of' },
    malformed: {
      ...leadFilters.malformed,
      leadIds: ['not-a-guid'],
      tenantId: ['not-a-guid'],
      license: ['OC Gold'],
      processing: ['Nearly'],
      owner: ['nobody'],
    },
    isEmpty: (body) => String(body).trimEnd().split('\r\n').length === 1,
  },
  listLeadComments: { params: ({ leadId }) => ({ leadId }) },
  addLeadComment: {
    params: ({ leadId }) => ({ leadId }),
    body: () => ({ text: 'Wants to move 40 numbers' }),
    status: 201,
  },
  changeLeadComment: { ...commentParams, body: () => ({ text: 'Wants to move 50 numbers' }) },
  deleteLeadComment: commentParams,
  getLeadStatus: { params: ({ leadId }) => ({ leadId }) },
  listLeadMails: { params: ({ leadId }) => ({ leadId }) },
  previewLeadMail: { params: ({ leadId }) => ({ leadId }), body: () => ({ templateId: 'request-received' }) },
  sendLeadMail: {
    params: ({ leadId }) => ({ leadId }),
    body: () => ({
      ...{ subject: 'For {{companyName}}', body: 'Hello {{contactName}}' },
      recipients: [{ name: 'Megan', address: 'megan@contoso.example' }],
    }),
    status: 201,
  },
  retryLeadMail: { params: ({ leadId, leadMailId }) => ({ leadId, mailId: leadMailId }) },
  getLeadReferences: { params: ({ leadId }) => ({ leadId }) },
  setLeadReferences: {
    params: ({ leadId }) => ({ leadId }),
    body: () => ({ crmId: 'ACC-20417', orderId: null, billingAccount: null }),
  },
  listLeadOwners: {},
  setLeadOwner: { params: ({ leadId }) => ({ leadId }), body: () => ({ ownerId: null }) },
  setLeadDue: { params: ({ leadId }) => ({ leadId }), body: () => ({ dueAt: '2199-01-01T09:00:00Z' }) },
  listLeadRules: {},
  createLeadRule: {
    ownNumbers: true,
    body: ({ channelId }) => ({ name: newName(), conditions: {}, channelId }),
    status: 201,
  },
  updateLeadRule: { ...ruleParams, body: () => ({ enabled: false }) },
  // Deleted before, where objects are not made anew for each test.
  deleteLeadRule: { ...ruleParams, status: [204, 404] },
  // 409: there is a rule, and it is not named.
  orderLeadRules: { body: () => ({ ruleIds: [] }), status: [200, 409] },
  tryLeadRules: {
    ownNumbers: true,
    body: ({ channelId }) => ({ rules: [{ name: newName(), conditions: {}, channelId }] }),
  },
  getLeadDueRule: {},
  setLeadDueRule: {
    body: () => ({
      within: null,
      week: { days: [1, 2, 3, 4, 5], from: '08:00', to: '17:00', timeZone: 'Europe/London' },
    }),
  },
  getDeskLead: { params: ({ leadId }) => ({ leadId }) },
  createConsentlessLead: { body: () => ({ tenantId: randomUUID(), companyName: newName() }) },
  deleteConsentlessLead: {
    query: { msTenantID: randomUUID() },
    unscopedFilters: { msTenantID: 'a lead to delete, not to list: a tenant that is not the caller’s is not found' },
    malformed: { msTenantID: ['not-a-guid', '12345'] },
    // Sent without the tenant; test/direct-leads.db.test.ts sends it with one.
    status: 400,
  },
  createLead: { body: () => ({ tenantId: randomUUID(), companyName: newName() }), status: 201 },
  deleteLead: { params: ({ leadId }) => ({ leadId }), status: [204, 409] },
  setLeadRelationship: {
    params: ({ leadId }) => ({ leadId }),
    body: () => ({ status: 'CustomerContacted' }),
    // Microsoft is asked: of a lead that only the test made it knows nothing.
    status: [200, 409],
  },
  findTenant: {
    query: { domain: 'nobody.invalid' },
    unscopedFilters: { domain: 'anybody’s: asked of Entra, which tells everyone' },
    malformed: { domain: ['not a domain', '-'] },
    status: 400,
  },
  assignLeadToChannel: { body: ({ leadId, channelId }) => ({ leadId, channelId }) },
  removeLeadFromChannel: {
    query: { msTenantId: randomUUID() },
    unscopedFilters: { msTenantId: 'leads to change, not to list: a tenant that is not the caller’s is refused' },
    malformed: { msTenantId: ['not-a-guid', '12345'] },
    // Sent without the tenant; test/channels.db.test.ts sends it with one.
    status: 400,
  },
  setLeadChannel: { params: ({ leadId }) => ({ leadId }), body: ({ channelId }) => ({ channelId }) },
  removeLeadChannel: { params: ({ leadId }) => ({ leadId }) },
  search: {
    query: { q: 'contoso' },
    isEmpty: (body) => Object.values(body as object).every((found: unknown[]) => found.length === 0),
  },
  listViews: {},
  createView: { body: () => ({ name: newName(), list: 'leads', query: 'status=Active' }), status: 201 },
  getView: viewParams,
  updateView: { ...viewParams, body: () => ({ query: 'status=Suspended' }) },
  deleteView: { ...viewParams, status: [204, 404] },
  listChannels: {},
  createChannel: { body: () => ({ name: newName() }), status: 201 },
  getChannel: channelParams,
  updateChannel: { ...channelParams, body: () => ({ description: 'Sample' }) },
  listLcCustomers: {
    unscopedFilters: { channelId: 'a number that each operator has its own of' },
    isEmpty: noData,
  },
  createLcCustomer: { body: () => ({ name: newName() }), status: 201 },
  getLcCustomer: customerParams,
  updateLcCustomer: { ...customerParams, body: () => ({ description: 'Sample' }) },
  addTopologyChannel: { body: () => ({ name: newName() }), status: 201 },
  listTopologyChannels: {},
  getTopologyChannel: channelParams,
  updateTopologyChannel: { ...channelParams, body: () => ({ description: 'Sample' }) },
  addTopologyCustomer: { body: () => ({ name: newName() }), status: 201 },
  listTopologyCustomers: {},
  getTopologyCustomer: customerParams,
  assignTopologyCustomer: { ...customerParams, body: () => ({ channelId: 0 }) },
  // Nothing asked: a read, which needs no more than to read.
  verifyTopologyCustomer: { ...customerParams, body: () => ({}) },
  deleteTopologyCustomer: { ...customerParams, status: 204 },
  // Deleted before, where objects are not made anew for each test.
  deleteLcCustomer: { ...customerParams, status: [204, 404] },
  deleteTopologyChannel: { ...channelParams, status: [204, 409] },
  deleteChannel: { ...channelParams, status: [204, 404, 409] },
  listConnections: {},
  getConnection: connectionParams,
  setConnection: { ...connectionParams, body: () => ({ requestTimeoutMs: 30_000 }) },
  testConnection: connectionParams,
  getOperatorSettings: connectionParams,
  changeOperatorSettings: { ...connectionParams, body: () => ({ companyNameInUse: 'warn' }) },
  listJobs: {},
  listJobRuns: { ...jobParams, malformed: { cursor: ['garbage'] } },
  // 200: one was under way already.
  startJobRun: { ...jobParams, status: [200, 202] },
  listRuns: { malformed: { cursor: ['garbage'] }, query: { state: 'failed' } },
  getRun: { params: ({ runId }) => ({ runId }) },
  // 409: over in the meantime.
  cancelRun: { params: ({ runId }) => ({ runId }), status: [200, 202, 409] },
  listUndeliveredEvents: {},
  // 404: nothing was given up.
  retryUndeliveredEvent: { params: ({ runId }) => ({ eventId: runId }), body: () => ({}), status: 404 },
  changeLeads: { body: ({ leadId }) => ({ action: 'archive', leadIds: [leadId] }), status: 202, takesAnyId: true },
  exportChosenLeads: {
    body: ({ leadId }) => ({ leadIds: [leadId] }),
    takesAnyId: true,
  },
  // 409: it is not Removed.
  archiveLead: { params: ({ leadId }) => ({ leadId }), status: [204, 409] },
  unarchiveLead: { params: ({ leadId }) => ({ leadId }), status: 204 },
  listServices: {
    query: { q: 'contoso', state: 'Active', license: 'OC Pro', deployment: 'None', health: 'ok', sort: 'fullName' },
    filters: ({ tenantId, leadId }) => [{ tenantId }, { leadId }],
    unscopedFilters: {
      channelId: 'a number that each operator has its own of',
      lcCustomerId: 'a number that each operator has its own of',
    },
    malformed: {
      ...{ tenantId: ['not-a-guid'], state: ['Gone', ','], license: ['OC Gold'], deployment: ['Nearly'] },
      ...{ health: ['ill'], cursor: ['garbage', 'eyJ2IjoxfQ'] },
    },
    isEmpty: noData,
  },
  getService: serviceParams,
  updateService: { ...serviceParams, body: () => ({ fullName: 'Sample' }) },
  tickTestCall: {
    params: ({ serviceId }) => ({ serviceId, code: 'inbound' }),
    body: () => ({ done: true }),
  },
  getSipConnection: connectionOfService,
  checkShortName: { query: { name: 'Sample', companyName: 'Sample Ltd' } },
  listLicensePools: {},
  setLicensePool: {
    params: ({ channelId }) => ({ kind: 'customers', channelId: String(channelId) }),
    body: () => ({ size: null, warningPercent: 80, gracePercent: 0 }),
    ownNumbers: true,
  },
  getLicenseUsage: {
    query: { from: '2026-01-01', to: '2026-02-01' },
    unscopedFilters: { channelId: 'a number that each operator has its own of' },
    malformed: { from: noDay, to: noDay },
  },
  exportLicenseUsage: {
    query: { from: '2026-01-01', to: '2026-02-01' },
    unscopedFilters: { channelId: 'a number that each operator has its own of' },
    malformed: { from: noDay, to: noDay },
  },
  previewLicense: { params: ({ leadId }) => ({ leadId }), body: () => ({ shortName: newShortName() }) },
  // The lead of a sample has a service.
  applyLicense: {
    params: ({ leadId }) => ({ leadId }),
    body: () => ({ shortName: newShortName() }),
    status: [202, 409],
  },
  createCustomer: {
    body: ({ tenantId }) => ({
      ...{ configurationName: 'OcEssential_TENANT_TYPE', customerShortName: newShortName(), msTenantID: tenantId },
    }),
    status: [200, 400],
  },
  createCustomerFromLead: {
    query: { msTenantID: randomUUID() },
    unscopedFilters: { msTenantID: 'a lead to license, not to list: a tenant that is not the caller’s is not found' },
    malformed: { msTenantID: ['not-a-guid', '12345'] },
    body: () => ({ statusChange: 'OCEssential', customerShortName: newShortName() }),
    // Sent without the tenant; test/services.db.test.ts sends it with one.
    status: 400,
  },
  checkService: { ...serviceParams, status: [202, 409] },
  barService: { ...serviceParams, body: () => ({ reason: 'Sample' }), status: [202, 409] },
  unbarService: { ...serviceParams, status: [202, 409] },
  previewServiceDeletion: serviceParams,
  deleteService: {
    ...serviceParams,
    body: ({ serviceId }) => ({ shortName: shortNameOf(serviceId) }),
    status: [202, 409],
  },
  // 404: the deletion that was begun before may have come to its end.
  deleteCustomer: { params: ({ serviceId }) => ({ customerGuid: serviceId }), status: [200, 404, 409] },
  adoptServices: {
    body: ({ tenantId }) => ({ service: { tenantId, shortName: 'Sample-name' }, dryRun: true }),
    takesAnyId: true,
  },
  importCustomer: { ...customerOfService, body: () => ({ customerType: 'TENANT_TYPE' }) },
  addSipConnection: {
    ...serviceParams,
    body: () => ({ sbcId: 1, proxySet: 'Sample' }),
    status: [202, 404, 409],
  },
  changeSipConnection: { ...connectionOfService, body: () => ({ cacProfile: '10 sessions' }), status: [202, 409] },
  removeSipConnection: { ...connectionOfService, status: [202, 409] },
  addSiteLocation: {
    params: ({ serviceId }) => ({ customerGuid: serviceId }),
    body: () => ({ sbcId: 1, scriptParameters: { ProxySet: 'Sample' } }),
    status: [200, 404, 409],
  },
  changeSiteLocation: {
    params: ({ serviceId }) => ({ customerGuid: serviceId }),
    body: ({ connectionId }) => ({ sbcSiteGuid: connectionId, CacProfile: '10 sessions' }),
    status: [200, 409],
  },
  getSiteDialPlan: dialPlanOfService,
  changeSiteDialPlan: {
    ...dialPlanOfService,
    body: () => ({ add: [{ name: 'main', prefix: '+4930123456' }], remove: [] }),
    status: [200, 409],
  },
  deleteSiteLocation: { params: ({ connectionId }) => ({ siteLocationId: connectionId }), status: [200, 409] },
  listCustomers: {
    query: { q: 'contoso' },
    filters: ({ tenantId }) => [{ msTenantId: tenantId }],
    unscopedFilters: { ovocChannelId: 'a number that each operator has its own of' },
    malformed: { msTenantId: ['not-a-guid'] },
    isEmpty: noItems,
  },
  listCustomersBrief: {
    query: { q: 'contoso' },
    filters: ({ tenantId }) => [{ msTenantId: tenantId }],
    unscopedFilters: { ovocChannelId: 'a number that each operator has its own of' },
    malformed: { msTenantId: ['not-a-guid'] },
    isEmpty: noItems,
  },
  getCustomer: customerOfService,
  getCustomerBrief: customerOfService,
  getLicenseInfo: customerOfService,
  listLicensedUsers: customerOfService,
  listLicensedUsersV2: customerOfService,
  listOnlinePstnGateways: customerOfService,
  getSiteLocation: { params: ({ connectionId }) => ({ siteLocationId: connectionId }) },
  listSbcs: {},
  createSbc: { body: () => ({ name: newName() }), status: 201 },
  getSbc: sbcParams,
  updateSbc: { ...sbcParams, body: () => ({ timeoutMs: 20_000 }) },
  checkSbc: sbcParams,
  listScriptTemplates: {},
  createScriptTemplate: {
    body: () => ({ name: newName(), purpose: 'onboarding', script: '! nothing' }),
    status: 201,
  },
  getScriptTemplate: scriptTemplateParams,
  updateScriptTemplate: { ...scriptTemplateParams, body: () => ({ description: 'Sample' }) },
  previewScript: { ...scriptTemplateParams, body: () => ({ variables: {} }) },
  listDocumentedScriptTemplates: { query: { scriptType: 'SBC' }, malformed: { scriptType: ['Nearly', '17'] } },
  listScriptOrders: { unscopedFilters: { sbcId: 'a number that each operator has its own of' } },
  getScriptOrder: orderParams,
  downloadScriptOrder: orderParams,
  tickOffScriptOrder: { ...orderParams, body: () => ({ note: 'Sample' }), status: [200, 409] },
  refuseScriptOrder: { ...orderParams, body: () => ({ reason: 'Sample' }), status: [200, 409] },
  // 409: something of a service is on it.
  deleteSbc: { ...sbcParams, status: [204, 404, 409] },
  deleteScriptTemplate: { ...scriptTemplateParams, status: [204, 404] },
  listCallingProfiles: {},
  getCallingProfile: { params: ({ callingProfileId }) => ({ callingProfileId }) },
  listDocumentedCallingProfiles: {},
  getHome: { query: { timeZone: 'Europe/Berlin' }, malformed: { timeZone: ['Nowhere/Land', ''] } },
  listNotices: { query: { unread: 'true' }, malformed: { cursor: ['garbage'] } },
  markNoticesRead: { body: ({ noticeId }) => ({ noticeIds: [noticeId] }), takesAnyId: true },
  getMailSettings: {},
  setMailSettings: {
    body: () => ({
      ...{ enabled: false, host: 'smtp.example.com', port: 587, tls: 'starttls', userName: null },
      ...{ senderName: 'Northwind Voice', senderAddress: 'leads@northwind.example' },
    }),
  },
  testMail: { body: () => ({ to: 'dana@northwind.example' }) },
  listMails: { malformed: { cursor: ['garbage'] }, query: { state: 'waiting' } },
  retryMail: { params: ({ mailId }) => ({ mailId }) },
  listMailTemplates: {},
  createMailTemplate: { body: newTemplate, status: 201 },
  setMailTemplate: { ...templateParams, body: newTemplate },
  deleteMailTemplate: { ...templateParams, status: [204, 404] },
  // 409: it is one of its own; 404: deleted before, where objects are not made anew for each test.
  restoreMailTemplate: { ...templateParams, status: [200, 404, 409] },
  getCustomerMailSettings: {},
  setCustomerMailSettings: {
    body: () => ({ replyTo: null, channelsMaySend: true, perMinute: 1_000, perDay: 100_000 }),
  },
  listWebhooks: {},
  createWebhook: { body: () => ({ url: HOOK, events: ['webhook.paused'] }), status: 201 },
  getWebhook: webhookParams,
  updateWebhook: { ...webhookParams, body: () => ({ name: 'Renamed' }) },
  rotateWebhookSecret: { ...webhookParams, body: () => ({ overlapHours: 1 }) },
  pauseWebhook: webhookParams,
  resumeWebhook: webhookParams,
  testWebhook: { ...webhookParams, body: () => ({}) },
  listWebhookDeliveries: {
    ...webhookParams,
    query: { state: 'delivered', from: '2024-01-01', to: '2024-01-01' },
    malformed: { from: noDate, to: noDate, cursor: ['garbage'] },
  },
  getWebhookDelivery: deliveryParams,
  replayWebhookDelivery: { ...deliveryParams, status: 202 },
  replayWebhook: {
    ...webhookParams,
    body: () => ({ from: '2024-01-01T00:00:00Z', to: '2024-01-02T00:00:00Z' }),
    status: 202,
  },
  deleteWebhook: { ...webhookParams, status: [204, 404] },
  listWebhookEvents: {},
  getTask: taskParams,
  listTasks: {
    query: { state: 'succeeded', kind: 'leads.archive', objectType: 'lead' },
    filters: ({ leadId }) => [{ objectType: 'lead', objectId: leadId }],
    malformed: { state: ['sleeping', ','], cursor: ['garbage'] },
    isEmpty: noData,
  },
  getTaskDetail: taskParams,
  listTaskItems: { ...taskParams, malformed: { cursor: ['garbage', '-1'] } },
  exportTaskResults: taskParams,
  // 409: it is over by the time it is asked.
  cancelTask: { ...taskParams, status: [202, 409] },
  retryTask: { ...taskParams, status: [202, 409] },
  undoTask: { ...taskParams, status: [202, 409] },
  listSyncFindings: {},
  listJournalEntries: {
    query: {
      objectType: 'lead',
      action: 'lead.changed',
      actor: 'somebody',
      result: 'ok',
      from: '2024-01-01',
      to: '2024-01-01',
    },
    filters: ({ clientId }) => [{ objectType: 'client', objectId: clientId }],
    unscopedFilters: { requestId: 'a caller chooses it himself' },
    malformed: { from: noDate, to: noDate, cursor: ['garbage'] },
    isEmpty: noData,
  },
  verifyJournal: {
    query: { headPosition: '1', headHash: '0'.repeat(64) },
    malformed: { headHash: ['0'.repeat(63), 'G'.repeat(64)] },
  },
  listClients: {},
  createClient: { body: () => ({ name: 'Sample', permissions: ['leads.read'] }), status: 201 },
  getClient: clientParams,
  updateClient: { ...clientParams, body: () => ({ name: 'Renamed' }) },
  rotateClientSecret: { ...clientParams, body: () => ({ overlapHours: 1 }) },
  revokeClient: clientParams,
  listUsers: {},
  listInvitations: {},
  inviteUser: {
    body: () => ({ email: 'dana@northwind.example', name: 'Dana Wills', tier: 'operator', level: 'monitor' }),
    status: 201,
  },
  revokeInvitation: { params: ({ invitationId }) => ({ invitationId }), status: 204 },
  getUser: personParams,
  updateUser: { ...personParams, body: () => ({ tier: 'operator', level: 'monitor' }) },
  suspendUser: personParams,
  resumeUser: personParams,
  resetUser: { ...personParams, body: () => ({}) },
  removeUser: { ...personParams, status: 204 },
}

/** The same for routes that a session opens, without a permission: one for each that is `signed-in` or `platform-administrator`. */
export const sessionRequests: Record<string, Pick<SampleRequest, 'params' | 'body'>> = {
  listSessions: {},
  revokeSession: { params: () => ({ sessionId: '019a9f60-11c2-7b0e-8f4d-2a9d0c6e5f31' }) },
  revokeOtherSessions: {},
  getMe: {},
  getMailChoices: {},
  setPreferences: { body: () => ({ columns: { leads: [{ id: 'company', shown: true }] } }) },
  setMailChoices: { body: () => ({ choices: { 'new-lead': 'digest' } }) },
  changePassword: { body: () => ({ currentPassword: 'leadline-sandbox', newPassword: 'three quiet green lamps' }) },
  startSecondFactor: { body: () => ({ password: 'leadline-sandbox' }) },
  confirmSecondFactor: { body: () => ({ code: '123456' }) },
  removeSecondFactor: { body: () => ({ password: 'leadline-sandbox', code: '492039' }) },
  listOperators: {},
  createOperator: { body: () => ({ name: 'Sample Telecom' }) },
  getOperator: { params: ({ operatorId }) => ({ operatorId: String(operatorId) }) },
  renameOperator: {
    params: ({ operatorId }) => ({ operatorId: String(operatorId) }),
    body: () => ({ name: 'Northwind Voice' }),
  },
  listInstallationJournal: {},
  verifyInstallationJournal: {},
}
