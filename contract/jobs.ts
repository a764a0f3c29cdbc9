import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { problem } from './problem.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const instant = (description: string) => Type.String({ format: 'date-time', description })

/** One run of a job, going or done. Source: main issue 4; portal issue 4. */
export const jobRun = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    job: Type.String({ description: 'For example peering.sync-leads-job' }),
    trigger: Type.Enum(['schedule', 'api', 'cli', 'event'], { description: 'What started it' }),
    requestedBy: Type.String({ description: 'Who asked for it; schedule otherwise' }),
    state: Type.Enum(['queued', 'running', 'succeeded', 'failed', 'cancelled'], {
      description: 'queued: waits for a worker, or until it is tried again (see error.retryAt)',
    }),
    phase: nullable(Type.String({ description: 'What is, or was last, being done' })),
    done: nullable(Type.Number({ description: 'In this phase' })),
    total: nullable(Type.Number({ description: 'null while unknown' })),
    unit: nullable(Type.String({ description: 'What done and total count, for example leads' })),
    counts: Type.Record(Type.String(), Type.Number(), { description: 'What came of it so far, by name' }),
    ratePerSecond: nullable(Type.Number({ description: 'Of done in this phase; null while not running' })),
    remainingSeconds: nullable(Type.Number({ description: 'Of this phase at this rate; null while unknown' })),
    queuedAt: instant('When it was asked for'),
    startedAt: nullable(instant('When it was first picked up')),
    finishedAt: nullable(instant('When it succeeded, failed for good or was cancelled')),
    cancelRequestedAt: nullable(instant('When somebody asked to stop it; a running one stops within seconds')),
    durationSeconds: nullable(Type.Number({ description: 'From startedAt to finishedAt, or to now' })),
    attempts: Type.Integer({
      description: 'Times it was picked up: more than 1 after a crash, a failure or a restart',
    }),
    error: nullable(
      Type.Object({
        code: Type.String({ description: 'Has a paragraph under /docs/errors/' }),
        message: Type.String(),
        retryAt: nullable(instant('When it is tried again; null: it is not')),
        remedy: Type.String({ description: 'What to do' }),
      }),
    ),
  },
  { $id: 'JobRun' },
)
export type WireJobRun = Type.Static<typeof jobRun>

export const job = Type.Object(
  {
    name: Type.String(),
    summary: Type.String(),
    everySeconds: nullable(Type.Number({ description: 'From start to start; null: only on demand' })),
    timeoutSeconds: Type.Number({ description: 'An attempt that takes longer is stopped and tried again' }),
    nextRunAt: nullable(instant('By the schedule; null: only on demand, or running')),
    currentRun: nullable(jobRun),
    lastRun: nullable(jobRun),
  },
  { $id: 'Job' },
)
export type WireJob = Type.Static<typeof job>

export const RUNS_PAGE_SIZE_DEFAULT = 20
export const RUNS_PAGE_SIZE_MAX = 500

const exampleRun = {
  id: '019f2c6a-7a90-7d11-8b0c-5d1f0a9e4477',
  job: 'peering.sync-leads-job',
  trigger: 'api',
  requestedBy: 'client northwind-api',
  state: 'running',
  phase: 'listing',
  done: 4_000,
  total: 10_000,
  unit: 'leads',
  counts: { new: 12, changed: 3, unchanged: 3_985 },
  ratePerSecond: 2_000,
  remainingSeconds: 3,
  queuedAt: '2026-11-22T04:03:00.000Z',
  startedAt: '2026-11-22T04:03:00.200Z',
  finishedAt: null,
  cancelRequestedAt: null,
  durationSeconds: 2,
  attempts: 1,
  error: null,
}
const jobParams = Type.Object({
  jobName: Type.String({ maxLength: 100, description: 'For example peering.sync-leads-job' }),
})

export const listJobs = defineEndpoint({
  operationId: 'listJobs',
  method: 'GET',
  path: '/api/v4/jobs',
  tag: 'Jobs',
  summary: 'Every job of the operator with its schedule, its run now and its last run',
  description: 'In order of name.',
  source: 'own',
  permission: 'jobs.read',
  operatorOnly: true,
  responses: {
    200: {
      description: 'All jobs',
      schema: Type.Object({ data: Type.Array(job) }),
      example: {
        data: [
          {
            name: 'peering.sync-leads-job',
            summary: 'Reads the leads from Microsoft and stores what is new, changed or removed',
            everySeconds: 300,
            timeoutSeconds: 3_600,
            nextRunAt: null,
            currentRun: exampleRun,
            lastRun: null,
          },
        ],
      },
    },
  },
})

