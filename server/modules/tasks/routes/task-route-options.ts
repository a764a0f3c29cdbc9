import type { Clock } from '../../../kernel/clock.ts'
import type { TaskService } from '../task.service.ts'

export type TaskRouteOptions = { tasks: TaskService; clock: Clock }
