import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { endpoints } from '../contract/index.ts'
import { type Context, createContext } from '../server/context.ts'
import { jobDefinitions } from '../server/jobs.ts'
import type { Route } from '../server/platform/http/index.ts'
import { routes } from '../server/routes.ts'
import { createWebServer } from '../server/web-role.ts'
import { configOf } from './harness/leadline.ts'

// Every door of the product. A new one, or another permission on one, shows here as one line.
// After a wanted change: vitest run test/routes.test.ts --project unit --update

let context: Context
let table: Route[]
const dataDirectory = mkdtempSync(join(tmpdir(), 'leadline-routes-'))

beforeAll(() => {
  // Nothing here asks the database: an address where there is none.
  const databaseUrl = 'postgres://nobody@127.0.0.1:9/none'
  const config = configOf({ LEADLINE_SANDBOX: 'true', DATABASE_URL: databaseUrl }, 8080)
  const logger = pino({ level: 'silent' })
  context = createContext({ config, databaseUrl, dataDirectory, version: '0.0.0', logger })
  table = routes(context)
})

afterAll(async () => {
  await context.close()
  rmSync(dataDirectory, { recursive: true, force: true })
})

test('the route table', () => {
  const lines = table.map(({ endpoint: { method, path, operationId, permission, operatorOnly, documented } }) =>
    [
      documented ? `${method} [/tenantui]${path}` : `${method} ${path}`,
      operationId,
      operatorOnly ? `${permission}, operator only` : permission,
    ].join('  '),
  )
  expect(`\n${lines.join('\n')}\n`).toMatchInlineSnapshot(`
    "
    GET [/tenantui]/api/v2/oc/lead  listLeads  leads.read
    GET /api/v4/leads  listDeskLeads  leads.read
    GET /api/v4/leads.csv  exportLeads  leads.read
    GET /api/v4/leads/{leadId}  getDeskLead  leads.read
    POST /api/v4/leads/bulk  changeLeads  leads.write
    POST /api/v4/leads/export  exportChosenLeads  leads.read
    POST /api/v4/leads/{leadId}/archive  archiveLead  leads.write
    POST /api/v4/leads/{leadId}/unarchive  unarchiveLead  leads.write
    GET /api/v4/leads/{leadId}/comments  listLeadComments  leads.read
    POST /api/v4/leads/{leadId}/comments  addLeadComment  leads.write
    PATCH /api/v4/leads/{leadId}/comments/{commentId}  changeLeadComment  leads.write
    DELETE /api/v4/leads/{leadId}/comments/{commentId}  deleteLeadComment  leads.write
    GET /api/v4/leads/{leadId}/references  getLeadReferences  leads.read
    PUT /api/v4/leads/{leadId}/references  setLeadReferences  leads.write
    GET /api/v4/lead-owners  listLeadOwners  leads.read
    PUT /api/v4/leads/{leadId}/owner  setLeadOwner  leads.write
    PUT /api/v4/leads/{leadId}/due  setLeadDue  leads.write
    GET /api/v4/lead-rules  listLeadRules  channels.manage, operator only
    POST /api/v4/lead-rules  createLeadRule  channels.manage, operator only
    PUT /api/v4/lead-rules/order  orderLeadRules  channels.manage, operator only
    POST /api/v4/lead-rules/trial  tryLeadRules  channels.manage, operator only
    PATCH /api/v4/lead-rules/{ruleId}  updateLeadRule  channels.manage, operator only
    DELETE /api/v4/lead-rules/{ruleId}  deleteLeadRule  channels.manage, operator only
    GET /api/v4/lead-due-rule  getLeadDueRule  channels.manage, operator only
    PUT /api/v4/lead-due-rule  setLeadDueRule  channels.manage, operator only
    GET /api/v4/leads/{leadId}/status  getLeadStatus  leads.read
    GET /api/v4/services  listServices  services.read
    GET /api/v4/services/{serviceId}  getService  services.read
    PATCH /api/v4/services/{serviceId}  updateService  services.write
    PUT /api/v4/services/{serviceId}/test-calls/{code}  tickTestCall  services.write
    GET /api/v4/sip-connections/{connectionId}  getSipConnection  services.read
    GET /api/v4/short-names  checkShortName  services.read
    GET /api/v4/license-pools  listLicensePools  services.read
    PUT /api/v4/license-pools/{kind}/{channelId}  setLicensePool  services.write, operator only
    GET /api/v4/license-usage  getLicenseUsage  services.read
    GET /api/v4/license-usage.csv  exportLicenseUsage  services.read
    POST /api/v4/leads/{leadId}/license/preview  previewLicense  services.write
    POST /api/v4/leads/{leadId}/license  applyLicense  services.write
    POST [/tenantui]/api/v3/customer  createCustomer  services.write
    PATCH [/tenantui]/api/v2/oc/lead  createCustomerFromLead  services.write
    POST /api/v4/services/{serviceId}/check  checkService  services.write
    POST /api/v4/services/{serviceId}/bar  barService  services.write, operator only
    POST /api/v4/services/{serviceId}/unbar  unbarService  services.write, operator only
    GET /api/v4/services/{serviceId}/deletion  previewServiceDeletion  services.write, operator only
    POST /api/v4/services/{serviceId}/deletion  deleteService  services.write, operator only
    DELETE [/tenantui]/api/v2/customer/{customerGuid}  deleteCustomer  services.write, operator only
    POST [/tenantui]/api/v2/customer/{customerGuid}/action/ovocimport  importCustomer  services.write, operator only
    POST /api/v4/services/adoption  adoptServices  services.write, operator only
    POST /api/v4/services/{serviceId}/sip-connections  addSipConnection  services.write
    PATCH /api/v4/sip-connections/{connectionId}  changeSipConnection  services.write
    POST /api/v4/sip-connections/{connectionId}/removal  removeSipConnection  services.write, operator only
    POST [/tenantui]/api/v2/customer/{customerGuid}/sitelocation  addSiteLocation  services.write
    PATCH [/tenantui]/api/v2/customer/{customerGuid}/sitelocation  changeSiteLocation  services.write
    GET [/tenantui]/api/v2/customer/{customerGuid}/sitelocation/{siteLocationId}/dialplan/{dialPlanId}  getSiteDialPlan  services.read
    PATCH [/tenantui]/api/v2/customer/{customerGuid}/sitelocation/{siteLocationId}/dialplan/{dialPlanId}  changeSiteDialPlan  services.write
    DELETE [/tenantui]/api/v2/sitelocation/{siteLocationId}  deleteSiteLocation  services.write, operator only
    GET [/tenantui]/api/v3/customer  listCustomers  services.read
    GET [/tenantui]/api/v2/customer  listCustomersBrief  services.read
    GET [/tenantui]/api/v3/customer/{customerGuid}  getCustomer  services.read
    GET [/tenantui]/api/v2/customer/{customerGuid}  getCustomerBrief  services.read
    GET [/tenantui]/api/v3/customer/{customerGuid}/licenseinfo  getLicenseInfo  services.read
    GET [/tenantui]/api/v3/customer/{customerGuid}/licensedUsers  listLicensedUsers  services.read
    GET [/tenantui]/api/v3/customer/{customerGuid}/onlinepstngateway  listOnlinePstnGateways  services.read
    GET [/tenantui]/api/v2/customer/{customerGuid}/licensedUsers  listLicensedUsersV2  services.read
    GET [/tenantui]/api/v2/sitelocation/{siteLocationId}  getSiteLocation  services.read
    GET /api/v4/sbcs  listSbcs  sbcs.read, operator only
    POST /api/v4/sbcs  createSbc  sbcs.manage, operator only
    GET /api/v4/sbcs/{sbcId}  getSbc  sbcs.read, operator only
    PATCH /api/v4/sbcs/{sbcId}  updateSbc  sbcs.manage, operator only
    DELETE /api/v4/sbcs/{sbcId}  deleteSbc  sbcs.manage, operator only
    POST /api/v4/sbcs/{sbcId}/check  checkSbc  sbcs.read, operator only
    GET /api/v4/script-templates  listScriptTemplates  sbcs.read, operator only
    POST /api/v4/script-templates  createScriptTemplate  sbcs.manage, operator only
    GET /api/v4/script-templates/{templateId}  getScriptTemplate  sbcs.read, operator only
    PATCH /api/v4/script-templates/{templateId}  updateScriptTemplate  sbcs.manage, operator only
    DELETE /api/v4/script-templates/{templateId}  deleteScriptTemplate  sbcs.manage, operator only
    POST /api/v4/script-templates/{templateId}/preview  previewScript  sbcs.read, operator only
    GET [/tenantui]/api/v2/scripttemplates  listDocumentedScriptTemplates  sbcs.read, operator only
    GET /api/v4/script-orders  listScriptOrders  sbcs.read, operator only
    GET /api/v4/script-orders/{orderId}  getScriptOrder  sbcs.read, operator only
    GET /api/v4/script-orders/{orderId}/script  downloadScriptOrder  sbcs.apply, operator only
    POST /api/v4/script-orders/{orderId}/done  tickOffScriptOrder  sbcs.apply, operator only
    POST /api/v4/script-orders/{orderId}/refuse  refuseScriptOrder  sbcs.apply, operator only
    GET /api/v4/calling-profiles  listCallingProfiles  sbcs.read, operator only
    GET /api/v4/calling-profiles/{callingProfileId}  getCallingProfile  sbcs.read, operator only
    GET [/tenantui]/api/v2/oc/callingprofile  listDocumentedCallingProfiles  sbcs.read, operator only
    GET /api/v4/search  search  leads.read
    GET /api/v4/views  listViews  leads.read
    POST /api/v4/views  createView  leads.read
    GET /api/v4/views/{viewId}  getView  leads.read
    PATCH /api/v4/views/{viewId}  updateView  leads.read
    DELETE /api/v4/views/{viewId}  deleteView  leads.read
    PUT [/tenantui]/api/v3/ovoc/channel/action/assign  assignLeadToChannel  channels.manage, operator only
    PUT [/tenantui]/api/v3/ovoc/channel/action/remove  removeLeadFromChannel  channels.manage, operator only
    PUT /api/v4/leads/{leadId}/channel  setLeadChannel  channels.manage, operator only
    DELETE /api/v4/leads/{leadId}/channel  removeLeadChannel  channels.manage, operator only
    POST [/tenantui]/api/v2/oc/lead  createConsentlessLead  leads.write
    DELETE [/tenantui]/api/v2/oc/lead  deleteConsentlessLead  leads.write
    POST /api/v4/leads  createLead  leads.write
    DELETE /api/v4/leads/{leadId}  deleteLead  leads.write
    PUT /api/v4/leads/{leadId}/relationship  setLeadRelationship  leads.write
    GET /api/v4/tenants  findTenant  leads.write
    GET /api/v4/channels  listChannels  channels.read
    POST /api/v4/channels  createChannel  channels.manage, operator only
    GET /api/v4/channels/{channelId}  getChannel  channels.read
    PATCH /api/v4/channels/{channelId}  updateChannel  channels.manage, operator only
    DELETE /api/v4/channels/{channelId}  deleteChannel  channels.manage, operator only
    GET /api/v4/lc-customers  listLcCustomers  services.read
    POST /api/v4/lc-customers  createLcCustomer  services.write
    GET /api/v4/lc-customers/{customerId}  getLcCustomer  services.read
    PATCH /api/v4/lc-customers/{customerId}  updateLcCustomer  services.write
    DELETE /api/v4/lc-customers/{customerId}  deleteLcCustomer  services.write
    POST [/tenantui]/api/ovoc/v1/topology/channels  addTopologyChannel  channels.manage, operator only
    GET [/tenantui]/api/ovoc/v1/topology/channels  listTopologyChannels  channels.read
    GET [/tenantui]/api/ovoc/v1/topology/channels/{channelId}  getTopologyChannel  channels.read
    PUT [/tenantui]/api/ovoc/v1/topology/channels/{channelId}  updateTopologyChannel  channels.manage, operator only
    DELETE [/tenantui]/api/ovoc/v1/topology/channels/{channelId}  deleteTopologyChannel  channels.manage, operator only
    POST [/tenantui]/api/ovoc/v1/topology/customers  addTopologyCustomer  services.write
    GET [/tenantui]/api/ovoc/v1/topology/customers  listTopologyCustomers  services.read
    GET [/tenantui]/api/ovoc/v1/topology/customers/{customerId}  getTopologyCustomer  services.read
    POST [/tenantui]/api/ovoc/v1/topology/customers/{customerId}  assignTopologyCustomer  channels.manage, operator only
    PUT [/tenantui]/api/ovoc/v1/topology/customers/{customerId}  verifyTopologyCustomer  services.read
    DELETE [/tenantui]/api/ovoc/v1/topology/customers/{customerId}  deleteTopologyCustomer  services.write
    GET /api/v4/operators  listOperators  platform-administrator
    POST /api/v4/operators  createOperator  platform-administrator
    GET /api/v4/operators/{operatorId}  getOperator  platform-administrator
    PATCH /api/v4/operators/{operatorId}  renameOperator  platform-administrator
    GET /api/v4/operators/{operatorId}/settings  getOperatorSettings  connections.manage, operator only
    PATCH /api/v4/operators/{operatorId}/settings  changeOperatorSettings  connections.manage, operator only
    GET /api/v4/connections  listConnections  connections.manage, operator only
    GET /api/v4/connections/{operatorId}  getConnection  connections.manage, operator only
    PUT /api/v4/connections/{operatorId}  setConnection  connections.manage, operator only
    POST /api/v4/connections/{operatorId}/test  testConnection  connections.manage, operator only
    GET /api/v4/jobs  listJobs  jobs.read, operator only
    GET /api/v4/jobs/{jobName}/runs  listJobRuns  jobs.read, operator only
    POST /api/v4/jobs/{jobName}/runs  startJobRun  jobs.run, operator only
    GET /api/v4/runs  listRuns  jobs.read, operator only
    GET /api/v4/runs/{runId}  getRun  jobs.read, operator only
    POST /api/v4/runs/{runId}/cancel  cancelRun  jobs.run, operator only
    GET /api/v4/undelivered-events  listUndeliveredEvents  jobs.read, operator only
    POST /api/v4/undelivered-events/{eventId}/retry  retryUndeliveredEvent  jobs.run, operator only
    GET /api/v4/webhooks  listWebhooks  webhooks.read
    POST /api/v4/webhooks  createWebhook  webhooks.manage
    GET /api/v4/webhooks/{webhookId}  getWebhook  webhooks.read
    PATCH /api/v4/webhooks/{webhookId}  updateWebhook  webhooks.manage
    POST /api/v4/webhooks/{webhookId}/rotate-secret  rotateWebhookSecret  webhooks.manage
    POST /api/v4/webhooks/{webhookId}/pause  pauseWebhook  webhooks.manage
    POST /api/v4/webhooks/{webhookId}/resume  resumeWebhook  webhooks.manage
    POST /api/v4/webhooks/{webhookId}/test  testWebhook  webhooks.manage
    GET /api/v4/webhooks/{webhookId}/deliveries  listWebhookDeliveries  webhooks.read
    GET /api/v4/webhooks/{webhookId}/deliveries/{eventId}  getWebhookDelivery  webhooks.read
    POST /api/v4/webhooks/{webhookId}/deliveries/{eventId}/replay  replayWebhookDelivery  webhooks.manage
    POST /api/v4/webhooks/{webhookId}/replay  replayWebhook  webhooks.manage
    DELETE /api/v4/webhooks/{webhookId}  deleteWebhook  webhooks.manage
    GET /api/v4/webhook-events  listWebhookEvents  webhooks.read
    GET /api/v4/mail/settings  getMailSettings  mail.manage, operator only
    PUT /api/v4/mail/settings  setMailSettings  mail.manage, operator only
    POST /api/v4/mail/test  testMail  mail.manage, operator only
    GET /api/v4/mails  listMails  mail.manage, operator only
    POST /api/v4/mails/{mailId}/retry  retryMail  mail.manage, operator only
    GET /api/v4/mail/templates  listMailTemplates  mail.send
    POST /api/v4/mail/templates  createMailTemplate  mail.manage, operator only
    PUT /api/v4/mail/templates/{templateId}  setMailTemplate  mail.manage, operator only
    DELETE /api/v4/mail/templates/{templateId}  deleteMailTemplate  mail.manage, operator only
    POST /api/v4/mail/templates/{templateId}/restore  restoreMailTemplate  mail.manage, operator only
    GET /api/v4/mail/customer-settings  getCustomerMailSettings  mail.manage, operator only
    PUT /api/v4/mail/customer-settings  setCustomerMailSettings  mail.manage, operator only
    GET /api/v4/leads/{leadId}/mails  listLeadMails  leads.read
    POST /api/v4/leads/{leadId}/mails/preview  previewLeadMail  mail.send
    POST /api/v4/leads/{leadId}/mails  sendLeadMail  mail.send
    POST /api/v4/leads/{leadId}/mails/{mailId}/retry  retryLeadMail  mail.send
    GET /api/v4/home  getHome  leads.read
    GET /api/v4/notices  listNotices  leads.read
    POST /api/v4/notices/read  markNoticesRead  leads.read
    GET [/tenantui]/api/v2/task/{taskId}  getTask  tasks.read
    GET /api/v4/tasks  listTasks  tasks.read
    GET /api/v4/tasks/{taskId}  getTaskDetail  tasks.read
    GET /api/v4/tasks/{taskId}/items  listTaskItems  tasks.read
    GET /api/v4/tasks/{taskId}/results.csv  exportTaskResults  tasks.read
    POST /api/v4/tasks/{taskId}/cancel  cancelTask  tasks.read
    POST /api/v4/tasks/{taskId}/retry  retryTask  tasks.read
    POST /api/v4/tasks/{taskId}/undo  undoTask  tasks.read
    GET /api/v4/sync-findings  listSyncFindings  jobs.read, operator only
    GET /api/v4/journal  listJournalEntries  journal.read
    GET /api/v4/journal/verification  verifyJournal  journal.read, operator only
    GET /api/v4/installation/journal  listInstallationJournal  platform-administrator
    GET /api/v4/installation/journal/verification  verifyInstallationJournal  platform-administrator
    POST [/tenantui]/oauth2/v2.0/token  createToken  none
    POST [/tenantui]/{tenantId}/oauth2/v2.0/token  createTenantToken  none
    GET /.well-known/jwks.json  getSigningKeys  none
    GET /.well-known/openid-configuration  getOpenIdConfiguration  none
    GET /api/v4/clients  listClients  clients.manage
    POST /api/v4/clients  createClient  clients.manage
    GET /api/v4/clients/{clientId}  getClient  clients.manage
    PATCH /api/v4/clients/{clientId}  updateClient  clients.manage
    POST /api/v4/clients/{clientId}/rotate-secret  rotateClientSecret  clients.manage
    DELETE /api/v4/clients/{clientId}  revokeClient  clients.manage
    GET /api/v4/roles  listRoles  none
    GET /api/v4/sign-in-options  getSignInOptions  none
    POST /api/v4/sessions  signIn  none
    DELETE /api/v4/sessions/current  signOut  none
    GET /api/v4/sessions  listSessions  signed-in
    DELETE /api/v4/sessions/{sessionId}  revokeSession  signed-in
    POST /api/v4/sessions/revoke-others  revokeOtherSessions  signed-in
    GET /api/v4/sign-in/openid-connect  startOpenIdSignIn  none
    GET /api/v4/sign-in/openid-connect/callback  finishOpenIdSignIn  none
    GET /api/v4/me  getMe  signed-in
    GET /api/v4/me/mail  getMailChoices  signed-in
    PUT /api/v4/me/mail  setMailChoices  signed-in
    PUT /api/v4/me/preferences  setPreferences  signed-in
    POST /api/v4/me/password  changePassword  signed-in
    POST /api/v4/me/second-factor  startSecondFactor  signed-in
    POST /api/v4/me/second-factor/confirm  confirmSecondFactor  signed-in
    POST /api/v4/me/second-factor/remove  removeSecondFactor  signed-in
    GET /api/v4/users  listUsers  users.manage
    GET /api/v4/users/invitations  listInvitations  users.manage
    POST /api/v4/users/invitations  inviteUser  users.manage
    DELETE /api/v4/users/invitations/{invitationId}  revokeInvitation  users.manage
    GET /api/v4/users/{personId}  getUser  users.manage
    PATCH /api/v4/users/{personId}  updateUser  users.manage
    POST /api/v4/users/{personId}/suspend  suspendUser  users.manage
    POST /api/v4/users/{personId}/resume  resumeUser  users.manage
    POST /api/v4/users/{personId}/reset  resetUser  users.manage
    DELETE /api/v4/users/{personId}  removeUser  users.manage
    POST /api/v4/invitations/open  openInvitation  none
    POST /api/v4/invitations/accept  acceptInvitation  none
    GET /health/live  getLiveness  none
    GET /health/ready  getReadiness  none
    GET /metrics  getMetrics  none
    GET /openapi.json  getOpenApi  none
    GET /docs  getDocs  none
    GET /docs/assets/{file}  getDocsAsset  none
    GET /docs/errors/{code}  getErrorDocs  none
    "
  `)
})

