import type { WireProblem } from '../../contract/problem.ts'

/** A refusal or failure that the server explained. Its words are made for people and shown as they are. */
export class ApiProblem extends Error {
  readonly problem: WireProblem
  /** Seconds after which another try may succeed; null: not said. */
  readonly retryAfterSeconds: number | null

  constructor(problem: WireProblem, retryAfterSeconds: number | null) {
    super(problem.detail)
    this.name = 'ApiProblem'
    this.problem = problem
    this.retryAfterSeconds = retryAfterSeconds
  }

  get code(): string {
    return this.problem.code
  }

  get status(): number {
    return this.problem.status
  }

  /** What is wrong with a field of the body, by its JSON pointer; some begin with `/body`, some at the field. */
  fieldErrors(): Map<string, string> {
    const fields = (this.problem.errors ?? []).map(
      ({ pointer, detail }) => [pointer.replace(/^\/(body\/)?/, ''), detail] as const,
    )
    return new Map(fields)
  }
}

/** No answer came: the network or the server is away, or it took too long. */
export class NoAnswer extends Error {
  constructor(cause: unknown) {
    super('No answer', { cause })
    this.name = 'NoAnswer'
  }
}

/** Whether asking again can help: it cannot when the server understood and said no. */
export function mayPass(error: unknown): boolean {
  if (error instanceof NoAnswer) return true
  return error instanceof ApiProblem && (error.status >= 500 || error.status === 429)
}
