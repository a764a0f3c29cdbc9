import type { Readable } from 'node:stream'
import type { LeadBulkAction } from '../../../contract/lead-bulk.ts'
import { AppError } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { type AnyTask, type NewItem, TASK_ITEMS_MAX } from '../../platform/tasks/index.ts'
import { requestTask } from '../tasks/index.ts'
import type { LeadService } from './lead.service.ts'
import { type BulkInput, type LeadChoice, readBulkInput, readLeadChoice, requireAction } from './lead-bulk.rules.ts'
import { archiveLeadsTask, unarchiveLeadsTask } from './lead-bulk.tasks.ts'
import { commentLeadsTask } from './lead-bulk-comment.ts'
import { relateLeadsTask } from './lead-bulk-relationship.ts'
import type { LeadChannelService } from './lead-channel.service.ts'
import { assignChannelTask, removeChannelTask } from './lead-channel.tasks.ts'
import type { LeadCompanions } from './lead-companions.ts'
import type { LeadOwnerService } from './lead-owner.service.ts'
import { setDueTask, setOwnerTask } from './lead-owner.tasks.ts'
import type { LeadSource } from './lead-source.ts'

type BulkAction = {
  task: AnyTask
  title: (leads: string) => string
  /** Makes of what was asked for what the task is given, or refuses it: for so many leads. */
  prepare?: (principal: OperatorPrincipal, asked: object, count: number) => Promise<object>
}

/** Each action is a kind of task over leads. */
export type LeadBulkActions = Record<LeadBulkAction, BulkAction>

/** `callsPerMinute` to Microsoft, for each operator. */
export function leadBulkActions(
  source: LeadSource,
  owners: Pick<LeadOwnerService, 'askedOwner'>,
  channels: Pick<LeadChannelService, 'askedChannel'>,
  { callsPerMinute, companions }: { callsPerMinute: number; companions: LeadCompanions },
): Omit<LeadBulkActions, 'mail'> {
  return {
    archive: { task: archiveLeadsTask, title: (leads) => `Archive ${leads}` },
    unarchive: { task: unarchiveLeadsTask, title: (leads) => `Show ${leads} again` },
    'assign-channel': {
      task: assignChannelTask(companions),
      title: (leads) => `Give ${leads} to a channel`,
      prepare: (principal, asked) => channels.askedChannel(principal, asked),
    },
    'remove-channel': { task: removeChannelTask(companions), title: (leads) => `Take ${leads} out of their channels` },
    comment: { task: commentLeadsTask, title: (leads) => `Write a comment to ${leads}` },
    'set-relationship': {
      task: relateLeadsTask(source, callsPerMinute),
      title: (leads) => `Change the relationship of ${leads}`,
    },
    'set-owner': {
      task: setOwnerTask,
      title: (leads) => `Change the owner of ${leads}`,
      prepare: (principal, asked) => owners.askedOwner(principal, asked),
    },
    'set-due': { task: setDueTask, title: (leads) => `Change the due date of ${leads}` },
  }
}

export type LeadBulkService = ReturnType<typeof createLeadBulkService>

export function createLeadBulkService({
  transact,
  leads,
  actions,
}: {
  transact: Transact
  leads: LeadService
  actions: LeadBulkActions
}) {
  return {
    /** Chooses the leads and starts the task over them; answers its id. */
    async start(principal: OperatorPrincipal, body: BulkInput): Promise<{ taskId: string }> {
      const { action } = body
      const asked = readBulkInput(body)
      requireAction(principal, action)
      const items = await chosen(principal, body, body.expectedCount)
      if (items.length === 0) {
        throw new AppError({ code: 'no-leads-chosen', status: 422, detail: 'No lead matches: nothing was started.' })
      }
      const { task, title, prepare } = actions[action]
      const input = prepare ? await prepare(principal, asked, items.length) : asked
      const counted = `${items.length.toLocaleString('en')} ${items.length === 1 ? 'lead' : 'leads'}`
      const [only] = items
      const about =
        items.length === 1 && only ? { about: { type: 'lead', id: only.objectId, name: only.objectName ?? null } } : {}
      return transact(principal, (tx) => requestTask(tx, task, { title: title(counted), input, items, ...about }))
    },

    /** The chosen leads as a CSV file, and how many it holds. */
    export(principal: OperatorPrincipal, body: LeadChoice): Promise<{ total: number; file: Readable }> {
      const choice = readLeadChoice(body, principal)
      if ('query' in choice) {
        const exceptLeadIds = [...choice.except]
        return leads.csv(principal, exceptLeadIds.length === 0 ? choice.query : { ...choice.query, exceptLeadIds })
      }
      const all = { sort: '-consentedOn' as const, offset: 0, limit: 1, after: null }
      return leads.csv(principal, { ...all, leadIds: choice.leadIds })
    },
  }

  async function chosen(principal: OperatorPrincipal, body: LeadChoice, expected?: number): Promise<NewItem[]> {
    const choice = readLeadChoice(body, principal)
    if ('leadIds' in choice) return choice.leadIds.map((leadId) => ({ objectId: leadId }))
    const { query, except } = choice
    const matching = await leads.chosen(principal, query, TASK_ITEMS_MAX + except.size)
    const found = matching.filter((lead) => !except.has(lead.lead_id))
    if (expected !== undefined && found.length !== expected) {
      throw new AppError({
        code: 'selection-changed',
        status: 409,
        detail: `${found.length.toLocaleString('en')} leads match by now, not ${expected.toLocaleString('en')}: look again, then decide.`,
      })
    }
    return found.map((lead) => ({ objectId: lead.lead_id, objectName: lead.company_name }))
  }
}
