export { createJobsService, type JobOverview, type JobsService } from './jobs.service.ts'
export { jobRoutes } from './routes/index.ts'
