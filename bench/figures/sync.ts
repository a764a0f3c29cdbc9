import { setTimeout as sleep } from 'node:timers/promises'
import { SYNC_LEADS_JOB } from '../../server/modules/peering/index.ts'
import { result } from '../report.ts'
import { addedMemoryOf, loopDelayOf, processorMsOfAll } from '../server-figures.ts'
import { upstreamMs } from '../upstream.ts'
import { post, type World } from '../world.ts'
import { type Figure, roundsOf } from './figure.ts'

const RUN_TIMEOUT_MS = 600_000

/**
 * One sync as the bench sees it. Own work is the run's time less what Microsoft takes for the listing, measured by fetching
 * it barely; where asking ahead overlaps with storing, only the waiting that was left is taken off.
 */
export type SyncTimes = { ownMs: number; indexMs: number; counts: Record<string, number> }

export type FirstLoad = SyncTimes & { addedMb: number; delayMs: number; processorMs: number }

type RunRow = { started: Date; listed: Date; finished: Date; counts: Record<string, number> | null }

/** Waits for a run to end and takes its times from the run history. */
export async function timesOf(world: World, runId: string, microsoftMs: number): Promise<SyncTimes> {
  await finished(world, runId)
  const { rows } = await world.owner.query<RunRow>(
    `select r.started_at as started, s.listed_at as listed, r.finished_at as finished, r.progress->'counts' as counts
     from job_run r join sync_state s using (operator_id) where run_id = $1`,
    [runId],
  )
  const run = rows[0]
  if (!run) throw new Error('The run is not in the history')
  const counts = run.counts ?? {}
  const waitedMs = Math.min(microsoftMs, counts.waitedForMicrosoftMs ?? 0)
  return {
    ownMs: run.listed.getTime() - run.started.getTime() - waitedMs,
    indexMs: run.finished.getTime() - run.listed.getTime(),
    counts,
  }
}

async function finished({ owner }: World, runId: string): Promise<void> {
  const deadline = Date.now() + RUN_TIMEOUT_MS
  for (;;) {
    const { rows } = await owner.query<{ state: string; error: unknown }>(
      'select state, error from job_run where run_id = $1',
      [runId],
    )
    const state = rows[0]?.state
    if (state === 'succeeded') return
    if (state === 'failed' || Date.now() > deadline) throw new Error(`sync ${state}: ${JSON.stringify(rows[0]?.error)}`)
    await sleep(50)
  }
}

/** The first load of the world, which the worker begins by itself. */
export async function firstLoad(world: World): Promise<FirstLoad> {
  let delayMs = 0
  let processorMs = 0
  const addedMb = await addedMemoryOf(world.worker.child.pid, async () => {
    delayMs = await loopDelayOf(world.worker.origin, async () => {
      // What it would have waited for Microsoft is known only afterwards: the simulator is busy with it now.
      const runId = await firstRun(world)
      processorMs = await processorMsOfListing(world)
      await finished(world, runId)
    })
  })
  const times = await timesOf(world, await firstRun(world), await upstreamMs(world))
  return { ...times, addedMb, delayMs, processorMs }
}

/** What worker and database have used of the processors when all leads are stored; the search index comes after that. */
async function processorMsOfListing({ owner, operatorId, worker }: World): Promise<number> {
  const deadline = Date.now() + RUN_TIMEOUT_MS
  // The worker as well: it has done nothing else since it was started.
  for (;;) {
    const { rows } = await owner.query<{ pids: number[]; done: boolean }>(
      `select array_agg(pid) as pids, exists (select from sync_state where operator_id = $1 and baseline_at is not null) as done
       from pg_stat_activity where application_name like '%worker%'`,
      [operatorId],
    )
    if (rows[0]?.done || Date.now() > deadline) return processorMsOfAll([worker.child.pid, ...(rows[0]?.pids ?? [])])
    await sleep(50)
  }
}

async function firstRun({ owner, operatorId }: World): Promise<string> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const { rows } = await owner.query<{ run_id: string }>(
      'select run_id from job_run where operator_id = $1 and job = $2 order by queued_at limit 1',
      [operatorId, SYNC_LEADS_JOB],
    )
    if (rows[0]) return rows[0].run_id
    if (Date.now() > deadline) throw new Error('The worker has not begun the first sync')
    await sleep(20)
  }
}

async function syncNow(world: World): Promise<SyncTimes> {
  const microsoftMs = await upstreamMs(world)
  const path = `/api/v4/jobs/${SYNC_LEADS_JOB}/runs`
  const run = (await post(`${world.web.origin}${path}`, undefined, world.authorization)) as { id: string }
  return timesOf(world, run.id, microsoftMs)
}

/** A moment by the database's clock, and by its transactions: rows with a later one were written since. */
type Moment = { transaction: string; at: Date }

async function momentOf({ owner }: World): Promise<Moment> {
  const { rows } = await owner.query<Moment>('select pg_current_xact_id()::text as transaction, now() as at')
  if (!rows[0]) throw new Error('The database does not tell the time')
  return rows[0]
}

/** Leads that were inserted or updated since, from the rows themselves: PostgreSQL's counters lag behind by seconds. */
async function leadsWrittenSince({ owner }: World, { transaction, at }: Moment): Promise<number> {
  const { rows } = await owner.query<{ count: number }>(
    `select count(*)::int as count from lead where age(xmin) <= age(($1::text)::xid)
       -- Not those of the addresses job, which goes on at its own pace.
       and greatest(coalesce(addresses_asked_at, '-infinity'), coalesce(addresses_failed_at, '-infinity')) < $2`,
    [transaction, at],
  )
  return rows[0]?.count ?? Number.NaN
}

const TOUCHED_PERCENT = 1

/** P8: nothing changed, and 1 % changed. The first load is measured while the world is made. */
export const sync: Figure = {
  name: 'P8',
  async measure(world, extent) {
    const unchanged: number[] = []
    const written: number[] = []
    const changed: number[] = []
    for (const round of roundsOf(extent)) {
      const before = await momentOf(world)
      unchanged.push((await syncNow(world)).ownMs / 1_000)
      written.push(await leadsWrittenSince(world, before))
      await post(`${world.simulator}/control/touch`, {
        operator: 'northwind',
        percent: TOUCHED_PERCENT,
        seed: round + 1,
      })
      await post(`${world.simulator}/control/warm-up`, {})
      const times = await syncNow(world)
      const expected = Math.floor((world.leadCount * TOUCHED_PERCENT) / 200)
      if ((times.counts.changed ?? 0) < expected) throw new Error(`Only ${times.counts.changed} leads changed`)
      changed.push((times.ownMs + times.indexMs) / 1_000)
    }
    const of = `sync of ${world.leadCount}`
    const line = { figure: 'P8', unit: 's' }
    const perLead = world.leadCount / 100_000
    return [
      result({
        ...line,
        what: `${of}, unchanged, own work`,
        values: unchanged,
        bound: { floor: 2 * perLead, aim: perLead, better: 'lower' },
      }),
      result({
        figure: 'P8',
        what: 'leads written by it',
        unit: 'rows',
        values: written,
        bound: { floor: 0, better: 'lower' },
      }),
      result({
        ...line,
        what: `${of}, ${TOUCHED_PERCENT} % changed, own work`,
        values: changed,
        bound: { floor: 3 * perLead, better: 'lower' },
      }),
    ]
  },
}
