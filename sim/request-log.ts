import type { Endpoint } from './fault-catalogue.ts'

const REMEMBERED_REQUESTS = 1000

export interface LoggedRequest {
  at: string
  endpoint: Endpoint | 'metadata' | 'other'
  method: string
  path: string
  operator: string | null
  /** 0 when no status was sent: hung or reset. */
  status: number
  faults: string[]
  durationMs: number
}

/** The last requests to the simulated Microsoft, and counters since start or since the last clearing. */
export class RequestLog {
  private entries: LoggedRequest[] = []
  private counters = { total: 0, byEndpoint: {} as Record<string, number>, byStatus: {} as Record<string, number> }

  add(entry: LoggedRequest): void {
    this.entries.push(entry)
    if (this.entries.length > 2 * REMEMBERED_REQUESTS) this.entries = this.entries.slice(-REMEMBERED_REQUESTS)
    this.counters.total++
    count(this.counters.byEndpoint, entry.endpoint)
    count(this.counters.byStatus, String(entry.status))
  }

  /** Newest first. */
  last(limit: number): LoggedRequest[] {
    return this.entries.slice(-Math.min(limit, REMEMBERED_REQUESTS)).reverse()
  }

  counts(): { total: number; byEndpoint: Record<string, number>; byStatus: Record<string, number> } {
    return structuredClone(this.counters)
  }

  clear(): void {
    this.entries = []
    this.counters = { total: 0, byEndpoint: {}, byStatus: {} }
  }
}

function count(counter: Record<string, number>, key: string): void {
  counter[key] = (counter[key] ?? 0) + 1
}
