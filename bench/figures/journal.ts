import { setTimeout as sleep } from 'node:timers/promises'
import { result } from '../report.ts'
import type { World } from '../world.ts'
import { type Figure, roundsOf } from './figure.ts'

const SEAL_TIMEOUT_MS = 600_000
const FLOOR_SECONDS_PER_MILLION = 60
/** Below this the request itself is what is measured. */
const FLOOR_SECONDS_LEAST = 1
const ENTRIES_AT_ONCE = 50_000

/** S6: a journal with as many entries as there are leads, sealed by the worker, verified over the API. The last figure: it fills the database. */
export const journal: Figure = {
  name: 'S6',
  async measure(world, extent) {
    const entries = world.leadCount
    const startedAt = performance.now()
    await fill(world, entries)
    await allSealed(world)
    const seconds = (performance.now() - startedAt) / 1_000
    const verified: number[] = []
    for (const _ of roundsOf(extent)) verified.push(await verify(world, entries))
    const line = { figure: 'S6' }
    return [
      result({
        ...line,
        what: `journal of ${entries} verified`,
        unit: 's',
        values: verified,
        bound: {
          floor: Math.max(FLOOR_SECONDS_LEAST, (entries / 1_000_000) * FLOOR_SECONDS_PER_MILLION),
          better: 'lower',
        },
      }),
      result({ ...line, what: 'appended and sealed', unit: 'entries/s', values: [entries / seconds] }),
    ]
  },
}

/** Entries as a sync writes them, past the application: their ids are those of UUIDv7, in order. */
async function fill({ owner, operatorId }: World, entries: number): Promise<void> {
  for (let from = 0; from < entries; from += ENTRIES_AT_ONCE)
    await owner.query(
      `insert into journal_entry (entry_id, operator_id, actor_kind, actor_id, actor_name, request_id, action, object_type,
         object_id, object_name, before, after, result)
       select (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n & 4095), 3, '0')
           || '8' || substr(md5(n::text), 1, 15))::uuid,
         $1, 'job', 'peering.sync-leads-job', 'peering.sync-leads-job', 'bench', 'lead.changed', 'lead',
         md5(n::text)::uuid::text, 'Contoso ' || n, '{"status":"Active"}', '{"status":"Suspended"}', 'ok'
       from generate_series($2::integer, $3::integer) as n`,
      [operatorId, from + 1, Math.min(entries, from + ENTRIES_AT_ONCE)],
    )
}

async function allSealed({ owner, operatorId }: World): Promise<void> {
  const deadline = Date.now() + SEAL_TIMEOUT_MS
  for (;;) {
    const { rows } = await owner.query<{ waits: boolean }>(
      'select exists (select from journal_unsealed where operator_id = $1) as waits',
      [operatorId],
    )
    if (!rows[0]?.waits) return
    if (Date.now() > deadline) throw new Error('The worker does not seal the journal')
    await sleep(50)
  }
}

async function verify({ web, authorization }: World, entries: number): Promise<number> {
  const startedAt = performance.now()
  const answer = await fetch(`${web.origin}/api/v4/journal/verification`, { headers: authorization })
  const found = (await answer.json()) as { ok?: boolean; entries?: number }
  if (!found.ok || (found.entries ?? 0) < entries)
    throw new Error(`The verification answered ${answer.status}: ${JSON.stringify(found).slice(0, 300)}`)
  return (performance.now() - startedAt) / 1_000
}
