import { setTimeout as sleep } from 'node:timers/promises'
import { SANDBOX_CLIENTS } from '../../server/sandbox.ts'
import { result } from '../report.ts'
import { ask, processorMsOfWorld, type World } from '../world.ts'
import type { Figure } from './figure.ts'

const LEADS = 10_000
const LONGEST_MS = 120_000

/** Leads given to a channel all at once, and taken out of it again, each with its line in the journal. Source: issue 5, Figures. */
export const bulk: Figure = {
  name: 'bulk',
  async measure(world) {
    const { channelId } = SANDBOX_CLIENTS[2]
    const leadIds = await leadsWithoutChannel(world)
    const given = await done(world, leadIds, { action: 'assign-channel', channelId })
    const taken = await done(world, leadIds, { action: 'remove-channel' })
    const line = { figure: 'bulk', unit: 's', bound: { floor: 5, better: 'lower' } } as const
    return [
      result({ ...line, what: `${leadIds.length} leads given to a channel`, values: [given.seconds] }),
      result({ ...line, what: 'and taken out of it again', values: [taken.seconds] }),
      result({
        ...{ figure: 'bulk', unit: 's', what: 'processor time of web, worker and database for one of these' },
        values: [given.processorSeconds, taken.processorSeconds],
      }),
    ]
  },
}

async function leadsWithoutChannel({ owner, operatorId }: World): Promise<string[]> {
  const { rows } = await owner.query<{ lead_id: string }>(
    `select lead_id from lead where operator_id = $1 and status = 'Active' and channel_id is null and ump_customer_guid is null
     order by arrival limit $2`,
    [operatorId, LEADS],
  )
  return rows.map((row) => row.lead_id)
}

/** From the request to the end of its task. Fails unless every lead has its result, and its line in the journal. */
async function done(
  world: World,
  leadIds: string[],
  what: object,
): Promise<{ seconds: number; processorSeconds: number }> {
  const before = await journalled(world)
  const processorBefore = await processorMsOfWorld(world)
  const started = performance.now()
  const { id } = (await ask(world, 'POST', '/api/v4/leads/bulk', { ...what, leadIds })) as { id: string }
  const succeeded = await itemsOf(world, id.replace(/^wst_/, ''))
  const seconds = (performance.now() - started) / 1_000
  const processorSeconds = ((await processorMsOfWorld(world)) - processorBefore) / 1_000
  const written = (await journalled(world)) - before
  if (succeeded !== leadIds.length || written < leadIds.length)
    throw new Error(`${succeeded} of ${leadIds.length} leads were done, ${written} are in the journal`)
  return { seconds, processorSeconds }
}

async function itemsOf({ owner }: World, taskId: string): Promise<number> {
  const deadline = performance.now() + LONGEST_MS
  for (;;) {
    const { rows } = await owner.query<{ over: boolean; succeeded: number }>(
      `select finished_at is not null as over, items_succeeded as succeeded from task where task_id = $1`,
      [taskId],
    )
    if (rows[0]?.over) return rows[0].succeeded
    if (performance.now() > deadline) throw new Error(`Only ${rows[0]?.succeeded} leads are done`)
    // Often enough to tell halves of a tenth; looking more often would be part of what is measured.
    await sleep(50)
  }
}

async function journalled({ owner, operatorId }: World): Promise<number> {
  const { rows } = await owner.query<{ count: number }>(
    `select count(*)::int as count from journal_entry where operator_id = $1 and object_type = 'lead'`,
    [operatorId],
  )
  return rows[0]?.count ?? 0
}
