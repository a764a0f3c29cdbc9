import { MicrosoftError } from '../../microsoft/index.ts'
import type { RunContext } from '../../platform/jobs/index.ts'

/** A failure of Microsoft as run histories tell it: what happened, what to do, and whether trying again makes sense. */
class RunFailure extends Error {
  readonly code: string
  readonly remedy: string
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined

  constructor(cause: MicrosoftError) {
    super(cause.detail, { cause })
    this.name = 'RunFailure'
    this.code = `microsoft-${cause.kind}`
    this.remedy = cause.remedy
    // A refused secret is refused the next minute too: the person should see it now, and the schedule tries again anyway.
    this.retryable = cause.transient
    this.retryAfterMs = cause.retryAfterMs
  }
}

/** A job's work, whose failures at Microsoft reach the runner in words. */
export function tellingFailures(work: (run: RunContext) => Promise<void>): (run: RunContext) => Promise<void> {
  return async (run) => {
    try {
      await work(run)
    } catch (error) {
      if (error instanceof MicrosoftError && error.kind !== 'aborted') throw new RunFailure(error)
      throw error
    }
  }
}
