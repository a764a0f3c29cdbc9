import { allPermissions } from '../contract/permissions.ts'
import type { Clock } from './kernel/clock.ts'
import { newId } from './kernel/ids.ts'
import { installationPrincipal, jobPrincipal } from './kernel/principal.ts'
import { mailboxPortOf } from './mailbox-port.ts'
import { ensureClient } from './modules/access/index.ts'
import { ensureSampleChannel } from './modules/channels/index.ts'
import { type LocalFacts, leadLicense, moveLeads, setLocalFacts } from './modules/leads/index.ts'
import type { MailService } from './modules/mail/index.ts'
import { type ConnectionService, installationStore, operatorStore } from './modules/operators/index.ts'
import { ensureSamplePeople, samplePeople } from './modules/people/index.ts'
import type { Sbcs } from './modules/sbcs/index.ts'
import { makeService, shortNameProposals } from './modules/services/index.ts'
import type { Transact, Tx } from './platform/db/transaction.ts'
import { giveSbcs } from './sandbox-sbcs.ts'

/** The two carriers of the sandbox, as the simulator knows them (sim/README.md). Public, and worthless elsewhere. */
export const NORTHWIND = {
  operatorId: 868,
  name: 'Northwind Voice',
  msOperatorId: '7a4e58a1-8348-4fa5-8d36-4e19125e4ac3',
  directoryId: '5b0c6f0e-2d3a-4c1b-9a57-61f2c0d7e801',
  clientId: 'c3d2a9b4-7e15-4f60-8b2d-0f9a6e41d702',
  secret: 'northwind-sim-secret',
} as const
export const FABRIKAM = {
  operatorId: 869,
  name: 'Fabrikam Telecom',
  msOperatorId: null,
  directoryId: '9e41b7d3-08c6-4a2f-b5de-3c7f10a94b25',
  clientId: '47f0d8e2-b631-4c95-9ad4-e82c5b7306f1',
  secret: 'fabrikam-sim-secret',
} as const
export const RIVERSIDE = {
  channelId: 907,
  name: 'Riverside IT',
  description: 'Reseller of Northwind Voice',
  msTenantId: '2f7c3f0e-8a54-4f3f-9d7b-6c0f6f6c1b2a',
  email: 'desk@riverside.example',
  phone: '+1 425 555 0190',
  customer: { name: 'Alder & Pine', fullName: 'Alder & Pine US', msTenantId: 'd1382f6b-4846-45d7-9ac8-0349c1ed5ead' },
} as const

/** People of the sandbox: every level of two carriers and a channel, and one of the platform tier. */
export const SANDBOX_PEOPLE = samplePeople({ northwind: NORTHWIND, fabrikam: FABRIKAM, riverside: RIVERSIDE })

/** API clients of the sandbox. Source: issue 2, 5. */
export const SANDBOX_CLIENTS = [
  { clientId: 'northwind-api', clientSecret: 'northwind-sandbox-secret', operatorId: 868, channelId: null },
  { clientId: 'fabrikam-api', clientSecret: 'fabrikam-sandbox-secret', operatorId: 869, channelId: null },
  { clientId: 'riverside-api', clientSecret: 'riverside-sandbox-secret', operatorId: 868, channelId: 907 },
] as const

/** What only Leadline knows of four of the first ten leads. Source: seed 003. */
const LOCAL_FACTS: { leadId: string; facts: Partial<LocalFacts>; channelId?: number }[] = [
  { leadId: '9cfca362-453f-4005-b263-33e2b4b5e459', facts: { isNotActive: true } },
  { leadId: '479de1fc-0310-4c35-bf5f-742baa5c67bd', facts: licensed('c39a9d97-3374-4bab-8648-459795360c7e') },
  {
    leadId: '691aa0bb-5396-4df6-97ad-83f82e4a64e2',
    facts: licensed('bb9fac5f-6b72-4e33-8bd6-8e6ef8342bc3'),
    channelId: RIVERSIDE.channelId,
  },
  { leadId: 'e18efef1-4251-46eb-a6b1-f533fae3c963', facts: licensed('11d7c50f-414e-48f9-91c1-8e4deec94054') },
]

function licensed(umpCustomerGuid: string) {
  return { umpCustomerGuid, license: 'OC Essential', processing: 'Success' } as const
}

export type SandboxOptions = {
  transact: Transact
  connections: ConnectionService
  mail: MailService
  sbcs: Sbcs
  /** Address of the simulator, such as http://127.0.0.1:8081. */
  simulatorUrl: string
  clock: Clock
}

