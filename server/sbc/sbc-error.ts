export type SbcErrorKind =
  | 'unreachable' // refused or broken connection, unknown host, an address that calls may not go to
  | 'timeout' // no answer in time; what was asked for may have been done
  | 'busy' // 409: its state forbids it now (HA synchronisation, a reset)
  | 'credentials' // 401, 403
  | 'certificate' // not trusted, expired, another one than was pinned
  | 'refused-line' // a line of the script is none that the device takes
  | 'not-applied' // it answered 200, and what it holds is not what was meant
  | 'conflict' // an object of that name is there that is not ours
  | 'full' // a table has no room left
  | 'malformed' // an answer that cannot be read
  | 'rejected' // any other refusal
  | 'aborted' // by the caller's signal
  | 'settings' // what is stored of the device cannot work, or its make can do no such thing

export type SbcOperation = 'status' | 'read' | 'script' | 'save'

export type SbcErrorFields = {
  kind: SbcErrorKind
  operation?: SbcOperation
  /** What happened, in plain words; may end with the device's own. */
  detail: string
  /** What to do about it. */
  remedy?: string
  /** When the device wants to be asked again, in milliseconds from now. */
  retryAfterMs?: number
  /** What the device printed; without the secrets of the script. */
  output?: string
  cause?: unknown
}

/** Whether the same call may well succeed later without anybody changing anything. */
const WAITING_HELPS: ReadonlySet<SbcErrorKind> = new Set(['unreachable', 'timeout', 'busy', 'malformed', 'aborted'])

const REMEDIES: Record<SbcErrorKind, string> = {
  unreachable: 'Check the address, the network between, and that the device is up.',
  timeout: 'Nothing to do at first: the device is asked what it holds, and only what is missing is sent again.',
  busy: 'If it lasts, look at the state of the device (high availability, a reset), then try again.',
  credentials: 'Enter the password of a device user with at least the level Administrator.',
  certificate: 'Renew the certificate of the device, or trust the one it shows: enter its issuer or its fingerprint.',
  'refused-line': 'Correct the script template, or the variable that the line was made of, and try again.',
  'not-applied': 'Look at the device: it may be read-only, full, or changed by somebody else at this moment.',
  conflict: 'Choose another short name, or adopt what is there, or remove it on the device.',
  full: 'Remove objects that nobody needs from the device, or choose another SBC.',
  malformed: 'Check that the address is that of the device itself, and that its version is supported.',
  rejected: 'Look at what the device says, and at its log.',
  aborted: '',
  settings: 'Correct the device in the settings.',
}

/**
 * Every failure of this folder. `retryable`, `retryAfterMs`, `code` and `remedy` are what the runner of jobs and tasks reads of
 * an error, so a step may simply throw it. Its words may be shown to an operator's people: they hold no secret.
 */
export class SbcError extends Error {
  readonly kind: SbcErrorKind
  /** Has a paragraph in docs/errors. */
  readonly code: `sbc-${SbcErrorKind}`
  readonly operation: SbcOperation | undefined
  readonly detail: string
  readonly remedy: string
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined
  readonly output: string | undefined

  constructor({ kind, operation, detail, remedy, retryAfterMs, output, cause }: SbcErrorFields) {
    super(detail, cause === undefined ? undefined : { cause })
    this.name = 'SbcError'
    this.kind = kind
    this.code = `sbc-${kind}`
    this.operation = operation
    this.detail = detail
    this.remedy = remedy ?? REMEDIES[kind]
    this.retryable = WAITING_HELPS.has(kind)
    this.retryAfterMs = retryAfterMs
    this.output = output
  }
}
