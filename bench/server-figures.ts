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
  return ticksToMs(sumOf(statOf(pid).slice(11, 13)))
}

/** The same of all server processes of a database, ended ones included, told by the id of any of them. */
export function processorMsOfDatabase(backendPid: number): number {
  const postmaster = Number(statOf(backendPid)[1])
  const ended = sumOf(statOf(postmaster).slice(13, 15))
  const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').trim().split(' ').map(Number)
  return ticksToMs(ended) + processorMsOfAll([postmaster, ...children])
}

/** Fields of /proc/PID/stat from the third on: state, parent, and from the 14th user, system, and both of ended children. The name before it, in parentheses, may hold blanks. */
function statOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function sumOf(fields: readonly string[]): number {
  return fields.reduce((sum, field) => sum + Number(field), 0)
}

function ticksToMs(ticks: number): number {
  return (ticks / TICKS_PER_SECOND) * 1_000
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
