import { join } from 'node:path'
import type { Logger } from 'pino'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import { endpoints } from '../contract/index.ts'
import { openApiText } from '../contract/openapi.ts'
import type { Config } from './config.ts'
import { CHECKOUT } from './data-directory.ts'
import { troubleSources, waitingSources } from './home-sources.ts'
import { jobDefinitions } from './jobs.ts'
import { type Clock, systemClock } from './kernel/clock.ts'
import { newId } from './kernel/ids.ts'
import { installationPrincipal, type OperatorPrincipal } from './kernel/principal.ts'
import { openMasterKeys } from './master-key-file.ts'
import { type Access, createAccess } from './modules/access/index.ts'
import { createJournalService, JOURNAL_SIGNING_PURPOSE, type JournalService } from './modules/audit/index.ts'
import {
  type ChannelService,
  createChannelService,
  createLcCustomerService,
  type LcCustomerService,
} from './modules/channels/index.ts'
import { createHomeService, type HomeService } from './modules/home/index.ts'
import {
  createJobsService,
  createUndeliveredService,
  type JobsService,
  type UndeliveredService,
} from './modules/jobs/index.ts'
import {
  channelLeads,
  createAssignCalls,
  createDirectLeadService,
  createLeadArchiveService,
  createLeadBulkService,
  createLeadChannelService,
  createLeadCommentService,
  createLeadOwnerService,
  createLeadReferenceService,
  createLeadRuleService,
  createLeadService,
  createLeadStatusService,
  type DirectLeadService,
  type LeadArchiveService,
  type LeadBulkService,
  type LeadChannelService,
  type LeadCommentService,
  type LeadOwnerService,
  type LeadReferenceService,
  type LeadRuleService,
  type LeadService,
  type LeadStatusService,
  leadBulkActions,
  taskStatusSource,
} from './modules/leads/index.ts'
import { createLicensing, type Licensing, serviceCompanions } from './modules/licensing/index.ts'
import {
  type CustomerMailService,
  createCustomerMailService,
  createMailService,
  createMailTemplateService,
  type MailService,
  type MailTemplateService,
  mailCustomersTask,
  prepareMailing,
} from './modules/mail/index.ts'
import { createNoticeService, type NoticeService } from './modules/notices/index.ts'
import {
  type ConnectionService,
  createConnectionService,
  createOperatorService,
  type OperatorService,
  operatorStore,
} from './modules/operators/index.ts'
import {
  createFindingService,
  createLeadSource,
  createMicrosoftClients,
  createTenantNumbers,
  createWaitForSync,
  type FindingService,
  type MicrosoftClients,
  syncStanding,
  syncStatusSource,
} from './modules/peering/index.ts'
import { createPeople, type People, type PeopleSettings } from './modules/people/index.ts'
import { createSbcs, type Sbcs } from './modules/sbcs/index.ts'
import { createSearchService, type SearchService } from './modules/search/index.ts'
import {
  createLicensePoolService,
  createLicenseUsageService,
  createServiceService,
  type LicensePoolService,
  type LicenseUsageService,
  type ServiceNames,
  type ServiceService,
  serviceStore,
} from './modules/services/index.ts'
import { createTaskService, type TaskService } from './modules/tasks/index.ts'
import { type CallingProfileService, createCallingProfileService } from './modules/trunks/index.ts'
import { createViewService, type ViewService } from './modules/views/index.ts'
import {
  createDeliveryService,
  createWebhookSender,
  createWebhookService,
  type DeliveryService,
  guardedPost,
  type WebhookSender,
  type WebhookService,
} from './modules/webhooks/index.ts'
import { type Database, openDatabase } from './platform/db/database.ts'
import { createReader } from './platform/db/reader.ts'
import {
  createTransact,
  createTransactJointly,
  type Transact,
  type TransactJointly,
} from './platform/db/transaction.ts'
import { createWriteGuard, type ServiceRouteOptions, type WriteGuard } from './platform/http/index.ts'
import { createJobRegistry, type JobRegistry } from './platform/jobs/index.ts'
import { createSmtpConnector, type SmtpConnector } from './platform/mail/index.ts'
import { createAddressGuard, createGuardedAgent } from './platform/outbound/index.ts'
import { createSealer, createSigner, type MasterKeys, type Sealer, type Signer } from './platform/secrets/index.ts'
import { createTaskRegistry, type TaskRegistry } from './platform/tasks/index.ts'
import { createReadiness } from './readiness.ts'
import { SANDBOX_PEOPLE } from './sandbox.ts'
import { sbcPortsOf } from './sandbox-sbcs.ts'
import { taskDefinitions } from './tasks.ts'

