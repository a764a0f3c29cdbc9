/** A call of the control API. @throws Error with the simulator's own words */
export async function control(method, path, body) {
  const response = await fetch(`/control${path}`, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.error?.message ?? `The simulator answered ${response.status}.`)
  return answer
}

const ORGANIZATION_KEY = 'teams-admin-center.organization'

/** The organization that the person plays: `{company, tenantId}`; no tenant id before the first consent. */
export function organization() {
  const stored = localStorage.getItem(ORGANIZATION_KEY)
  return stored === null ? { company: '', tenantId: null } : JSON.parse(stored)
}

export function setOrganization(value) {
  localStorage.setItem(ORGANIZATION_KEY, JSON.stringify(value))
  window.dispatchEvent(new Event('organization-changed'))
}

/** The organization's consents and addresses; empty before its first consent. */
export async function ownTenant() {
  const { tenantId } = organization()
  if (tenantId === null) return { tenantId: null, consents: [], civicAddresses: [] }
  return control('GET', `/tenants/${tenantId}`)
}

export async function operators() {
  return (await control('GET', '/operators')).operators
}
