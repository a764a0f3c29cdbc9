import type { WireAdvancedSettings } from '../../../contract/licenses.ts'
import type { ConnectionModel, ServiceLicense } from '../../../contract/services.ts'
import { foldVariable } from '../../sbc/index.ts'
import { BUILT_IN_TEMPLATE_IDS } from '../sbcs/index.ts'
import type { NewConnection, NewService, SipConnection } from '../services/index.ts'
import { isGivenVariable, isTrunkVariable } from './given-variables.ts'

/** What the task that applies a license is given: all of it but the password, which is kept sealed elsewhere. */
export type LicenseOrder = {
  leadId: string
  tenantId: string
  companyName: string | null
  channelId: number | null
  serviceId: string
  connectionId: string
  shortName: string
  fullName: string
  lcCustomerId: number | null
  license: ServiceLicense
  model: ConnectionModel
  advanced: StoredAdvanced | null
}

export type StoredAdvanced = Omit<WireAdvancedSettings, 'carrierPassword' | 'model'>

/** Templates that come with Leadline, for those who name none. */
const DEFAULT_SCRIPTS: Record<ConnectionModel, { onboarding: number; cleanup: number }> = {
  tenant: { onboarding: BUILT_IN_TEMPLATE_IDS.tenantOnboarding, cleanup: BUILT_IN_TEMPLATE_IDS.tenantCleanup },
  'ip-group': { onboarding: BUILT_IN_TEMPLATE_IDS.ipGroupOnboarding, cleanup: BUILT_IN_TEMPLATE_IDS.ipGroupCleanup },
}

export function newServiceOf(order: LicenseOrder, taskId: string | null): NewService {
  return {
    serviceId: order.serviceId,
    tenantId: order.tenantId,
    channelId: order.channelId,
    leadId: order.leadId,
    lcCustomerId: order.lcCustomerId,
    shortName: order.shortName,
    fullName: order.fullName,
    license: order.license,
    model: order.model,
    state: 'Creating',
    origin: 'licensed',
    callingProfileId: order.advanced?.callingProfileId ?? null,
    taskId,
  }
}

/** A SIP connection as somebody asked for it; without advanced settings it is on no device of its own. */
export function newConnectionOf(
  owner: Pick<LicenseOrder, 'serviceId' | 'connectionId' | 'tenantId' | 'channelId' | 'shortName' | 'model'>,
  advanced: StoredAdvanced | null,
): NewConnection {
  const scripts = DEFAULT_SCRIPTS[owner.model]
  return {
    connectionId: owner.connectionId,
    serviceId: owner.serviceId,
    channelId: owner.channelId,
    tenantId: owner.tenantId,
    name: text(advanced?.connectionName) ?? owner.shortName,
    model: owner.model,
    sbcId: advanced?.sbcId ?? null,
    deployment: advanced ? 'Pending' : 'None',
    deploymentDetail: null,
    cacProfile: text(advanced?.cacProfile),
    proxySet: text(advanced?.proxySet),
    carrierHostName: text(advanced?.carrierHostName),
    carrierUserName: text(advanced?.carrierUserName),
    carrierMainLine: text(advanced?.carrierMainLine),
    onboardingScript: advanced ? (advanced.onboardingScript ?? scripts.onboarding) : null,
    cleanupScript: advanced ? (advanced.cleanupScript ?? scripts.cleanup) : null,
    addNumbersScript: advanced?.addNumbersScript ?? null,
    removeNumbersScript: advanced?.removeNumbersScript ?? null,
    variables: advanced?.variables ?? {},
  }
}

/** Whose a connection is, as far as its scripts must know. */
export type ScriptOwner = { serviceId: string; shortName: string; fullName: string; tenantId: string }

/**
 * What the scripts of a connection are rendered with: what Leadline gives itself, what the form has fields for, and further
 * variables. Nothing that is empty: templates have their own defaults. Source: rest-api.md S2.
 */
export function scriptVariables(
  owner: ScriptOwner,
  connection: Pick<
    SipConnection,
    'name' | 'cacProfile' | 'proxySet' | 'carrierHostName' | 'carrierUserName' | 'carrierMainLine' | 'variables'
  > &
    Partial<Pick<SipConnection, 'objectName'>>,
  password: string | null,
): Record<string, string> {
  const values: Record<string, string | null> = {
    ShortName: owner.shortName,
    ObjectName: connection.objectName ?? owner.shortName,
    FullName: owner.fullName,
    MsTenantId: owner.tenantId,
    ServiceId: owner.serviceId,
    SiteName: connection.name,
    ProxySet: connection.proxySet,
    CacProfile: connection.cacProfile,
    CarrierHostName: connection.carrierHostName,
    CarrierMainLine: connection.carrierMainLine,
    CarrierUserName: connection.carrierUserName,
    CarrierUserPassword: password,
  }
  const own = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== '')
  const taken = new Set(own.map(([name]) => foldVariable(name)))
  // Also of variables that were stored when nobody refused such names: none speaks for another customer.
  const further = Object.entries(connection.variables).filter(
    ([name, value]) =>
      value !== '' && !taken.has(foldVariable(name)) && (isTrunkVariable(name) || !isGivenVariable(name)),
  )
  return Object.fromEntries([...further, ...own])
}

/** Of these only what a template has a use for: a form is filled in for the script that makes, not for the one that removes. */
export function knownTo(variables: Record<string, string>, declared: ReadonlySet<string>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => declared.has(foldVariable(name))))
}

/** Whose objects on a device these are, in the books of the SBCs: the service with all its connections. */
export function ownerOfService(serviceId: string): string {
  return `service/${serviceId}`
}

/** Those of one connection. What the first one has is the service's own; none of them touches what another one has. */
export function ownerOf({
  serviceId,
  connectionId,
  position,
}: Pick<SipConnection, 'serviceId' | 'connectionId' | 'position'>): string {
  return position === 1 ? ownerOfService(serviceId) : `${ownerOfService(serviceId)}/${connectionId}`
}

function text(value: string | null | undefined): string | null {
  return value?.trim() || null
}
