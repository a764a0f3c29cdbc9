import { type Client, eventually, type Json } from './client.ts'

export const SYNC_LEADS = 'peering.sync-leads-job'
export const SYNC_ADDRESSES = 'peering.sync-addresses-job'

/** Starts a job over the API and waits until it has succeeded or failed for good; answers the run. */
export async function runNow(client: Client, job = SYNC_LEADS, timeoutSeconds = 30): Promise<Json> {
  return settled(client, await startNow(client, job, timeoutSeconds), timeoutSeconds)
}

/** Starts a job; answers the id of a run that has not begun before. One that is under way may not see what was just done. */
export async function startNow(client: Client, job = SYNC_LEADS, timeoutSeconds = 30): Promise<string> {
  for (;;) {
    const { status, body, text } = await client.send('POST', `/api/v4/jobs/${job}/runs`)
    if (status !== 200 && status !== 202) throw new Error(`${job} did not start: ${status} ${text}`)
    if (status === 202) return body.id
    await settled(client, body.id, timeoutSeconds)
  }
}

export async function settled(client: Client, runId: string, timeoutSeconds = 30): Promise<Json> {
  return eventually(
    async () => (await client.get(`/api/v4/runs/${runId}`)).body,
    (run) => ['succeeded', 'failed', 'cancelled'].includes(run.state),
    timeoutSeconds,
  )
}

/** Runs of a job, newest first. */
export async function runsOf(client: Client, job = SYNC_LEADS): Promise<Json[]> {
  return (await client.get(`/api/v4/jobs/${job}/runs?pageSize=100`)).body.data
}
