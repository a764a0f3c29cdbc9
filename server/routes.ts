import type { Context } from './context.ts'
import { auditRoutes } from './modules/audit/index.ts'
import { channelRoutes } from './modules/channels/index.ts'
import { jobRoutes } from './modules/jobs/index.ts'
import {
  directLeadRoutes,
  getLeadStatusRoute,
  leadBulkRoutes,
  leadChannelRoutes,
  leadCommentRoutes,
  leadReferenceRoutes,
  leadRoutes,
} from './modules/leads/index.ts'
import { mailRoutes } from './modules/mail/index.ts'
import { operatorRoutes } from './modules/operators/index.ts'
import { listSyncFindingsRoute } from './modules/peering/index.ts'
import { taskRoutes } from './modules/tasks/index.ts'
import { webhookRoutes } from './modules/webhooks/index.ts'
import { type Route, serviceRoutes } from './platform/http/index.ts'

/** Every route there is. Its test is a snapshot. */
export function routes(context: Context): Route[] {
  return [
    ...leadRoutes(context.leads),
    ...leadBulkRoutes(context),
    ...leadCommentRoutes(context.leadComments),
    ...leadReferenceRoutes(context.leadReferences),
    getLeadStatusRoute(context.leadStatus),
    ...leadChannelRoutes(context.leads, context.leadChannels),
    ...directLeadRoutes(context.leads, context.directLeads),
    ...channelRoutes(context),
    ...operatorRoutes(context),
    ...jobRoutes(context),
    ...webhookRoutes(context),
    ...mailRoutes(context.mail),
    ...taskRoutes(context),
    listSyncFindingsRoute(context.findings),
    ...auditRoutes(context.journal),
    ...context.access.routes,
    ...context.people.routes,
    ...serviceRoutes(context.service),
  ]
}