/** Everything a process of the server is made of, built once and in order. Web and worker share it. */
export type Context = {
  config: Config
  clock: Clock
  logger: Logger
  metrics: Registry
  databaseUrl: string
  database: Database
  transact: Transact
  transactJointly: TransactJointly
  /** Idempotency-Key and If-Match. */
  guard: WriteGuard
  masterKeys: MasterKeys
  sealer: Sealer
  signer: Signer
  access: Access
  people: People
  journal: JournalService
  operators: OperatorService
  connections: ConnectionService
  clients: MicrosoftClients
  registry: JobRegistry
  jobs: JobsService
  undelivered: UndeliveredService
  leads: LeadService
  leadArchive: LeadArchiveService
  leadComments: LeadCommentService
  leadReferences: LeadReferenceService
  leadOwners: LeadOwnerService
  leadRules: LeadRuleService
  leadStatus: LeadStatusService
  leadBulk: LeadBulkService
  /** Kinds of tasks. */
  taskRegistry: TaskRegistry
  tasks: TaskService
  services: ServiceService
  licensePools: LicensePoolService
  licenseUsage: LicenseUsageService
  licensing: Licensing
  sbcs: Sbcs
  callingProfiles: CallingProfileService
  searches: SearchService
  views: ViewService
  leadChannels: LeadChannelService
  directLeads: DirectLeadService
  channels: ChannelService
  customers: LcCustomerService
  findings: FindingService
  webhooks: WebhookService
  webhookDeliveries: DeliveryService
  webhookSender: WebhookSender
  mail: MailService
  mailTemplates: MailTemplateService
  customerMail: CustomerMailService
  notices: NoticeService
  home: HomeService
  smtp: SmtpConnector
  service: ServiceRouteOptions
  listOperators: () => Promise<number[]>
  close(): Promise<void>
}

export type ContextOptions = {
  config: Config
  /** Application's login; the launcher or the administrator gives it. */
  databaseUrl: string
  dataDirectory: string
  version: string
  logger: Logger
  /** For tests. */
  clock?: Clock
}

