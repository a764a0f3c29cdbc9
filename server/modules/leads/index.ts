export { type AssignCalls, createAssignCalls } from './assign-calls.ts'
export { readTenantId } from './direct-lead.rules.ts'
export { createDirectLeadService, type DirectLeadService } from './direct-lead.service.ts'
export { WATCH_DUTIES_JOB, watchDutiesJob } from './jobs/watch-duties-job.ts'
export { foldSearch, type LocalFacts, NO_LOCAL_FACTS, type RemoteLead } from './lead.rules.ts'
export { createLeadService, type LeadService, microsoftUnavailable } from './lead.service.ts'
export { createLeadArchiveService, type LeadArchiveService } from './lead-archive.service.ts'
export {
  createLeadBulkService,
  type LeadBulkActions,
  type LeadBulkService,
  leadBulkActions,
} from './lead-bulk.service.ts'
export {
  channelLeads,
  createLeadChannelService,
  type LeadChannelService,
  type LeadMove,
  moveLeads,
} from './lead-channel.service.ts'
export { channelsOfLeads } from './lead-channels-now.store.ts'
export { createLeadCommentService, type LeadCommentService } from './lead-comment.service.ts'
export type { LeadCompanions } from './lead-companions.ts'
export { dutyStanding } from './lead-duty-standing.store.ts'
export {
  type IncomingLead,
  type IntakeCounts,
  leadIntake,
  type Newcomers,
  setLocalFacts,
} from './lead-intake.service.ts'
export { leadIntents } from './lead-intents.ts'
export { mayDeleteCustomer, mayLicense } from './lead-license.rules.ts'
export {
  type LicensableLead,
  type LockedLead,
  leadLicense,
  type TellingRelationship,
  type ToldRelationship,
  takeBackRelationship,
  tellRelationship,
} from './lead-license.service.ts'
export { createLeadOwnerService, type DutyCounts, type LeadOwnerService } from './lead-owner.service.ts'
export { createLeadReferenceService, type LeadReferenceService } from './lead-reference.service.ts'
export { createLeadRuleService, type LeadRuleService } from './lead-rule.service.ts'
export type { LeadSource } from './lead-source.ts'
export { bySetting, durationText, intervalText, measured, medianOf, statusItem } from './lead-status.rules.ts'
export { createLeadStatusService, type LeadStatusService } from './lead-status.service.ts'
export type { LeadStatusSource } from './lead-status-source.ts'
export { type LeadById, leadsById } from './leads-by-id.store.ts'
export { directLeadRoutes } from './routes/direct-lead-routes.ts'
export { getLeadStatusRoute } from './routes/get-lead-status.ts'
export { leadChannelRoutes, leadRoutes } from './routes/index.ts'
export { leadBulkRoutes } from './routes/lead-bulk-routes.ts'
export { leadCommentRoutes } from './routes/lead-comment-routes.ts'
export { leadOwnerRoutes } from './routes/lead-owner-routes.ts'
export { leadReferenceRoutes } from './routes/lead-reference-routes.ts'
export { leadRuleRoutes } from './routes/lead-rule-routes.ts'
export { searchKey } from './search-key.rules.ts'
export { taskStatusSource } from './task-status-source.ts'
