import { DEAD_EVENT_DAYS, FAILED_TASK_DAYS } from '../contract/home.ts'
import type { Clock } from './kernel/clock.ts'
import {
  connectionTroubles,
  jobTroubles,
  mailTroubles,
  sbcTroubles,
  shrunkTrouble,
  type TroubleSource,
  undeliveredTroubles,
  type Waiting,
  type WaitingSource,
  webhookTroubles,
} from './modules/home/index.ts'
import type { JobsService, UndeliveredService } from './modules/jobs/index.ts'
import { dutyStanding } from './modules/leads/index.ts'
import type { MailService } from './modules/mail/index.ts'
import type { ConnectionService } from './modules/operators/index.ts'
import { syncStanding } from './modules/peering/index.ts'
import type { Sbcs } from './modules/sbcs/index.ts'
import type { TaskService } from './modules/tasks/index.ts'
import type { WebhookService } from './modules/webhooks/index.ts'
import type { Transact } from './platform/db/transaction.ts'

const DAY_MS = 86_400_000

/** What waits for somebody on Home, beside the leads themselves. */
export function waitingSources({
  tasks,
  sbcs,
  clock,
  transact,
}: {
  tasks: TaskService
  sbcs: Sbcs
  clock: Clock
  transact: Transact
}): WaitingSource[] {
  return [
    {
      permission: 'leads.read',
      async count(principal) {
        const personId = principal.kind === 'person' ? principal.id : null
        const { mine, overdue, overdueOfNobody, left } = await transact(principal, (tx) => dutyStanding(tx, personId))
        const own: Waiting[] = [
          { kind: 'leads-mine', count: mine },
          { kind: 'leads-overdue', count: overdue },
        ]
        return [
          ...(personId === null ? [] : own),
          { kind: 'leads-overdue-unowned', count: overdueOfNobody },
          { kind: 'leads-owner-left', count: left },
        ]
      },
    },
    {
      permission: 'sbcs.apply',
      operatorOnly: true,
      count: async (principal) => [{ kind: 'scripts-open', count: await sbcs.orders.countOpen(principal) }],
    },
    {
      permission: 'tasks.read',
      async count(principal) {
        const since = new Date(clock.now().getTime() - FAILED_TASK_DAYS * DAY_MS)
        return [{ kind: 'tasks-failed', count: await tasks.countFailed(principal, since) }]
      },
    },
  ]
}

type TroubleParts = {
  connections: ConnectionService
  jobs: JobsService
  webhooks: WebhookService
  mail: MailService
  undelivered: UndeliveredService
  sbcs: Sbcs
  clock: Clock
  transact: Transact
}

/** What may be broken, worst first. */
export function troubleSources(parts: TroubleParts): TroubleSource[] {
  const { connections, jobs, webhooks, mail, undelivered, sbcs, clock, transact } = parts
  const carrier = { permission: 'jobs.read', operatorOnly: true } as const
  return [
    {
      ...carrier,
      async find(principal) {
        const { row, secretExpiry } = await connections.get(principal, principal.operatorId)
        return connectionTroubles({ isSet: row !== null, secretExpiry })
      },
    },
    {
      ...carrier,
      find: async (principal) =>
        jobTroubles(
          (await jobs.overview(principal)).map(({ job: { name, summary }, current, last }) => ({
            ...{ name, summary, current, last },
          })),
        ),
    },
    {
      ...carrier,
      find: async (principal) => shrunkTrouble((await transact(principal, syncStanding)).shrunkSince),
    },
    {
      permission: 'webhooks.read',
      async find(principal) {
        const since = new Date(clock.now().getTime() - DEAD_EVENT_DAYS * DAY_MS)
        return webhookTroubles(await webhooks.withDeadSince(principal, since))
      },
    },
    {
      permission: 'mail.manage',
      operatorOnly: true,
      find: async (principal) => mailTroubles((await mail.get(principal)).settings),
    },
    {
      permission: 'sbcs.read',
      operatorOnly: true,
      find: async (principal) =>
        sbcTroubles(
          (await sbcs.devices.list(principal)).map(({ sbc: { sbcId, name, trouble }, drifts }) => ({
            ...{ sbcId, name, trouble, changed: drifts.length },
          })),
        ),
    },
    {
      ...carrier,
      find: async (principal) => undeliveredTroubles((await undelivered.list(principal)).length),
    },
  ]
}
