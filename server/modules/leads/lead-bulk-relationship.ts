import { createPacer } from '../../kernel/pacer.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import { defineTask, type ItemResult, type StepContext, type TaskItem } from '../../platform/tasks/index.ts'
import { type Relationship, type RelationshipStatus, relationshipOf, sameRelationship } from './direct-lead.rules.ts'
import { keptElsewhere, storeRelationship } from './direct-lead.service.ts'
import { leadStore } from './lead.store.ts'
import { type IncomingLead, leadIntake } from './lead-intake.service.ts'
import type { LeadSource } from './lead-source.ts'
import type { StoredLead } from './lead-write.store.ts'

type Input = { status: RelationshipStatus; comment: string }
/** Kept before Microsoft is told: what it was then, so that whoever goes on knows its own change from another's. */
type Intent = { before: Relationship | null }

/** Tenants at a time. */
const TENANTS_AT_ONCE = 2

/** Lets one through after the other, evenly spread. */
type Pace = (operatorId: number, signal: AbortSignal) => Promise<void>

/** Tells Microsoft the relationship with many customers, tenant by tenant; conflicts are results of their own. */
export function relateLeadsTask(source: LeadSource, callsPerMinute: number) {
  const pacers = new Map<number, ReturnType<typeof createPacer>>()
  // All tasks of an operator together: its other calls want their share of Microsoft.
  const pace: Pace = (operatorId, signal) => {
    const known = pacers.get(operatorId) ?? createPacer(callsPerMinute)
    pacers.set(operatorId, known)
    return known(signal)
  }
  return defineTask<Input>({
    kind: 'leads.relationship',
    summary: 'Changes the relationship with customers, at Microsoft and here',
    permissions: { see: 'leads.read', run: 'leads.write' },
    steps: [
      {
        name: 'relate',
        title: 'Tell Microsoft',
        unit: 'leads',
        concurrency: TENANTS_AT_ONCE,
        each: (item, context) => relate(source, pace, item, context),
      },
    ],
  })
}

async function relate(
  source: LeadSource,
  pace: Pace,
  item: TaskItem,
  context: StepContext<Input>,
): Promise<ItemResult> {
  const { input, signal } = context
  const lead = await context.transact((tx) => find(tx, item.objectId))
  if (!lead) return GONE
  const named = nameOf(lead)
  const operator: OperatorPrincipal = { ...context.principal, channelId: null }
  const { tenantId } = lead.remote
  await pace(context.operatorId, signal)
  const present = await source.recordOf(operator, tenantId, signal)
  if (present.remote.id !== item.objectId) {
    const { code, message } = await context.transact((tx) => keptElsewhere(tx, present.remote.id))
    return { state: 'failed', code, message, ...named }
  }
  const [stored, theirs] = [relationshipOf(lead.remote), relationshipOf(present.remote)]
  const intent = item.data as Intent | null
  const isAsWanted = sameRelationship(theirs, wantedOf(input))
  // Our change arrived before somebody was cut off: only what is here may be missing.
  if (intent && isAsWanted) {
    if (!sameRelationship(stored, theirs)) await store(context, item.objectId, present, intent.before)
    return { state: 'succeeded', ...named }
  }
  if (!sameRelationship(intent ? intent.before : stored, theirs)) {
    await context.transact(async (tx) => {
      await leadIntake.apply(tx, [present], { baseline: false, source: 'relationship' })
      await context.noteItem(tx, item, null)
    })
    if (isAsWanted) return { state: 'skipped', message: 'Microsoft had it so already.', ...named }
    return { state: 'failed', code: 'relationship-changed', message: changedThere(theirs), ...named }
  }
  if (isAsWanted) return { state: 'skipped', message: 'It was so already.', ...named }
  await context.transact((tx) => context.noteItem(tx, item, { before: theirs } satisfies Intent))
  await pace(context.operatorId, signal)
  const written = await source.setRelationship(operator, tenantId, input, signal)
  await store(context, item.objectId, written, theirs)
  return { state: 'succeeded', ...named }
}

/** What Microsoft answered, unless the lead went out of reach meanwhile: then the next sync brings it. */
async function store(
  { transact }: StepContext<Input>,
  leadId: string,
  written: IncomingLead,
  before: Relationship | null,
): Promise<void> {
  await transact(async (tx) => {
    const lead = await find(tx, leadId)
    if (lead) await storeRelationship(tx, lead, written, before)
  })
}

async function find(tx: Tx, leadId: string): Promise<StoredLead | undefined> {
  const leads = leadStore(tx)
  await leads.lockArrival()
  const [lead] = await leads.lockLeads([leadId])
  return lead
}

const GONE: ItemResult = {
  state: 'failed',
  code: 'not-found',
  message: 'The lead does not exist, or is not yours to see.',
}

function wantedOf({ status, comment }: Input): Relationship {
  return { status, comment, lastModifiedOn: null }
}

function changedThere(theirs: Relationship | null): string {
  const comment = theirs?.comment ? ` ("${theirs.comment}")` : ''
  return `It was changed at Microsoft: it is ${theirs?.status ?? 'not set'} there now${comment}. Nothing was written; retry to write over it.`
}

function nameOf({ remote }: StoredLead): { objectName?: string } {
  const { companyName } = remote.contactDetails
  return companyName === null ? {} : { objectName: companyName }
}