const paging = {
  cursor: Type.Optional(Type.String({ maxLength: 400, description: 'Opaque: nextCursor of the page before' })),
  pageSize: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: RUNS_PAGE_SIZE_MAX,
      description: `Runs per page, ${RUNS_PAGE_SIZE_DEFAULT} by default`,
    }),
  ),
}
const runPage = {
  description: 'One page',
  schema: Type.Object({
    data: Type.Array(jobRun),
    nextCursor: nullable(Type.String({ description: 'null on the last page' })),
  }),
  example: { data: [exampleRun], nextCursor: null },
}

export const listJobRuns = defineEndpoint({
  operationId: 'listJobRuns',
  method: 'GET',
  path: '/api/v4/jobs/{jobName}/runs',
  tag: 'Jobs',
  summary: 'The runs of a job, newest first',
  description: 'The newest 500 are kept.',
  source: 'own',
  permission: 'jobs.read',
  operatorOnly: true,
  params: jobParams,
  query: Type.Object(paging),
  responses: {
    200: runPage,
    404: { description: 'There is no such job', schema: problem },
  },
})

export const startJobRun = defineEndpoint({
  operationId: 'startJobRun',
  method: 'POST',
  path: '/api/v4/jobs/{jobName}/runs',
  tag: 'Jobs',
  summary: 'Start a job now',
  description:
    'A worker picks it up within about half a second. When a run is queued or running already, that one is returned and no other ' +
    'is started; one that waits after a failure is brought forward, unless Microsoft has asked to wait.',
  source: 'own',
  permission: 'jobs.run',
  operatorOnly: true,
  params: jobParams,
  responses: {
    200: { description: 'The run that was going already', schema: jobRun, headers: { Location: 'The run' } },
    202: {
      description: 'The new run',
      schema: jobRun,
      headers: { Location: 'The run' },
      example: {
        ...exampleRun,
        state: 'queued',
        phase: null,
        done: null,
        total: null,
        unit: null,
        counts: {},
        ratePerSecond: null,
        remainingSeconds: null,
        startedAt: null,
        durationSeconds: null,
        attempts: 0,
      },
    },
    404: { description: 'There is no such job', schema: problem },
  },
})

export const getRun = defineEndpoint({
  operationId: 'getRun',
  method: 'GET',
  path: '/api/v4/runs/{runId}',
  tag: 'Jobs',
  summary: 'One run: how far it is, how fast, how long still, and what went wrong',
  description: 'Progress is at most about a second old.',
  source: 'own',
  permission: 'jobs.read',
  operatorOnly: true,
  params: Type.Object({ runId: Type.String({ format: 'uuid' }) }),
  responses: {
    200: { description: 'The run', schema: jobRun, example: exampleRun },
    404: { description: 'There is no such run, or it is not yours', schema: problem },
  },
})

export const listRuns = defineEndpoint({
  operationId: 'listRuns',
  method: 'GET',
  path: '/api/v4/runs',
  tag: 'Jobs',
  summary: 'Runs of every job, newest first',
  description: 'With `state=failed`, what has gone wrong lately. The newest 500 of each job are kept.',
  source: 'own',
  permission: 'jobs.read',
  operatorOnly: true,
  query: Type.Object({
    state: Type.Optional(Type.Enum(['queued', 'running', 'succeeded', 'failed', 'cancelled'])),
    ...paging,
  }),
  responses: {
    200: runPage,
  },
})

export const cancelRun = defineEndpoint({
  operationId: 'cancelRun',
  method: 'POST',
  path: '/api/v4/runs/{runId}/cancel',
  tag: 'Jobs',
  summary: 'Stop a run',
  description:
    'One that waits is cancelled at once (200). One that is running is asked to stop (202): it ends as `cancelled` within a few ' +
    'seconds, and what it had stored stays. The schedule goes on as before. A run that is cancelled already is answered again.',
  source: 'own',
  permission: 'jobs.run',
  operatorOnly: true,
  params: Type.Object({ runId: Type.String({ format: 'uuid' }) }),
  responses: {
    200: { description: 'The run, cancelled', schema: jobRun },
    202: {
      description: 'The run, which is about to stop',
      schema: jobRun,
      example: { ...exampleRun, cancelRequestedAt: '2026-11-22T04:03:02.000Z' },
    },
    404: { description: 'There is no such run, or it is not yours', schema: problem },
    409: { description: 'The run is over', schema: problem },
  },
})