export function createContext({
  config,
  databaseUrl,
  dataDirectory,
  version,
  logger,
  clock = systemClock,
}: ContextOptions): Context {
  const metrics = new Registry()
  collectDefaultMetrics({ register: metrics })
  const masterKeys = openMasterKeys(dataDirectory, config.secrets.masterKeys)
  const sealer = createSealer(masterKeys)
  const signer = createSigner(masterKeys, JOURNAL_SIGNING_PURPOSE)
  const database = openDatabase({
    url: databaseUrl,
    poolSize: config.database.poolSize,
    streamPoolSize: config.database.streamPoolSize,
    statementTimeoutMs: config.database.statementTimeoutSeconds * 1_000,
    applicationName: `leadline ${config.roles.join('+')}`,
    onError: (error) => logger.warn({ err: error }, 'an idle database connection broke; it will be replaced'),
  })
  const transact = createTransact(database.pool)
  const transactJointly = createTransactJointly(database.pool)
  const { audience, trustedIssuers } = config.tokens
  const { publicUrl } = config.http
  const reader = createReader(database)
  const people = createPeople({ reader, transact, sealer, clock, logger, settings: peopleSettings(config) })
  const access = createAccess({
    transact,
    sealer,
    clock,
    logger,
    settings: { publicUrl, audience, trustedIssuers, databaseUrl },
    schemes: [people.scheme],
  })
  const journal = createJournalService({ transact, signer })
  const connections = createConnectionService({ transact, sealer, clock })
  const clients = createMicrosoftClients({ connections, logger, onCall: microsoftMetrics(metrics) })
  const sbcGuard = createAddressGuard(sbcOutboundSettings(config))
  const sbcs = createSbcs({ transact, sealer, clock, guard: sbcGuard })
  const registry = createJobRegistry({ transact, jobs: jobDefinitions(config, clients, sbcs), config })
  const source = createLeadSource({
    clients,
    transact,
    registry,
    waitForSync: createWaitForSync({ registry, transact }),
  })
  const addressFailures = new Counter({
    name: 'leadline_address_fetch_failures_total',
    help: 'Civic addresses of direct leads that could not be fetched for an answer',
    registers: [metrics],
  })
  const leads = createLeadService({
    reader,
    transact,
    source,
    onAddressFailure: (tenantId, reason) => {
      addressFailures.inc()
      logger.warn({ tenantId, reason }, 'civic addresses of a direct lead could not be fetched')
    },
  })
  const leadOwners = createLeadOwnerService({ transact, clock })
  const leadChannels = createLeadChannelService({
    ...{ transact, assignCalls: createAssignCalls({ transact, clock }), companions: serviceCompanions },
  })
  const leadActions = {
    ...leadBulkActions(source, leadOwners, leadChannels, {
      callsPerMinute: config.sync.addressCallsPerMinute,
      companions: serviceCompanions,
    }),
    mail: {
      task: mailCustomersTask(clock),
      title: (leads: string) => `Write to the customers of ${leads}`,
      prepare: (principal: OperatorPrincipal, asked: object, count: number) =>
        prepareMailing({ transact, clock }, principal, asked, count),
    },
  }
  const addressGuard = createAddressGuard(outboundSettings(config))
  const outboundAgent = createGuardedAgent({ guard: addressGuard, connections: 32 })
  const webhookSender = createWebhookSender({ sealer, post: guardedPost(outboundAgent) })
  const mailGuard = createAddressGuard(mailOutboundSettings(config))
  const smtp = createSmtpConnector({ guard: mailGuard, ownName: new URL(publicUrl).hostname })
  const callingProfiles = createCallingProfileService({ transact })
  const serviceNames: ServiceNames = {
    sbcs: sbcs.namesOf,
    secretVariables: sbcs.secretsOf,
    callingProfile: async (operatorId, id) => (await callingProfiles.find(operatorId, id))?.profile.name ?? null,
  }
  const licensing = createLicensing({
    ...{ transact, sealer, registry, source, names: serviceNames, numbers: createTenantNumbers(clients) },
    ...{ sbcs: sbcs.work, variablesOf: sbcs.variablesOf, secretsOf: sbcs.secretsOf },
    trunkFqdns: callingProfiles.trunkFqdns,
    async profileOf(operatorId, profileId) {
      const found = await callingProfiles.find(operatorId, profileId)
      return found && { isRemoved: found.removedAt !== null, trunkFqdns: found.profile.trunks.map(({ fqdn }) => fqdn) }
    },
  })
  const taskRegistry = createTaskRegistry(taskDefinitions(leadActions, licensing.tasks))
  const listOperators = () =>
    transact(installationPrincipal('jobs', newId()), async (tx) =>
      (await operatorStore(tx).list()).map((operator) => operator.operatorId),
    )
  const service: ServiceRouteOptions = {
    metrics,
    metricsToken: config.metrics.token?.reveal() ?? null,
    readiness: createReadiness({ transact, sandbox: config.sandbox.enabled === true }),
    openApi: openApiText(endpoints, version),
    errorDocsDirectory: join(CHECKOUT, 'docs/errors'),
  }
  const jobs = createJobsService({ registry, transact })
  const undelivered = createUndeliveredService({ transact })
  const tasks = createTaskService({ transact, registry: taskRegistry })
  const webhooks = createWebhookService({ transact, sealer, clock, guard: addressGuard, sender: webhookSender })
  const mail = createMailService({ transact, sealer, clock, guard: mailGuard, connector: smtp, publicUrl })
  return {
    config,
    clock,
    logger,
    metrics,
    databaseUrl,
    database,
    transact,
    transactJointly,
    guard: createWriteGuard({ transact, transactJointly, sealer }),
    masterKeys,
    sealer,
    signer,
    access,
    people,
    journal,
    operators: createOperatorService({ transact }),
    connections,
    clients,
    registry,
    jobs,
    undelivered,
    leads,
    leadArchive: createLeadArchiveService({ transact }),
    leadComments: createLeadCommentService({ transact, clock }),
    leadReferences: createLeadReferenceService({ transact }),
    leadOwners,
    leadRules: createLeadRuleService({ transact, clock }),
    leadStatus: createLeadStatusService({
      transact,
      clock,
      leads,
      sources: [taskStatusSource(taskRegistry), syncStatusSource({ registry, clock })],
    }),
    leadBulk: createLeadBulkService({ transact, leads, actions: leadActions }),
    taskRegistry,
    tasks,
    services: createServiceService({ reader, transact, clock, names: serviceNames }),
    licensePools: createLicensePoolService({ transact }),
    licenseUsage: createLicenseUsageService({ transact, clock }),
    licensing,
    sbcs,
    callingProfiles,
    searches: createSearchService({ reader }),
    views: createViewService({ transact, clock }),
    leadChannels,
    directLeads: createDirectLeadService({ transact, source }),
    channels: createChannelService({ transact, clock, leads: channelLeads, clients: access.clients }),
    customers: createLcCustomerService({
      ...{ transact, servicesOf: (tx, customerId) => serviceStore(tx).countOfCustomer(customerId) },
    }),
    findings: createFindingService({ transact }),
    webhooks,
    webhookDeliveries: createDeliveryService({ transact, clock }),
    webhookSender,
    mail,
    mailTemplates: createMailTemplateService({ transact, clock }),
    customerMail: createCustomerMailService({ transact, clock }),
    notices: createNoticeService({ transact }),
    home: createHomeService({
      reader,
      clock,
      waiting: waitingSources({ tasks, sbcs, clock, transact }),
      troubles: troubleSources({ connections, jobs, webhooks, mail, undelivered, sbcs, clock, transact }),
      syncedAt: async (principal) => (await transact(principal, syncStanding)).listedAt,
    }),
    smtp,
    service,
    listOperators,
    async close() {
      await access.close()
      await clients.close()
      await outboundAgent.destroy()
      await sbcs.close()
      await database.close()
    },
  }
}

