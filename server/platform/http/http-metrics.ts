import { Counter, Histogram, type Registry } from 'prom-client'

/** Figures of the HTTP server, on the process's registry. */
export type HttpMetrics = { observe(operationId: string, status: number, seconds: number): void }

/** Registers `leadline_http_requests_total` and `leadline_http_request_duration_seconds`. */
export function createHttpMetrics(registry: Registry): HttpMetrics {
  const requests = new Counter({
    name: 'leadline_http_requests_total',
    help: 'Answered requests by operation and status; 499: the client went away first.',
    labelNames: ['operationId', 'status'] as const,
    registers: [registry],
  })
  const durations = new Histogram({
    name: 'leadline_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last byte of its answer.',
    labelNames: ['operationId'] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  })
  return {
    observe(operationId, status, seconds) {
      requests.inc({ operationId, status: String(status) })
      durations.observe({ operationId }, seconds)
    },
  }
}
