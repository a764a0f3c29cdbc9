import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const KIBIBYTE = 1_024
const MEGABYTE = 1_000_000

/** Resident memory that work adds at its peak, in MB: the kernel's high-water mark above what the process had before. */
export async function addedMemoryOf(pid: number, work: () => Promise<unknown>): Promise<number> {
  // 5 sets the high-water mark to what is resident now (proc(5), clear_refs).
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  const before = residentBytes(pid, 'VmRSS')
  await work()
  return Math.max(0, residentBytes(pid, 'VmHWM') - before) / MEGABYTE
}

function residentBytes(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  if (!match) throw new Error(`/proc has no ${field} of process ${pid}`)
  return Number(match[1]) * KIBIBYTE
}

/** Metrics of a server process by name with labels, as Prometheus reads them. */
export async function metricsOf(origin: string): Promise<Map<string, number>> {
  const answer = await fetch(`${origin}/metrics`, { signal: AbortSignal.timeout(10_000) })
  if (!answer.ok) throw new Error(`${origin}/metrics answered ${answer.status}`)
  const metrics = new Map<string, number>()
  for (const line of (await answer.text()).split('\n')) {
    const at = line.lastIndexOf(' ')
    if (at > 0 && !line.startsWith('#')) metrics.set(line.slice(0, at), Number(line.slice(at + 1)))
  }
  return metrics
}

/** The event loop's delay, p99 in milliseconds, while the work was done. */
export async function loopDelayOf(origin: string, work: () => Promise<unknown>): Promise<number> {
  // Reading the metrics begins a new measurement.
  await metricsOf(origin)
  await work()
  await sleep(20)
  return ((await metricsOf(origin)).get('nodejs_eventloop_lag_p99_seconds') ?? Number.NaN) * 1_000
}

/** Clock ticks a second in /proc; 100 on every Linux that Leadline runs on. */
const TICKS_PER_SECOND = 100

/** Processor time that a process has used so far, in milliseconds, threads included. */
export function processorMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name, in parentheses, may hold blanks: fields are counted behind it (proc(5): utime 14, stime 15).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1_000
}

/** The same for several, such as the server processes of a database; those that have ended count as nothing. */
export function processorMsOfAll(pids: readonly number[]): number {
  let sum = 0
  for (const pid of pids) {
    try {
      sum += processorMsOf(pid)
    } catch {
      // Ended meanwhile: what it used is lost to us.
    }
  }
  return sum
}
