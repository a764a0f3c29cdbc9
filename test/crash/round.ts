import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, eventually } from '../harness/client.ts'
import { contentsOf, differences } from '../harness/database-contents.ts'
import type { Outside } from '../harness/outside.ts'
import { SYNC_LEADS } from '../harness/runs.ts'
import type { CleanRun } from './clean-run.ts'
import { type Installation, TARGETS, type Target } from './installation.ts'
import { type Seen, startLoad } from './load.ts'
import { isQuiet } from './quiet.ts'
import { type Random, randomNumbers } from './random.ts'
import { updateLeads } from './update-leads.ts'

/** One lane: an installation that is killed, the outside world, and the clean run beside it. */
export type Lane = {
  installation: Installation
  outside: Outside
  clean: CleanRun
  /** Last value of the changing setting that was tried. */
  tried: number
}

export type RoundResult = {
  seed: number
  target: Target
  killedAfterMs: number
  /** What was going on at that moment. */
  during: string
  /** From the restart until every interrupted run had been taken up again and the web server answered. */
  resumedSeconds: number
  /** Until nothing was left to do. */
  settledSeconds: number
  seen: Seen
  problems: string[]
}

/** Long enough for a sync, its addresses and its events; a kill may also come when all is done. */
const KILL_WITHIN_MS = 3_000
/** R1 asks for 30 s, which the report counts; a machine with ten other things to do is no failure of ours. */
const RESUME_PATIENCE_SECONDS = 240

/**
 * Changes things at Microsoft, has the clean run take them in, then the installation under load; kills, restarts, waits
 * until all is done, and compares row for row. Source: design/quality.md R1.
 */
export async function runRound(lane: Lane, seed: number): Promise<RoundResult> {
  const { installation, clean } = lane
  const random = randomNumbers(seed)
  const target = random.pick(TARGETS)
  const killAfterMs = random.below(KILL_WITHIN_MS)
  await change(lane, random, seed)
  await clean.sync()

  const [northwind, fabrikam] = [await installation.client('northwind-api'), await installation.client('fabrikam-api')]
  const load = startLoad(northwind, fabrikam, lane.tried)
  const { body: requested, status } = await northwind.send('POST', `/api/v4/jobs/${SYNC_LEADS}/runs`)
  if (status !== 202) throw new Error(`The sync did not start: ${status} ${JSON.stringify(requested)}`)
  await sleep(killAfterMs)
  const during = await duringWhat(installation)
  const interrupted = await runningRuns(installation)
  await installation.kill(target)
  const restartedAt = performance.now()
  await installation.restart(target)
  await answering(installation)
  const resumedSeconds = await resumed(installation, northwind, interrupted, restartedAt)
  await finished(installation)
  const settledSeconds = secondsSince(restartedAt)
  const seen = await load.stop()
  // The last page that was read may have asked for something.
  const unfinished = await finished(installation)
  lane.tried = seen.tried

  const problems = [
    ...unfinished.map((what) => `unfinished: ${what}`),
    ...seen.wrong,
    ...(seen.wrong.some((what) => what.startsWith('answer 500')) ? installation.internalErrors() : []),
    ...(await wrongInDatabase(lane, requested.id, seen)),
  ]
  const ended = await installation.endedByItself()
  if (ended !== null) problems.push(ended)
  return { seed, target, killedAfterMs: killAfterMs, during, resumedSeconds, settledSeconds, seen, problems }
}

/** As things happen at Microsoft in a while: leads change, come, are suspended; addresses are due again. */
async function change({ outside, installation, clean }: Lane, random: Random, seed: number): Promise<void> {
  const at = new Date(Date.UTC(2026, 3, 1) + seed * 60_000).toISOString()
  const percent = random.pick([0, 1, 10, 40])
  await outside.control('POST', '/touch', { operator: 'northwind', percent, seed, at })
  for (let index = 0; index < 1 + random.below(3); index++) {
    await outside.control('POST', '/direct-leads', { operator: 'northwind', company: `Newcomer ${seed}.${index}`, at })
  }
  // The same leads in both, whether they are licensed or not: a phase of calls that can be hit.
  const stride = 12 + random.below(20)
  for (const { owner } of [installation, clean]) {
    await updateLeads(owner, 'addresses_asked_at = null, addresses_failed_at = null where arrival % $1 = 0', [stride])
  }
}

type Interrupted = { runId: string; attempts: number }

