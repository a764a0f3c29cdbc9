/** One place in the request that is wrong: a JSON pointer into body, query or path (`/query/PageSize`) and what to do. */
export type FieldError = { pointer: string; detail: string }

export type AppErrorOptions = {
  /** Stable kebab-case code; each has a paragraph in docs/errors/. */
  code: string
  /** HTTP status, 400..599. */
  status: number
  /** What happened and what to do next, in plain words. Shown to the caller: no secret, no stack. */
  detail: string
  errors?: FieldError[]
  retryAfterSeconds?: number
  cause?: unknown
}

/**
 * The only error that is told to a caller in its own words; anything else becomes `internal-error` (500).
 * Source: design/architecture.md, names 10 (RFC 9457 problem details).
 */
export class AppError extends Error {
  readonly code: string
  readonly status: number
  readonly errors: FieldError[] | undefined
  readonly retryAfterSeconds: number | undefined

  constructor({ code, status, detail, errors, retryAfterSeconds, cause }: AppErrorOptions) {
    super(detail, cause === undefined ? undefined : { cause })
    this.name = 'AppError'
    this.code = code
    this.status = status
    this.errors = errors
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** 404 for an object that does not exist in the caller's scope; a foreign object reads the same as a missing one. */
export function notFound(what: string): AppError {
  return new AppError({ code: 'not-found', status: 404, detail: `${what} does not exist, or is not yours to see.` })
}

/** 400 naming the fields that are wrong, each with its remedy. */
export function badRequest(errors: FieldError[], detail = 'The request has fields that cannot be used.'): AppError {
  return new AppError({ code: 'bad-request', status: 400, detail, errors })
}

/** The message of anything that was thrown, for logs and run histories. */
export function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message
  try {
    return String(error)
  } catch {
    return 'Something was thrown that is no error.'
  }
}