test('the job table', () => {
  const lines = jobDefinitions(context.config, context.clients, context.sbcs).map(
    ({ name, scope, everySeconds, timeoutSeconds }) =>
      `${name}  ${scope}  every ${everySeconds} s, for ${timeoutSeconds} s at most`,
  )
  expect(`\n${lines.join('\n')}\n`).toMatchInlineSnapshot(`
    "
    peering.sync-leads-job  each-operator  every 15 s, for 3600 s at most
    peering.sync-addresses-job  each-operator  every 60 s, for 21600 s at most
    peering.sync-trunks-job  each-operator  every 180 s, for 600 s at most
    sbcs.check-devices-job  each-operator  every 45 s, for 3600 s at most
    operators.watch-secrets-job  each-operator  every 86400 s, for 60 s at most
    leads.watch-duties-job  each-operator  every 60 s, for 300 s at most
    services.record-usage-job  each-operator  every 3600 s, for 600 s at most
    tasks.trim-tasks-job  each-operator  every 86400 s, for 3600 s at most
    webhooks.watch-webhooks-job  each-operator  every 300 s, for 60 s at most
    webhooks.trim-deliveries-job  each-operator  every 86400 s, for 3600 s at most
    mail.write-digests-job  each-operator  every 900 s, for 300 s at most
    mail.trim-mails-job  each-operator  every 86400 s, for 3600 s at most
    notices.trim-notices-job  each-operator  every 86400 s, for 3600 s at most
    "
  `)
})

