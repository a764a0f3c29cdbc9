import type { Clock } from '../../../kernel/clock.ts'
import type { JobsService } from '../jobs.service.ts'
import type { UndeliveredService } from '../undelivered.service.ts'

export type JobRouteOptions = { jobs: JobsService; undelivered: UndeliveredService; clock: Clock }
