import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

export type JobMetrics = {
  attemptStarted(job: string): void
  attemptEnded(job: string): void
  retried(job: string, code: string): void
  finished(job: string, operatorId: number, state: 'succeeded' | 'failed' | 'cancelled', seconds: number): void
}

/** What operations people watch: whether jobs succeed, how long they take, and when each last did. */
export function createJobMetrics(registry: Registry | undefined): JobMetrics {
  const registers = registry ? [registry] : []
  const running = new Gauge({
    name: 'leadline_job_running',
    help: 'Runs this worker is at',
    labelNames: ['job'],
    registers,
  })
  const runs = new Counter({
    name: 'leadline_job_runs_total',
    help: 'Finished runs',
    labelNames: ['job', 'state'],
    registers,
  })
  const retries = new Counter({
    name: 'leadline_job_retries_total',
    help: 'Attempts that failed and will be tried again',
    labelNames: ['job', 'code'],
    registers,
  })
  const duration = new Histogram({
    name: 'leadline_job_duration_seconds',
    help: 'From the first start of a run to its end',
    labelNames: ['job'],
    buckets: [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600],
    registers,
  })
  const lastSuccess = new Gauge({
    name: 'leadline_job_last_success_timestamp_seconds',
    help: 'When the job last succeeded, by operator (0: the installation)',
    labelNames: ['job', 'operator'],
    registers,
  })
  return {
    attemptStarted: (job) => running.inc({ job }),
    attemptEnded: (job) => running.dec({ job }),
    retried: (job, code) => retries.inc({ job, code }),
    finished(job, operatorId, state, seconds) {
      runs.inc({ job, state })
      duration.observe({ job }, seconds)
      if (state === 'succeeded') lastSuccess.set({ job, operator: String(operatorId) }, Date.now() / 1000)
    },
  }
}