/** In the sandbox the simulator has a receiver, on this very machine. */
function outboundSettings({ outbound, sandbox }: Config): Parameters<typeof createAddressGuard>[0] {
  const ownReceivers = sandbox.enabled === true ? [{ address: '127.0.0.1', port: sandbox.simulatorPort }] : []
  return { allowedRanges: outbound.allowedRanges, ownReceivers }
}

/** And a mail server, at the port after its own. */
function mailOutboundSettings({ outbound, sandbox }: Config): Parameters<typeof createAddressGuard>[0] {
  const mailbox = { address: '127.0.0.1', port: sandbox.simulatorPort + 1 }
  const ownReceivers = sandbox.enabled === true ? [mailbox] : []
  return { allowedRanges: outbound.allowedRanges, ownReceivers, protocol: 'smtp' }
}

/** Devices of the simulator listen two and three ports after its own. */
function sbcOutboundSettings({ sbcs, sandbox }: Config): Parameters<typeof createAddressGuard>[0] {
  const ports = sandbox.enabled === true ? sbcPortsOf(sandbox.simulatorPort) : []
  return { allowedRanges: sbcs.allowedRanges, ownReceivers: ports.map((port) => ({ address: '127.0.0.1', port })) }
}

function peopleSettings({ http, openId, sandbox }: Config): PeopleSettings {
  return {
    publicUrl: http.publicUrl,
    openId: openId && { ...openId, clientSecret: openId.clientSecret.reveal() },
    samplePeople: sandbox.enabled === true ? SANDBOX_PEOPLE : null,
  }
}

function microsoftMetrics(metrics: Registry): Parameters<typeof createMicrosoftClients>[0]['onCall'] {
  const calls = new Histogram({
    name: 'leadline_microsoft_call_seconds',
    help: 'Calls to Microsoft, each attempt',
    labelNames: ['operator', 'operation', 'outcome'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30],
    registers: [metrics],
  })
  return (operatorId, { operation, outcome, durationMs }) =>
    calls.observe({ operator: String(operatorId), operation, outcome }, durationMs / 1_000)
}
