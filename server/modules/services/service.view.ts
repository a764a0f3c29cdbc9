import type { WireService, WireServiceDetail, WireSipConnection } from '../../../contract/services.ts'
import type { WireSiteLocation } from '../../../contract/sip-connections.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import { foldVariable } from '../../sbc/index.ts'
import type { Service, SipConnection } from './service.rules.ts'
import {
  deploymentNumbers,
  mayBar,
  mayChangeConnection,
  mayDelete,
  mayDeleteConnection,
  mayEdit,
  mayUnbar,
  mayWorkOn,
  type Permitted,
  TEST_CALLS,
} from './service.rules.ts'
import { toService } from './service.store.ts'
import type { ListedService } from './service-list.store.ts'

type Shown = Service & { channelName: string | null; lcCustomerName: string | null }
type Asker = Pick<OperatorPrincipal, 'channelId'>

export function listedService(row: ListedService): Shown {
  const service = toService({ ...row, check_results: null, test_calls: {}, short_name_folded: '', search: '' })
  return { ...service, channelName: row.channel_name, lcCustomerName: row.lc_customer_name }
}

/** A service for the portal: names instead of ids, and what may be done with it. */
export function serviceView(service: Shown, asker: Asker): WireService {
  const { channelId, lcCustomerId } = service
  const hasObjects = service.model === 'ip-group' && service.deployment === 'Deployed'
  return {
    id: service.serviceId,
    shortName: service.shortName,
    fullName: service.fullName,
    tenantId: service.tenantId,
    leadId: service.leadId,
    license: service.license,
    licensedUsers: service.licensedUsers,
    state: service.state,
    origin: service.origin,
    barred: service.barredSince && { since: service.barredSince.toISOString(), reason: service.barReason ?? '' },
    channel: channelId === null ? null : { id: channelId, name: service.channelName ?? '' },
    // Of another tier there is an id, and no name to be had.
    lcCustomer:
      lcCustomerId === null || service.lcCustomerName === null
        ? null
        : { id: lcCustomerId, name: service.lcCustomerName },
    model: service.model,
    connections: service.connections,
    deployment: service.deployment,
    health: service.health,
    checkedAt: service.checkedAt?.toISOString() ?? null,
    usedNumbers: 0,
    createdAt: service.createdAt.toISOString(),
    changedAt: service.changedAt.toISOString(),
    taskId: service.taskId,
    actions: {
      edit: permitted(mayEdit(service)),
      addConnection: permitted(mayWorkOn(service)),
      changeLcCustomer: ofOperator(asker, mayEdit(service)),
      changeChannel: ofOperator(asker, mayEdit(service)),
      check: permitted(mayWorkOn(service)),
      bar: ofOperator(asker, mayBar(service, hasObjects)),
      unbar: ofOperator(asker, mayUnbar(service)),
      delete: ofOperator(asker, mayDelete(service)),
    },
  }
}

/** What is needed to show one service whole. */
export type SeenService = {
  service: Shown
  connections: SipConnection[]
  /** Ids of SIP connections that have a password. */
  withPassword: ReadonlySet<string>
  sbcNames: ReadonlyMap<number, string>
  /** Names of variables that a script calls secret, folded. */
  secretVariables: ReadonlySet<string>
  callingProfileName: string | null
}

export function serviceDetailView(seen: SeenService, asker: Asker): WireServiceDetail {
  const { service, connections, callingProfileName } = seen
  return {
    ...serviceView(service, asker),
    callingProfile:
      service.callingProfileId === null ? null : { id: service.callingProfileId, name: callingProfileName },
    sipConnections: connections.map((connection) => connectionView(seen, connection)),
    check:
      service.checkResults && service.checkedAt
        ? { at: service.checkedAt.toISOString(), results: service.checkResults }
        : null,
    testCalls: TEST_CALLS.map(({ code, title }) => {
      const done = service.testCalls[code]
      return { code, title, doneAt: done?.at ?? null, doneBy: done?.by ?? null }
    }),
  }
}