/** Operators, channel, clients and connections of the sandbox; harmless to run at every start. */
export async function prepareSandbox({
  transact,
  connections,
  mail,
  sbcs,
  simulatorUrl,
  clock,
}: SandboxOptions): Promise<void> {
  const installation = installationPrincipal('sandbox', newId())
  for (const { operatorId, name } of [NORTHWIND, FABRIKAM]) {
    await transact(installation, (tx) => operatorStore(tx).ensure(operatorId, name))
  }
  await transact(jobPrincipal('sandbox', NORTHWIND.operatorId, newId()), (tx) => ensureSampleChannel(tx, RIVERSIDE))
  for (const client of SANDBOX_CLIENTS) {
    await transact(jobPrincipal('sandbox', client.operatorId, newId()), (tx) =>
      ensureClient(tx, { ...client, name: client.clientId, permissions: allPermissions, now: clock.now() }),
    )
  }
  await ensureSamplePeople(transact, SANDBOX_PEOPLE, clock)
  for (const operator of [NORTHWIND, FABRIKAM]) {
    await connect(operator, connections, simulatorUrl)
    await giveMail(operator, mail, mailboxPortOf(simulatorUrl))
  }
  const northwind = jobPrincipal('sandbox', NORTHWIND.operatorId, newId())
  await giveSbcs(sbcs.devices, northwind, Number(new URL(simulatorUrl).port))
}

/** What a person changed stays; only the mailbox's port is followed. */
async function giveMail(operator: typeof NORTHWIND | typeof FABRIKAM, mail: MailService, port: number): Promise<void> {
  const principal = jobPrincipal('sandbox', operator.operatorId, newId())
  const { settings } = await mail.get(principal)
  if (settings && (settings.host !== '127.0.0.1' || settings.port === port)) return
  const domain = operator.operatorId === NORTHWIND.operatorId ? 'northwind.example' : 'fabrikam.example'
  await mail.set(principal, {
    ...{ enabled: settings?.enabled ?? true, host: '127.0.0.1', port, tls: 'none' },
    ...{ userName: 'sandbox', password: 'sandbox-mail-secret' },
    senderName: settings?.senderName ?? operator.name,
    senderAddress: settings?.senderAddress ?? `leads@${domain}`,
  })
}

async function connect(
  operator: typeof NORTHWIND | typeof FABRIKAM,
  connections: ConnectionService,
  simulatorUrl: string,
): Promise<void> {
  const known = await connections.openSettings(operator.operatorId)
  const baseUrl = `${simulatorUrl}/api`
  // What a person changed in the sandbox stays; only the simulator's port follows the configuration.
  if (known?.settings.baseUrl === baseUrl) return
  await connections.set(jobPrincipal('sandbox', operator.operatorId, newId()), operator.operatorId, {
    ...(known ? {} : { directoryId: operator.directoryId, clientId: operator.clientId, secret: operator.secret }),
    msOperatorId: operator.msOperatorId,
    baseUrl,
    authority: simulatorUrl,
  })
}

/** The service of a sample lead that has a license, as if it had been adopted. */
async function makeSampleService(tx: Tx, leadId: string, serviceId: string): Promise<void> {
  const lead = await leadLicense.lock(tx, leadId)
  if (!lead) return
  const { tenantId, channelId } = lead
  const fullName = lead.companyName ?? leadId
  const [shortName = `Sample-${leadId.slice(0, 8)}`] = shortNameProposals(fullName)
  const service = {
    ...{
      serviceId,
      tenantId,
      channelId,
      leadId,
      lcCustomerId: null,
      shortName,
      fullName,
      license: 'OC Essential' as const,
    },
    ...{
      model: 'tenant' as const,
      state: 'Active' as const,
      origin: 'adopted' as const,
      callingProfileId: null,
      taskId: null,
    },
  }
  await makeService(tx, service, {
    ...{ connectionId: newId(), serviceId, channelId, tenantId, name: shortName, model: 'tenant', sbcId: null },
    ...{ deployment: 'None', deploymentDetail: null, cacProfile: null, proxySet: null, carrierHostName: null },
    ...{ carrierUserName: null, carrierMainLine: null, onboardingScript: null, cleanupScript: null },
    ...{ addNumbersScript: null, removeNumbersScript: null, variables: {} },
  })
}

/** Gives the sample leads their local facts, once, when the first sync has brought them. */
export async function loadSandboxFacts({ transact, clock }: Pick<SandboxOptions, 'transact' | 'clock'>): Promise<void> {
  const principal = jobPrincipal('sandbox', NORTHWIND.operatorId, newId())
  await transact(principal, async (tx) => {
    if (!(await installationStore(tx).takeSandboxFacts(clock.now()))) return
    for (const { leadId, facts, channelId } of LOCAL_FACTS) {
      await setLocalFacts(tx, leadId, 'sandbox.facts-loaded', facts)
      if (channelId !== undefined) await moveLeads(tx, [leadId], channelId)
      if (facts.umpCustomerGuid) await makeSampleService(tx, leadId, facts.umpCustomerGuid)
    }
  })
}
