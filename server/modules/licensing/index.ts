export { createLicensing, type Licensing } from './licensing.ts'
export { serviceCompanions } from './service-companions.ts'
export type { TenantNumbers } from './tenant-numbers.ts'