export function connectionView(
  {
    service,
    withPassword,
    sbcNames,
    secretVariables,
  }: Pick<SeenService, 'service' | 'withPassword' | 'sbcNames' | 'secretVariables'>,
  connection: SipConnection,
): WireSipConnection {
  const { sbcId } = connection
  return {
    id: connection.connectionId,
    name: connection.name,
    isFirst: connection.position === 1,
    model: connection.model,
    sbc: sbcId === null ? null : { id: sbcId, name: sbcNames.get(sbcId) ?? null },
    deployment: connection.deployment,
    deploymentDetail: connection.deploymentDetail,
    cacProfile: connection.cacProfile,
    proxySet: connection.proxySet,
    carrierHostName: connection.carrierHostName,
    carrierUserName: connection.carrierUserName,
    carrierMainLine: connection.carrierMainLine,
    hasCarrierPassword: withPassword.has(connection.connectionId),
    onboardingScript: connection.onboardingScript,
    cleanupScript: connection.cleanupScript,
    addNumbersScript: connection.addNumbersScript,
    removeNumbersScript: connection.removeNumbersScript,
    variables: shownVariables(connection.variables, secretVariables),
    createdAt: connection.createdAt.toISOString(),
    changedAt: connection.changedAt.toISOString(),
    actions: {
      change: permitted(mayChangeConnection(service, connection)),
      delete: permitted(mayDeleteConnection(service, connection)),
    },
  }
}

/** The documented SIP connection; secrets are in none of its variables. Source: rest-api.md 2.9, S1. */
export function siteLocationView(
  { service, secretVariables }: Pick<SeenService, 'service' | 'secretVariables'>,
  connection: SipConnection,
): WireSiteLocation {
  const scripted = connection.onboardingScript !== null || connection.cleanupScript !== null
  return {
    tenantId: connection.tenantId,
    m365DeploymentState: null,
    sbcDeploymentState: deploymentNumbers[connection.deployment],
    siteName: connection.name,
    onlinePstnGateway: connection.variables[TRUNK] ?? null,
    sbcInfo: {
      sbcConfigurationType: 0,
      cacProfile: connection.cacProfile,
      carrierHostName: connection.carrierHostName,
      carrierId: null,
      carrierMainLine: connection.carrierMainLine,
      carrierUserName: connection.carrierUserName,
      flagConfigureSbc: connection.deployment !== 'None',
      sbcId: connection.sbcId ?? 0,
      sbcScripts: {
        onboardingScript: connection.onboardingScript,
        cleanupScript: connection.cleanupScript,
        customerVariables: scripted ? documentedVariables(connection, secretVariables) : null,
      },
    },
    m365Info: {
      m365Scripts: {
        flagConfigureM365Routing: false,
        onboardingScript: null,
        cleanupScript: null,
        customerVariables: null,
      },
    },
    pendingTasks: service.taskId === null ? [] : [service.taskId],
  }
}

/** The documented API has no field for the proxy set. */
function documentedVariables(
  { proxySet, variables }: SipConnection,
  secret: ReadonlySet<string>,
): Record<string, string> {
  const shown = shownVariables(variables, secret)
  return proxySet === null ? shown : { ProxySet: proxySet, ...shown }
}

/** Of Microsoft's trunk it is told apart; it is none that a caller may set. */
const TRUNK = 'OnlinePstnGateway'

/** Secret ones are sealed elsewhere; one may be here since before its template called it so. */
function shownVariables(variables: Record<string, string>, secret: ReadonlySet<string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter(([name]) => name !== TRUNK && !secret.has(foldVariable(name))),
  )
}

function ofOperator(asker: Asker, verdict: Permitted) {
  if (asker.channelId !== null) return { allowed: false, reason: 'Your operator decides this: ask there.' }
  return permitted(verdict)
}

function permitted(verdict: Permitted): { allowed: boolean; reason?: string } {
  return verdict.ok ? { allowed: true } : { allowed: false, reason: verdict.reason }
}
