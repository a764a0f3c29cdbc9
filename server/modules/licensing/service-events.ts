import type { Service } from '../services/index.ts'

/** A service as events and the journal tell it. */
export function serviceFacts(service: Pick<Service, 'serviceId' | 'tenantId' | 'shortName' | 'fullName' | 'license'>) {
  const { serviceId, tenantId, shortName, fullName, license } = service
  return { serviceId, tenantId, shortName, fullName, license }
}
