export { customerBodyProblem, customerProblem } from './customer.view.ts'
export { RECORD_USAGE_JOB, recordUsageJob } from './jobs/record-usage-job.ts'
export { mayTakeLicenses, poolUseOf } from './license-pool.rules.ts'
export { createLicensePoolService, type LicensePoolService, poolInTheWay } from './license-pool.service.ts'
export { licensePoolStore } from './license-pool.store.ts'
export { createLicenseUsageService, type LicenseUsageService } from './license-usage.service.ts'
export { customerRoutes } from './routes/customer-routes.ts'
export { serviceRoutes } from './routes/service-routes.ts'
export type { NewConnection, NewService, Service, SipConnection } from './service.rules.ts'
export {
  mayBar,
  mayChangeConnection,
  mayDelete,
  mayDeleteConnection,
  mayUnbar,
  mayWorkOn,
  type Permitted,
} from './service.rules.ts'
export {
  createServiceService,
  objectOf,
  readFullName,
  requireCustomer,
  type ServiceNames,
  type ServiceService,
} from './service.service.ts'
export { serviceStore } from './service.store.ts'
export { dropService, makeService, moveService } from './service-life.ts'
export { foldShortName, NAME_IN_USE, shortNameFlaws, shortNameProposals } from './short-name.rules.ts'
export { sipConnectionStore } from './sip-connection.store.ts'
