export type PostgresErrorCode =
  | 'not-supported'
  | 'unreachable'
  | 'not-writable'
  | 'disk-full'
  | 'other-major'
  | 'foreign-owner'
  | 'start-failed'

/**
 * Why the embedded database cannot run. `message` says what happened, `remedy` what to do; both are shown to the
 * person at the terminal, so neither holds a secret.
 */
export class PostgresError extends Error {
  readonly code: PostgresErrorCode
  readonly remedy: string

  constructor(code: PostgresErrorCode, message: string, remedy: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'PostgresError'
    this.code = code
    this.remedy = remedy
  }
}

/** Turns an error of the file system, or the output of a PostgreSQL program, into words; `null` when it is neither known. */
export function explainFailure(text: string, path: string, cause?: unknown): PostgresError | null {
  if (/ENOSPC|EDQUOT|No space left on device|Disk quota exceeded/i.test(text))
    return new PostgresError(
      'disk-full',
      `The disk that holds ${path} is full.`,
      'Free some space (a new installation needs about 200 MB), or set LEADLINE_DATA_DIR to a folder on another disk.',
      cause,
    )
  if (/EROFS|Read-only file system/i.test(text))
    return new PostgresError(
      'not-writable',
      `${path} is on a read-only file system.`,
      'Set LEADLINE_DATA_DIR to a folder that can be written.',
      cause,
    )
  if (/EACCES|EPERM|Permission denied|Operation not permitted/i.test(text))
    return new PostgresError(
      'not-writable',
      `${path} cannot be used: permission denied.`,
      'Give this user the folder (chown), or set LEADLINE_DATA_DIR to a folder it may write.',
      cause,
    )
  return null
}