describe('the contract', () => {
  test('has every endpoint mounted exactly once, and nothing else', () => {
    const wanted = endpoints.map((endpoint) => endpoint.operationId).sort()
    expect(table.map((route) => route.endpoint.operationId).sort()).toEqual(wanted)
    // The same object: a route cannot have a contract of its own beside the published one.
    for (const { endpoint } of table) expect(endpoints).toContain(endpoint)
  })

  test('gives no two endpoints one name, or one method and path', () => {
    expect(new Set(endpoints.map((endpoint) => endpoint.operationId)).size).toBe(endpoints.length)
    expect(new Set(endpoints.map(({ method, path }) => `${method} ${path}`)).size).toBe(endpoints.length)
  })

  test('is served with and without /tenantui where documented, and without it only elsewhere', async () => {
    const { app } = createWebServer(context)
    await app.ready()
    const isMounted = ({ method, path }: { method: string; path: string }, prefix: string) =>
      app.hasRoute({ method: method as 'GET', url: `${prefix}${path.replace(/\{([^}]+)\}/g, ':$1')}` })
    for (const endpoint of endpoints) {
      expect([endpoint.operationId, isMounted(endpoint, ''), isMounted(endpoint, '/tenantui')]).toEqual([
        endpoint.operationId,
        true,
        endpoint.documented === true,
      ])
    }
    await app.close()
  })

  test('marks every route of the original API as documented', () => {
    const original = endpoints.filter(({ path }) => /^\/api\/(v2|v3|ovoc)\//.test(path))
    expect(original.length).toBeGreaterThan(0)
    expect(original.filter((endpoint) => !endpoint.documented)).toEqual([])
  })
})