async function runningRuns({ owner }: Installation): Promise<Interrupted[]> {
  const { rows } = await owner.query(`select run_id as "runId", attempts from job_run where state = 'running'`)
  return rows
}

async function duringWhat({ owner }: Installation): Promise<string> {
  const { rows } = await owner.query<{ what: string }>(
    `select regexp_replace(job, '^.*[.](.*)-job$', '\\1') || ' ' || coalesce(phase, state) as what
     from job_run where state in ('queued', 'running') order by job`,
  )
  return rows.map(({ what }) => what).join(', ') || 'rest'
}

/** Our own connections to the database that ended with it are found out. */
async function answering({ owner }: Installation): Promise<void> {
  await eventually(
    () =>
      Promise.all([owner.query('select'), owner.query('select')]).then(
        () => true,
        () => false,
      ),
    (answers) => answers,
    RESUME_PATIENCE_SECONDS,
  )
}

/** Seconds until the web server answers and each interrupted run is in another attempt, or over. */
async function resumed(
  { owner }: Installation,
  client: Client,
  interrupted: Interrupted[],
  restartedAt: number,
): Promise<number> {
  await eventually(
    async () => {
      const answer = await client.get('/api/v2/oc/lead?PageSize=1').catch(() => null)
      return answer?.status ?? 0
    },
    (status) => status === 200,
    RESUME_PATIENCE_SECONDS,
  )
  await eventually(
    async () => {
      const ids = interrupted.map(({ runId }) => runId)
      const { rows } = await owner.query(
        `select run_id as "runId", attempts, state from job_run where run_id = any($1)`,
        [ids],
      )
      return rows.filter(({ runId, attempts, state }) => {
        const before = interrupted.find((one) => one.runId === runId)
        return (state === 'running' || state === 'queued') && attempts <= (before?.attempts ?? 0)
      })
    },
    (waiting) => waiting.length === 0,
    RESUME_PATIENCE_SECONDS,
  )
  return secondsSince(restartedAt)
}

async function finished({ owner }: Installation): Promise<string[]> {
  let unfinished: string[] = []
  try {
    await eventually(
      async () => {
        unfinished = await isQuiet(owner)
        return unfinished
      },
      (left) => left.length === 0,
      300,
    )
    return []
  } catch {
    return unfinished
  }
}

/** What the clean run has and this one not, or the other way round; and what only this one can tell. */
async function wrongInDatabase({ installation, clean }: Lane, runId: string, seen: Seen): Promise<string[]> {
  const { owner } = installation
  const [found, expected] = await Promise.all([contentsOf(owner), contentsOf(clean.owner)])
  const problems = differences(found, expected).slice(0, 8)
  const { rows } = await owner.query(
    `select
       (select state from job_run where run_id = $1) as state,
       (select string_agg(job || ' ' || coalesce(error::text, ''), '; ') from job_run where state = 'failed') as failed,
       (select count(*)::int from outbox_event where name = 'leads.synced' and operator_id = 868) as synced,
       (select request_timeout_ms from connection where operator_id = 869) as "settingNow",
       (select count(*)::int from journal_entry where operator_id = 869 and action = 'connection.changed') as changes,
       (select count(distinct after)::int from journal_entry where operator_id = 869 and action = 'connection.changed') as "distinctChanges"`,
    [runId],
  )
  const truth = rows[0]
  const { rows: cleanRows } = await clean.owner.query(
    `select count(*)::int as synced from outbox_event where name = 'leads.synced' and operator_id = 868`,
  )
  if (truth.state !== 'succeeded') problems.push(`the run is ${truth.state}`)
  if (truth.failed !== null) problems.push(`failed runs: ${truth.failed}`)
  if (truth.synced < cleanRows[0].synced)
    problems.push(`leads.synced: ${truth.synced} events, ${cleanRows[0].synced} in the clean run`)
  if (truth.settingNow < seen.acknowledged || truth.settingNow > seen.tried)
    problems.push(`an acknowledged change is lost: stored ${truth.settingNow}, acknowledged ${seen.acknowledged}`)
  if (truth.changes !== truth.distinctChanges) problems.push('a change is in the journal twice')
  const client = await installation.client('northwind-api')
  const { body } = await client.get('/api/v4/journal/verification')
  if (body.ok !== true || body.unsealed !== 0) problems.push(`journal: ${JSON.stringify(body)}`)
  return problems
}

function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1_000
}
