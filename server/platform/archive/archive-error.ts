export type ArchiveProblem =
  | 'not-an-export'
  | 'cut'
  | 'damaged'
  | 'newer-version'
  | 'other-schema'
  | 'not-empty'
  | 'other-installation'
  | 'other-kind'
  | 'missing-key'
  | 'altered'
  | 'nothing-there'
  | 'disk-full'
  | 'database'

/** Why an export cannot be made or read: what is the matter, and what to do. Both are shown to the person at the terminal. */
export class ArchiveError extends Error {
  readonly code: ArchiveProblem
  readonly remedy: string

  constructor(code: ArchiveProblem, message: string, remedy: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'ArchiveError'
    this.code = code
    this.remedy = remedy
  }
}

export const ANOTHER_COPY = 'Use another copy of the file, or another export.'
