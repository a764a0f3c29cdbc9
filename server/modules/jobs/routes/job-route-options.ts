import type { Clock } from '../../../kernel/clock.ts'
import type { JobsService } from '../jobs.service.ts'

export type JobRouteOptions = { jobs: JobsService; clock: Clock }
