import { setTimeout as sleep } from 'node:timers/promises'
import type { WireReadiness } from '../../contract/service.ts'
import type { Terminal } from './start-terminal.ts'

const POLL_MS = 200
const ANSWER_TIMEOUT_MS = 3_000

/**
 * Waits until GET /health/ready says yes, showing what is still missing. There is no time limit, because a large first
 * sync may take minutes; `signal` ends the waiting when a process has failed or the person has had enough.
 * Resolves to whether it is ready.
 */
export async function waitUntilReady(baseUrl: string, terminal: Terminal, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const readiness = await askReadiness(baseUrl)
    if (readiness?.ready) return true
    const missing = readiness ? Object.entries(readiness.checks).find(([, check]) => !check.ok) : undefined
    if (missing) terminal.progress(`Waiting for ${missing[0]}`, missing[1].detail)
    else terminal.progress('Starting web server and worker')
    await sleep(POLL_MS, undefined, { signal }).catch(() => {})
  }
  return false
}

/** The answer, or `null` while nobody answers or something else does. */
async function askReadiness(baseUrl: string): Promise<WireReadiness | null> {
  try {
    const response = await fetch(`${baseUrl}/health/ready`, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) })
    const body = (await response.json()) as Partial<WireReadiness>
    return typeof body.ready === 'boolean' ? { ready: body.ready, checks: body.checks ?? {} } : null
  } catch {
    // Not listening yet.
    return null
  }
}
