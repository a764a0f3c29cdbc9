import type { OperatorConnectSettings } from './settings.ts'

/**
 * What differs between the ways in which Microsoft offers the same facts: addresses, and names of the envelopes. The
 * documented stand-in (microsoft.md A.11) becomes a second one of these.
 */
export type Dialect = {
  consentsUrl(settings: OperatorConnectSettings, range: { skip: number; top: number }): URL
  consentByTenantUrl(settings: OperatorConnectSettings, tenantId: string): URL
  relationshipUrl(settings: OperatorConnectSettings, tenantId: string): URL
  civicAddressesUrl(settings: OperatorConnectSettings, tenantId: string): URL
  callingProfilesUrl(settings: OperatorConnectSettings): URL
  acquiredNumbersUrl(settings: OperatorConnectSettings, tenantId: string, range: { skip: number; top: number }): URL
  /** Names of the members that hold the records, the total and the link to the next page: in lower case, best first. */
  consentMembers: readonly string[]
  totalMembers: readonly string[]
  nextLinkMembers: readonly string[]
  civicAddressMembers: readonly string[]
  callingProfileMembers: readonly string[]
  acquiredNumberMembers: readonly string[]
}

/** Microsoft's own operator API, as far as it is known. Source: microsoft.md A.3; paging: design/decisions.md. */
export const nativeDialect: Dialect = {
  consentsUrl(settings, { skip, top }) {
    return paged(below(settings.baseUrl, settings.paths.consents), skip, top)
  },
  consentByTenantUrl: (settings, tenantId) =>
    below(settings.baseUrl, withTenant(settings.paths.consentByTenant, tenantId)),
  // Derived, so that a connection has no more paths to be told than before.
  relationshipUrl: (settings, tenantId) =>
    below(settings.baseUrl, `${withTenant(settings.paths.consentByTenant, tenantId)}/customer-relationship`),
  civicAddressesUrl: (settings, tenantId) =>
    below(settings.baseUrl, withTenant(settings.paths.civicAddresses, tenantId)),
  // No public source has the path: the word of the permission that opens it, TrunkManagement. Source: microsoft.md A.2, A.5.
  callingProfilesUrl: (settings) => below(settings.baseUrl, '/trunk-management/calling-profiles'),
  // No public source has this one either: the permission is NumberManagement, the rest as for civic addresses (A.3, A.8).
  acquiredNumbersUrl: (settings, tenantId, { skip, top }) =>
    paged(
      below(settings.baseUrl, withTenant('/number-management/tenants/{tenantId}/acquired-numbers', tenantId)),
      skip,
      top,
    ),
  consentMembers: ['values', 'value'],
  totalMembers: ['totalcount', '@odata.count'],
  nextLinkMembers: ['nextlink', '@odata.nextlink'],
  civicAddressMembers: ['civicaddresses', 'values', 'value'],
  callingProfileMembers: ['callingprofiles', 'values', 'value'],
  acquiredNumberMembers: ['acquirednumbers', 'values', 'value'],
}

function below(baseUrl: string, path: string): URL {
  return new URL(`${baseUrl.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`)
}

function paged(url: URL, skip: number, top: number): URL {
  url.searchParams.set('skip', String(skip))
  url.searchParams.set('top', String(top))
  return url
}

function withTenant(template: string, tenantId: string): string {
  return template.replaceAll('{tenantId}', encodeURIComponent(tenantId))
}
