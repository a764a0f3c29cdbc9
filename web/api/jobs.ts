import type { WireJob, WireJobRun } from '../../contract/jobs.ts'
import { call } from './call.ts'

export type { WireJob, WireJobRun } from '../../contract/jobs.ts'

/** The job that brings leads from Microsoft. Source: seed 000. */
export const SYNC_LEADS_JOB = 'peering.sync-leads-job'

export async function listJobs(operatorId: number, signal: AbortSignal): Promise<WireJob[]> {
  return (await call<{ data: WireJob[] }>('GET', '/api/v4/jobs', { operatorId, signal })).data
}

export function listJobRuns(
  operatorId: number,
  job: string,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<{ data: WireJobRun[]; nextCursor: string | null }> {
  const query = { cursor, pageSize: 50 }
  return call('GET', `/api/v4/jobs/${encodeURIComponent(job)}/runs`, { operatorId, query, signal })
}

export function startJobRun(operatorId: number, job: string): Promise<WireJobRun> {
  return call('POST', `/api/v4/jobs/${encodeURIComponent(job)}/runs`, { operatorId })
}

export function cancelRun(operatorId: number, runId: string): Promise<WireJobRun> {
  return call('POST', `/api/v4/runs/${encodeURIComponent(runId)}/cancel`, { operatorId })
}

export function getRun(operatorId: number, runId: string, signal: AbortSignal): Promise<WireJobRun> {
  return call('GET', `/api/v4/runs/${encodeURIComponent(runId)}`, { operatorId, signal })
}
