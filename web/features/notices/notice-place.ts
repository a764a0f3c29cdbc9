import type { WireNotice } from '../../api/notices.ts'
import { paths } from '../../paths.ts'
import type { Operator } from '../../shell/operator.ts'

/** Where a notice leads: an address of the portal with what it needs. */
export type NoticePlace = {
  to: (typeof paths)[
    | 'lead'
    | 'leads'
    | 'task'
    | 'job'
    | 'microsoft'
    | 'webhook'
    | 'sbcs'
    | 'service'
    | 'services'
    | 'licenses']
  params: Record<string, string>
  search?: Record<string, string>
}

const LISTS: Partial<Record<WireNotice['event'], Record<string, string>>> = {
  'lead.suspended': { status: 'Suspended' },
  'lead.removed': { status: 'Removed' },
  'lead.countries-changed': { sort: '-lastModifiedOn' },
  'lead.merged': {},
  'lead.created': {},
  'lead.commented': { sort: '-lastModifiedOn' },
  'lead.channel-assigned': {},
  'lead.owner-changed': { owner: 'me' },
  'lead.overdue': { overdue: 'true' },
  'lead.mail-failed': {},
}

/** The object itself, or the list where there are several; null: nowhere that this person may go. */
export function noticePlace({ event, count, leads, details }: WireNotice, operator: Operator): NoticePlace | null {
  const params = { operatorId: String(operator.operatorId) }
  const id = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null)
  const single = leads.find(({ companyName }) => companyName !== null)
  if (event === 'lead.wanted-by-channel' || (event.startsWith('lead.') && count === 1)) {
    return single ? { to: paths.lead, params: { ...params, leadId: single.id } } : null
  }
  const list = hasLostOwner(event, details) ? { owner: operator.isWholeOperator ? 'left' : 'none' } : LISTS[event]
  // One's own view must not narrow it further.
  if (list) return { to: paths.leads, params, search: { ...list, view: 'all' } }
  const [taskId, job, webhookId] = [id(details.taskId), id(details.job), id(details.webhookId)]
  if (event === 'task.finished' && taskId) return { to: paths.task, params: { ...params, taskId } }
  if (event === 'license.threshold') return { to: paths.licenses, params }
  if (event.startsWith('service.')) return servicePlace(params, count === 1 ? id(details.serviceId) : null)
  if (event.startsWith('sbc.')) return { to: paths.sbcs, params, search: { tab: 'devices' } }
  if (event.startsWith('webhook.') && webhookId) {
    const search = event === 'webhook.event-dead' && { search: { state: 'dead' } }
    return { to: paths.webhook, params: { ...params, webhookId }, ...search }
  }
  if (event === 'connection.secret-expiring') {
    return operator.can('connections.manage') ? { to: paths.microsoft, params } : null
  }
  if (event.startsWith('sync.'))
    return { to: paths.job, params: { ...params, jobName: job ?? 'peering.sync-leads-job' } }
  return null
}

/** A channel is not shown who left elsewhere: it finds them among those that nobody sees to. */
function hasLostOwner(event: WireNotice['event'], { reason }: WireNotice['details']): boolean {
  return event === 'lead.owner-changed' && reason === 'left'
}

/** One that was deleted is not to be seen any more: its list. */
function servicePlace(params: Record<string, string>, serviceId: string | null): NoticePlace {
  return serviceId ? { to: paths.service, params: { ...params, serviceId } } : { to: paths.services, params }
}
