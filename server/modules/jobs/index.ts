export { createJobsService, type JobOverview, type JobsService } from './jobs.service.ts'
export { jobRoutes } from './routes/index.ts'
export { createUndeliveredService, type UndeliveredService } from './undelivered.service.ts'
