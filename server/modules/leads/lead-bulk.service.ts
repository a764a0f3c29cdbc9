import type { EndpointInput } from '../../../contract/endpoint.ts'
import type { changeLeads, LeadBulkAction } from '../../../contract/lead-bulk.ts'
import { AppError, badRequest } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { type AnyTask, type NewItem, TASK_ITEMS_MAX } from '../../platform/tasks/index.ts'
import { requestTask } from '../tasks/index.ts'
import type { LeadService } from './lead.service.ts'
import { archiveLeadsTask, unarchiveLeadsTask } from './lead-bulk.tasks.ts'
import { assignChannelTask, removeChannelTask } from './lead-channel.tasks.ts'
import { type LeadQuery, readDeskQuery } from './lead-query.rules.ts'

type BulkInput = EndpointInput<typeof changeLeads>['body']
type BulkAction = {
  task: AnyTask
  title: (leads: string) => string
  /** What leads are given to belongs to the carrier: nobody who is bound to a channel does that. */
  isOfChannels?: boolean
}

/** Each action is a kind of task over leads. */
const ACTIONS: Record<LeadBulkAction, BulkAction> = {
  archive: { task: archiveLeadsTask, title: (leads) => `Archive ${leads}` },
  unarchive: { task: unarchiveLeadsTask, title: (leads) => `Show ${leads} again` },
  'assign-channel': { task: assignChannelTask, title: (leads) => `Give ${leads} to a channel`, isOfChannels: true },
  'remove-channel': {
    task: removeChannelTask,
    title: (leads) => `Take ${leads} out of their channels`,
    isOfChannels: true,
  },
}

/** The tasks behind the bulk actions. */
export const leadBulkTasks: readonly AnyTask[] = Object.values(ACTIONS).map(({ task }) => task)

export type LeadBulkService = ReturnType<typeof createLeadBulkService>

export function createLeadBulkService({ transact, leads }: { transact: Transact; leads: LeadService }) {
  return {
    /** Chooses the leads and starts the task over them; answers its id. */
    async start(
      principal: OperatorPrincipal,
      { action, channelId, ...choice }: BulkInput,
    ): Promise<{ taskId: string }> {
      requireAction(principal, action, channelId)
      const items = await chosen(principal, choice)
      if (items.length === 0) {
        throw new AppError({ code: 'no-leads-chosen', status: 422, detail: 'No lead matches: nothing was started.' })
      }
      const { task, title } = ACTIONS[action]
      const counted = `${items.length.toLocaleString('en')} ${items.length === 1 ? 'lead' : 'leads'}`
      const [only] = items
      const about =
        items.length === 1 && only ? { about: { type: 'lead', id: only.objectId, name: only.objectName ?? null } } : {}
      return transact(principal, (tx) =>
        requestTask(tx, task, {
          title: title(counted),
          input: channelId === undefined ? {} : { channelId },
          items,
          ...about,
        }),
      )
    },
  }

  async function chosen(
    principal: OperatorPrincipal,
    { leadIds, filter, expectedCount }: Omit<BulkInput, 'action' | 'channelId'>,
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

/** What the permission of the endpoint does not say: who may move leads between channels, and to which. */
function requireAction(principal: OperatorPrincipal, action: LeadBulkAction, channelId: number | undefined): void {
  const isAssigning = action === 'assign-channel'
  if (isAssigning !== (channelId !== undefined)) {
    const detail = isAssigning ? 'Missing: give the channel.' : 'Goes with assign-channel only: leave it out.'
    throw badRequest([{ pointer: '/body/channelId', detail }])
  }
  if (!ACTIONS[action].isOfChannels) return
  if (principal.channelId !== null) {
    const detail = 'Channels are given leads by the carrier: credentials bound to a channel cannot do that.'
    throw new AppError({ code: 'operator-only', status: 403, detail })
  }
  if (principal.permissions.has('channels.manage')) return
  const detail = `This needs the permission channels.manage, which ${principal.name} does not have. Ask an administrator for it.`
  throw new AppError({ code: 'permission-missing', status: 403, detail })
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
