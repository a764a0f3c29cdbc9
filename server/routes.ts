import type { Context } from './context.ts'
import { auditRoutes } from './modules/audit/index.ts'
import { channelRoutes } from './modules/channels/index.ts'
import { getHomeRoute } from './modules/home/index.ts'
import { jobRoutes } from './modules/jobs/index.ts'
import {
  directLeadRoutes,
  getLeadStatusRoute,
  leadBulkRoutes,
  leadChannelRoutes,
  leadCommentRoutes,
  leadOwnerRoutes,
  leadReferenceRoutes,
  leadRoutes,
  leadRuleRoutes,
} from './modules/leads/index.ts'
import { mailRoutes } from './modules/mail/index.ts'
import { noticeRoutes } from './modules/notices/index.ts'
import { operatorRoutes } from './modules/operators/index.ts'
import { listSyncFindingsRoute } from './modules/peering/index.ts'
import { sbcRoutes, scriptOrderRoutes, scriptTemplateRoutes } from './modules/sbcs/index.ts'
import { searchRoute } from './modules/search/index.ts'
import { customerRoutes, serviceRoutes } from './modules/services/index.ts'
import { taskRoutes } from './modules/tasks/index.ts'
import { callingProfileRoutes } from './modules/trunks/index.ts'
import { viewRoutes } from './modules/views/index.ts'
import { webhookRoutes } from './modules/webhooks/index.ts'
import { serviceRoutes as probeRoutes, type Route } from './platform/http/index.ts'

/** Every route there is. Its test is a snapshot. */
export function routes(context: Context): Route[] {
  return [
    ...leadRoutes(context.leads),
    ...leadBulkRoutes(context),
    ...leadCommentRoutes(context.leadComments),
    ...leadReferenceRoutes(context.leadReferences),
    ...leadOwnerRoutes(context.leads, context.leadOwners),
    ...leadRuleRoutes(context.leadRules),
    getLeadStatusRoute(context.leadStatus),
    ...serviceRoutes(context),
    ...context.licensing.routes(context.tasks),
    ...customerRoutes(context),
    ...sbcRoutes(context.sbcs.devices),
    ...scriptTemplateRoutes(context.sbcs.templates, context.sbcs.previews),
    ...scriptOrderRoutes(context.sbcs.orders),
    ...callingProfileRoutes(context.callingProfiles),
    searchRoute(context.searches),
    ...viewRoutes(context.views),
    ...leadChannelRoutes(context.leads, context.leadChannels),
    ...directLeadRoutes(context.leads, context.directLeads),
    ...channelRoutes(context),
    ...operatorRoutes(context),
    ...jobRoutes(context),
    ...webhookRoutes(context),
    ...mailRoutes(context),
    getHomeRoute(context.home),
    ...noticeRoutes(context.notices),
    ...taskRoutes(context),
    listSyncFindingsRoute(context.findings),
    ...auditRoutes(context.journal),
    ...context.access.routes,
    ...context.people.routes,
    ...probeRoutes(context.service),
  ]
}
