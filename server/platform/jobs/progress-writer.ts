import type { Progress } from './job.ts'
import type { StoredProgress } from './run.store.ts'

export type ProgressState = { phase: string | null; progress: StoredProgress }

export type ProgressWriter = {
  note(progress: Progress): void
  /** How far it is now, whether written or not. */
  state(): ProgressState
  /** Nothing is written any more; waits for a write under way. */
  close(): Promise<void>
}

/**
 * Gathers progress and writes it at most once per interval; the last word is never lost, since the end of the attempt
 * writes `state()`. A failing write is told and forgotten: progress is for people.
 */
export function createProgressWriter(
  start: ProgressState,
  write: (phase: string, progress: StoredProgress) => Promise<void>,
  onError: (error: unknown) => void,
  intervalMs = 1_000,
): ProgressWriter {
  let { phase, progress } = start
  let begun = false
  let closed = false
  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> = Promise.resolve()
  let lastWriteAt = Number.NEGATIVE_INFINITY

  function flush(): void {
    timer = null
    lastWriteAt = performance.now()
    writing = writing.then(() => (closed || phase === null ? undefined : write(phase, progress))).catch(onError)
  }

  return {
    note(next) {
      if (closed) return
      const samePhase = begun && next.phase === phase
      const since = samePhase
        ? { phaseStartedAt: progress.phaseStartedAt, phaseStartDone: progress.phaseStartDone }
        : { phaseStartedAt: new Date().toISOString(), phaseStartDone: next.done ?? 0 }
      const kept: StoredProgress = samePhase ? progress : {}
      progress = withoutUndefined({
        ...kept,
        ...since,
        done: next.done ?? kept.done,
        total: next.total ?? kept.total,
        unit: next.unit ?? kept.unit,
        counts: { ...progress.counts, ...next.counts },
      })
      phase = next.phase
      begun = true
      timer ??= setTimeout(flush, Math.max(0, lastWriteAt + intervalMs - performance.now()))
    },
    state: () => ({ phase, progress }),
    async close() {
      closed = true
      if (timer) clearTimeout(timer)
      await writing
    },
  }
}

function withoutUndefined(progress: { [K in keyof StoredProgress]: StoredProgress[K] | undefined }): StoredProgress {
  return Object.fromEntries(Object.entries(progress).filter(([, value]) => value !== undefined)) as StoredProgress
}
