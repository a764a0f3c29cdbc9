import type { EndpointInput } from '../../../contract/endpoint.ts'
import type { changeLeads, LeadBulkAction } from '../../../contract/lead-bulk.ts'
import { AppError, badRequest } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { type AnyTask, type NewItem, TASK_ITEMS_MAX } from '../../platform/tasks/index.ts'
import { requestTask } from '../tasks/index.ts'
import type { LeadService } from './lead.service.ts'
import { archiveLeadsTask, unarchiveLeadsTask } from './lead-bulk.tasks.ts'
import { type LeadQuery, readDeskQuery } from './lead-query.rules.ts'

type BulkInput = EndpointInput<typeof changeLeads>['body']
type BulkAction = { task: AnyTask; title: (leads: string) => string }

/** Each action is a kind of task over leads. */
const ACTIONS: Record<LeadBulkAction, BulkAction> = {
  archive: { task: archiveLeadsTask, title: (leads) => `Archive ${leads}` },
  unarchive: { task: unarchiveLeadsTask, title: (leads) => `Show ${leads} again` },
}

/** The tasks behind the bulk actions. */
export const leadBulkTasks: readonly AnyTask[] = Object.values(ACTIONS).map(({ task }) => task)

export type LeadBulkService = ReturnType<typeof createLeadBulkService>

export function createLeadBulkService({ transact, leads }: { transact: Transact; leads: LeadService }) {
  return {
    /** Chooses the leads and starts the task over them; answers its id. */
    async start(principal: OperatorPrincipal, { action, ...choice }: BulkInput): Promise<{ taskId: string }> {
      const items = await chosen(principal, choice)
      if (items.length === 0) {
        throw new AppError({ code: 'no-leads-chosen', status: 422, detail: 'No lead matches: nothing was started.' })
      }
      const { task, title } = ACTIONS[action]
      const counted = `${items.length.toLocaleString('en')} ${items.length === 1 ? 'lead' : 'leads'}`
      const [only] = items
      const about =
        items.length === 1 && only ? { about: { type: 'lead', id: only.objectId, name: only.objectName ?? null } } : {}
      return transact(principal, (tx) => requestTask(tx, task, { title: title(counted), input: {}, items, ...about }))
    },
  }

  async function chosen(
    principal: OperatorPrincipal,
    { leadIds, filter, expectedCount }: Omit<BulkInput, 'action'>,
  ): Promise<NewItem[]> {
    if ((leadIds === undefined) === (filter === undefined)) {
      throw badRequest([{ pointer: '/body', detail: 'Give either leadIds or filter.' }])
    }
    if (leadIds) return leadIds.map((leadId) => ({ objectId: leadId.toLowerCase() }))
    const found = await leads.chosen(principal, readFilter(filter ?? {}), TASK_ITEMS_MAX)
    if (expectedCount !== undefined && found.length !== expectedCount) {
      throw new AppError({
        code: 'selection-changed',
        status: 409,
        detail: `${found.length.toLocaleString('en')} leads match by now, not ${expectedCount.toLocaleString('en')}: look again, then decide.`,
      })
    }
    return found.map((lead) => ({ objectId: lead.lead_id, objectName: lead.company_name }))
  }
}

/** The desk's own reading of filters; what it refuses is named where it stands in the body. */
function readFilter(filter: NonNullable<BulkInput['filter']>): LeadQuery {
  try {
    return readDeskQuery(filter)
  } catch (error) {
    if (!(error instanceof AppError) || !error.errors) throw error
    throw badRequest(
      error.errors.map(({ pointer, detail }) => ({ pointer: pointer.replace(/^\/query/, '/body/filter'), detail })),
    )
  }
}
