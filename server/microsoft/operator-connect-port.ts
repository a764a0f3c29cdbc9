import type { Dispatcher } from 'undici'
import type { Clock } from '../kernel/clock.ts'
import type { ConsentPage, Recall } from './consent-page.ts'
import type { MicrosoftErrorKind, MicrosoftOperation } from './microsoft-error.ts'
import type { Dialect } from './native-dialect.ts'
import type { RetryPolicy } from './retries.ts'
import type { Sleep } from './waiting.ts'

/** Microsoft's largest page. Source: design/decisions.md. */
export const MAX_PAGE_SIZE = 1000

/** One HTTP attempt, for metrics. `status` is null when there was no answer. */
export type CallReport = {
  operation: MicrosoftOperation
  status: number | null
  durationMs: number
  attempt: number
  outcome: 'ok' | MicrosoftErrorKind
}

export type MicrosoftLogger = {
  debug(fields: object, message: string): void
  warn(fields: object, message: string): void
}

export type OperatorConnectClientOptions = {
  clock?: Clock
  sleep?: Sleep
  /** From 0 up to 1; for the back-off. */
  random?: () => number
  logger?: MicrosoftLogger
  onCall?: (report: CallReport) => void
  /** How requests leave: a proxy or a guarded agent. Whoever gives one closes it. */
  dispatcher?: Dispatcher
  retry?: Partial<RetryPolicy>
  maxBodyBytes?: number
  dialect?: Dialect
}

/** `retry` narrows the policy for callers that cannot wait, such as a request of the API. */
export type CallOptions = { signal?: AbortSignal | undefined; retry?: Partial<RetryPolicy> }

export type ConsentRange = {
  /** Records to leave out; ignored with a nextLink. */
  skip: number
  /** Page size, 1 to MAX_PAGE_SIZE. */
  top: number
  /** As a page gave it; followed only within the origin of the base URL. */
  nextLink?: string | null
  recall?: Recall
}

/**
 * The stage that fails first: Entra gives no token · the token lacks roles · the application id is not on Microsoft's
 * allow-list · a path or the base URL is wrong · the API does not answer properly · `done` when all is well.
 */
export type ConnectionStage = 'token' | 'role' | 'allow-list' | 'path' | 'reach' | 'done'

export type ConnectionCheck = {
  stage: ConnectionStage
  ok: boolean
  /** What was found, in plain words. */
  detail: string
  /** What to do; empty when all is well. */
  remedy: string
}

/** Every method throws MicrosoftError and nothing else. Records are raw: read them with `readConsent` and `readCivicAddress`. */
export type OperatorConnectClient = {
  listConsents(range: ConsentRange, call?: CallOptions): Promise<ConsentPage>
  /** Null when the operator has no consent of this tenant. One answer, although a tenant can have two consents (microsoft.md A.13). */
  consentByTenant(tenantId: string, call?: CallOptions): Promise<unknown | null>
  /** Empty when the tenant has none; throws `not-found` for a tenant that the operator has no consent of. */
  civicAddresses(tenantId: string, call?: CallOptions): Promise<unknown[]>
  /**
   * A consentless ("direct") lead: its record, Active at once. Throws `not-found` for a tenant Microsoft does not know, and
   * `rejected` with status 409 where the tenant has any consent. After `timeout`, `unavailable` or `malformed` it may have
   * been made all the same: ask by tenant. Source: microsoft.md A.4, Consentless leads.
   */
  createDirectConsent(tenantId: string, companyName: string, call?: CallOptions): Promise<unknown>
  /** Also when there was none. Throws `rejected` with status 409 where only the customer can withdraw. May be called again. */
  deleteDirectConsent(tenantId: string, call?: CallOptions): Promise<void>
  /** The operator's side of the relation; the whole record as it is then. May be called again. Source: microsoft.md A.3. */
  setRelationship(tenantId: string, wanted: { status: string; comment: string }, call?: CallOptions): Promise<unknown>
  /** All of the operator, with the trunks enrolled. Raw: read them with `readCallingProfile`. Source: microsoft.md A.5. */
  callingProfiles(call?: CallOptions): Promise<unknown[]>
  /**
   * How many phone numbers of the operator the tenant holds; at least that many where Microsoft does not say how many there
   * are. Null where it has no list for this tenant (404). Source: microsoft.md A.8.
   */
  acquiredNumberCount(tenantId: string, call?: CallOptions): Promise<number | null>
  /** The tenant that has a domain, by Entra's public sign-in metadata; null when none has. Needs no token. */
  tenantOfDomain(domain: string, call?: CallOptions): Promise<string | null>
  /** Tries every stage of the connection with a token of its own; throws `aborted` only. */
  testConnection(call?: Pick<CallOptions, 'signal'>): Promise<ConnectionCheck>
  /** Calls off whatever is under way and gives the connections back. */
  close(): Promise<void>
}
