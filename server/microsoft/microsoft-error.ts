export type MicrosoftErrorKind =
  | 'token-refused' // Entra gives no token, or the API does not accept it
  | 'forbidden' // 403 with a token that holds the roles: the application id is not on the allow-list
  | 'role-missing' // 403 with a token that lacks roles
  | 'not-found' // 404 of a path, or of a tenant that the operator has no consent for
  | 'throttled' // 429
  | 'unavailable' // 5xx, refused or broken connections, unknown host, bad certificate
  | 'timeout'
  | 'malformed' // an answer that cannot be read
  | 'paging' // links that lead elsewhere, repeat, or never end
  | 'aborted' // by the caller's signal or by close()
  | 'rejected' // any other refusal of the request
  | 'settings' // the connection's settings cannot work

export type MicrosoftOperation =
  | 'token'
  | 'listConsents'
  | 'consentByTenant'
  | 'civicAddresses'
  | 'createDirectConsent'
  | 'deleteDirectConsent'
  | 'setRelationship'
  | 'tenantOfDomain'
  | 'callingProfiles'
  | 'acquiredNumbers'

export type MicrosoftErrorFields = {
  kind: MicrosoftErrorKind
  operation?: MicrosoftOperation | undefined
  /** HTTP status of the answer, where there was one. */
  status?: number | undefined
  /** Microsoft's own wish, in milliseconds from now; a caller that gives up should come back no earlier. */
  retryAfterMs?: number | undefined
  /** For a support case at Microsoft. */
  requestId?: string | undefined
  /** Whether the same call may well succeed later without anybody changing anything. */
  transient?: boolean
  /** What happened, in plain words. */
  detail: string
  /** What to do about it. */
  remedy?: string
  cause?: unknown
}

/** Every failure of this folder. Its words may be shown to an operator's administrator: they hold no secret and no token. */
export class MicrosoftError extends Error {
  readonly kind: MicrosoftErrorKind
  readonly operation: MicrosoftOperation | undefined
  readonly status: number | undefined
  readonly retryAfterMs: number | undefined
  readonly requestId: string | undefined
  readonly transient: boolean
  readonly detail: string
  readonly remedy: string

  constructor(fields: MicrosoftErrorFields) {
    const remedy = fields.remedy ?? ''
    super(
      remedy === '' ? fields.detail : `${fields.detail} ${remedy}`,
      fields.cause === undefined ? undefined : { cause: fields.cause },
    )
    this.name = 'MicrosoftError'
    this.kind = fields.kind
    this.operation = fields.operation
    this.status = fields.status
    this.retryAfterMs = fields.retryAfterMs
    this.requestId = fields.requestId
    this.transient = fields.transient ?? false
    this.detail = fields.detail
    this.remedy = remedy
  }
}

/** The failure of a call that was called off, by its signal or by closing the client. */
export function abortedError(operation: MicrosoftOperation | undefined, reason: unknown): MicrosoftError {
  return new MicrosoftError({
    kind: 'aborted',
    operation,
    detail: 'The call to Microsoft was called off before it was answered.',
    cause: reason,
  })
}
