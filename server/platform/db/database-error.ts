import { AppError } from '../../kernel/errors.ts'

const TOO_MANY_CONNECTIONS = '53300'
/** SQLSTATEs of a connection that is gone or cannot be had. Source: PostgreSQL documentation, Appendix A. */
const CONNECTION_LOST = new Set([
  TOO_MANY_CONNECTIONS,
  ...['08000', '08001', '08003', '08004', '08006'],
  // Shut down, crashed, starting up; cut off while idle in a transaction.
  ...['57P01', '57P02', '57P03', '57P05', '25P03', '25P04'],
])
const CONNECTION_ERRNO = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'ENOENT', 'EPIPE', 'ETIMEDOUT'],
  ...['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'ENOTFOUND', 'EAI_AGAIN'],
])
/** The driver's own words, which carry no code. */
const DRIVER_WORDS =
  /^(Connection terminated|Query read timeout|Client (was closed|has encountered a connection error))/

const DISK_FULL = '53100'
const TEMPORARY_FILES_FULL = '53400'
const CANCELLED = '57014'

/** Whether the connection is of no use any more: nothing can be asked on it, a rollback least of all. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = codeOf(error)
  return CONNECTION_LOST.has(code) || CONNECTION_ERRNO.has(code) || DRIVER_WORDS.test(error.message)
}

/** Whether the other side gave no answer at all within the limit, which is later than its own limit for a statement. */
export function isReadTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout'
}

/** A failure of the connection, the disk or the time limit as the error a caller gets; anything else unchanged. */
export function toAppError(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error
  if (isConnectionLost(error)) return databaseUnavailable(error)
  switch (codeOf(error)) {
    case DISK_FULL:
    case TEMPORARY_FILES_FULL:
      return new AppError({
        code: 'database-full',
        status: 503,
        detail: 'The database has no disk space left: nothing was changed. Free space on its disk, then try again.',
        retryAfterSeconds: 60,
        cause: error,
      })
    case CANCELLED:
      return new AppError({
        code: 'database-slow',
        status: 503,
        detail: 'The database took too long and was stopped: nothing was changed. Try again in a few seconds.',
        retryAfterSeconds: 10,
        cause: error,
      })
    default:
      return error
  }
}

/** No connection, or one that broke before anything was stored. */
export function databaseUnavailable(cause: unknown): AppError {
  return new AppError({
    code: 'database-unavailable',
    status: 503,
    detail: `${whyUnavailable(cause)}: nothing was changed. Try again in a few seconds.`,
    retryAfterSeconds: 5,
    cause,
  })
}

function whyUnavailable(cause: unknown): string {
  if (cause instanceof Error) {
    if (cause.message === 'timeout exceeded when trying to connect')
      return 'Every connection to the database is in use at the moment'
    if (codeOf(cause) === TOO_MANY_CONNECTIONS)
      return 'The database server has no room for another connection (max_connections)'
  }
  return 'The database cannot be reached at the moment'
}

/** The connection broke between the order to commit and its answer: only a look can tell which way it went. */
export function changeUncertain(cause: unknown): AppError {
  return new AppError({
    code: 'change-uncertain',
    status: 503,
    detail:
      'The database went away just as the change was being stored: it was made or not. Look before you make it again.',
    retryAfterSeconds: 5,
    cause,
  })
}

function codeOf(error: Error): string {
  return (error as { code?: string }).code ?? ''
}
