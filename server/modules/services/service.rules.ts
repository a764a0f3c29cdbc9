import {
  type ConnectionModel,
  type DeploymentState,
  type HealthState,
  licenseNumbers,
  type ServiceLicense,
  type ServiceState,
  type WireCheckResult,
} from '../../../contract/services.ts'

/** A licensed customer: what a lead becomes. Source: rest-api.md 2.6, portal.md 12.1. */
export type Service = {
  serviceId: string
  arrival: number
  tenantId: string
  channelId: number | null
  leadId: string
  lcCustomerId: number | null
  shortName: string
  fullName: string
  license: ServiceLicense
  licensedUsers: number | null
  model: ConnectionModel
  state: ServiceState
  origin: 'licensed' | 'adopted'
  callingProfileId: string | null
  barredSince: Date | null
  barReason: string | null
  connections: number
  deployment: DeploymentState
  health: HealthState
  checkedAt: Date | null
  checkResults: WireCheckResult[] | null
  testCalls: Record<string, { at: string; by: string }>
  taskId: string | null
  version: number
  createdAt: Date
  changedAt: Date
}

/** What a new service is made of; the rest is as a new one has it. */
export type NewService = Pick<
  Service,
  | 'serviceId'
  | 'tenantId'
  | 'channelId'
  | 'leadId'
  | 'lcCustomerId'
  | 'shortName'
  | 'fullName'
  | 'license'
  | 'model'
  | 'state'
  | 'origin'
  | 'callingProfileId'
  | 'taskId'
>

/** How the calls of a service reach its SBC: by tenant id on a shared trunk, or by IP groups of its own. */
export type SipConnection = {
  connectionId: string
  serviceId: string
  channelId: number | null
  tenantId: string
  /** 1: the one that came with the license. */
  position: number
  /** Of its objects on an SBC, unique in the service: the short name, for a further one with its number. */
  objectName: string
  name: string
  model: ConnectionModel
  sbcId: number | null
  deployment: DeploymentState
  deploymentDetail: string | null
  cacProfile: string | null
  proxySet: string | null
  carrierHostName: string | null
  carrierUserName: string | null
  carrierMainLine: string | null
  onboardingScript: number | null
  cleanupScript: number | null
  addNumbersScript: number | null
  removeNumbersScript: number | null
  variables: Record<string, string>
  createdAt: Date
  changedAt: Date
}

export type NewConnection = Omit<SipConnection, 'position' | 'objectName' | 'createdAt' | 'changedAt'>

/** No short name holds a dot, so that this is nobody else's. Source: issue 7, 1 and 2. */
export function objectNameOf(shortName: string, position: number): string {
  return position === 1 ? shortName : `${shortName}.${position}`
}

/** An answer to "may this be done now?" that says why not. Source: design/architecture.md, names 3. */
export type Permitted = { ok: true } | { ok: false; code: string; reason: string }
const YES: Permitted = { ok: true }
const refused = (code: string, reason: string): Permitted => ({ ok: false, code, reason })

type Known = Pick<Service, 'state' | 'taskId' | 'barredSince' | 'shortName'>

const STATE_WORDS: Record<Service['state'], string> = {
  Creating: 'Its license is being applied: wait for the task.',
  Active: '',
  Deleting: 'It is being deleted.',
}

/** Names and LC customer may change at any time but the end: they are only here. */
export function mayEdit({ state }: Pick<Known, 'state'>): Permitted {
  return state === 'Active' ? YES : refused('service-state', STATE_WORDS[state])
}

/** One task at a time works on a service: its SBC objects, and what Microsoft is told. */
export function mayWorkOn({ state, taskId }: Pick<Known, 'state' | 'taskId'>): Permitted {
  if (state !== 'Active') return refused('service-state', STATE_WORDS[state])
  if (taskId !== null) return refused('service-busy', `The task ${taskId} is at work on it: wait for its end.`)
  return YES
}

export function mayBar(service: Known, hasObjects: boolean): Permitted {
  const verdict = mayWorkOn(service)
  if (!verdict.ok) return verdict
  if (service.barredSince !== null) return refused('service-barred', 'It is barred already.')
  if (!hasObjects) {
    const reason =
      'It has nothing of its own on an SBC that could be barred: its calls share the trunk of the operator.'
    return refused('service-not-barrable', reason)
  }
  return YES
}

export function mayUnbar(service: Known): Permitted {
  const verdict = mayWorkOn(service)
  if (!verdict.ok) return verdict
  return service.barredSince === null ? refused('service-not-barred', 'It is not barred.') : YES
}

/** One that is being deleted already is told so; the documented API takes that for a yes. */
export const mayDelete = mayWorkOn

export function mayChangeConnection(service: Known, connection: Pick<SipConnection, 'deployment'>): Permitted {
  const verdict = mayWorkOn(service)
  if (!verdict.ok) return verdict
  return connection.deployment === 'Removing' ? refused('connection-state', 'It is being removed.') : YES
}

/** The first one is what the license stands on. */
export function mayDeleteConnection(
  service: Known,
  connection: Pick<SipConnection, 'deployment' | 'position'>,
): Permitted {
  if (connection.position === 1) {
    return refused('connection-first', 'The first SIP connection goes with the service: delete the customer instead.')
  }
  return mayWorkOn(service)
}

/** From what is well to what is not. */
const GRAVITY: readonly DeploymentState[] = ['None', 'Deployed', 'Pending', 'Waiting', 'Removing', 'Failed']

/** How a service stands by its SIP connections: as the worst of them. */
export function worstDeployment(states: readonly DeploymentState[]): DeploymentState {
  return GRAVITY[Math.max(0, ...states.map((state) => GRAVITY.indexOf(state)))] ?? 'None'
}

/** The documented number of a SIP connection's state; 3 is Deployed. Source: rest-api.md 2.9. */
export const deploymentNumbers: Record<DeploymentState, number> = {
  None: 0,
  Pending: 1,
  Waiting: 2,
  Deployed: 3,
  Failed: 4,
  Removing: 5,
}

/** The license of a documented number; null for one that Operator Connect has not. */
export function licenseOf(number: number): ServiceLicense | null {
  const found = Object.entries(licenseNumbers).find(([, value]) => value === number)
  return (found?.[0] as ServiceLicense | undefined) ?? null
}

/** OC Essential has no number of users. Source: rest-api.md 2.6. */
export function countsUsers(license: ServiceLicense): boolean {
  return license !== 'OC Essential'
}

/** Test calls that a person makes and ticks off. Source: issue 7, 1. */
export const TEST_CALLS = [
  { code: 'outbound', title: 'Call a number outside from a Teams user of the customer' },
  { code: 'inbound', title: 'Call a Teams user of the customer from outside' },
  { code: 'caller-id', title: 'Look at the number that the called party sees' },
  { code: 'emergency', title: 'Make the test call that the country has for emergency numbers' },
] as const
