import type { Endpoint } from './fault-catalogue.ts'

/** Where a path of the operator API leads. */
export interface ApiCall {
  endpoint: Endpoint
  /** Tenant id of the call, or a consent id when `byConsentId`. */
  subject: string
  byConsentId: boolean
}

/** The call a path makes, or undefined when it is not one of the operator API. */
export function matchApiCall(basePath: string, pathname: string): ApiCall | undefined {
  if (!pathname.startsWith(`${basePath}/`)) return undefined
  const rest = pathname.slice(basePath.length).replace(/\/$/, '')
  if (rest === '/trunk-management/calling-profiles') return { endpoint: 'trunks', subject: '', byConsentId: false }
  if (rest === '/operator-consents') return { endpoint: 'list', subject: '', byConsentId: false }
  const related = /^\/operator-consents\/tenants\/([^/]+)\/customer-relationship$/.exec(rest)?.[1]
  if (related !== undefined) return { endpoint: 'relationship', subject: related, byConsentId: false }
  const byTenant = /^\/operator-consents\/tenants\/([^/]+)$/.exec(rest)?.[1]
  if (byTenant !== undefined) return { endpoint: 'one', subject: byTenant, byConsentId: false }
  const byId = /^\/operator-consents\/([^/]+)$/.exec(rest)?.[1]
  if (byId !== undefined) return { endpoint: 'one', subject: byId, byConsentId: true }
  const numbers = /^\/number-management\/tenants\/([^/]+)\/acquired-numbers$/.exec(rest)?.[1]
  if (numbers !== undefined) return { endpoint: 'numbers', subject: numbers, byConsentId: false }
  const addresses = /^\/address-management\/tenants\/([^/]+)\/civic-addresses$/.exec(rest)?.[1]
  return addresses === undefined ? undefined : { endpoint: 'addresses', subject: addresses, byConsentId: false }
}
