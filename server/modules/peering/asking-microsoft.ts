import { AppError } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import { MicrosoftError, type OperatorConnectClient, type RetryPolicy } from '../../microsoft/index.ts'
import { microsoftUnavailable } from '../leads/index.ts'
import type { MicrosoftClients } from './microsoft-clients.ts'

/** A caller waits for these: one more try at the most. */
export const INTERACTIVE: Partial<RetryPolicy> = {
  maxAttempts: 2,
  baseDelayMs: 200,
  maxDelayMs: 500,
  budgetMs: 8_000,
  maxRetryAfterMs: 0,
}

export const RETRY_AFTER_SECONDS = 30

/** Throws an AppError `not-connected` with status 503 where the operator has no connection. */
export async function clientOf(
  clients: MicrosoftClients,
  principal: OperatorPrincipal,
): Promise<OperatorConnectClient> {
  const client = await clients.forOperator(principal.operatorId)
  if (client) return client
  throw new AppError({
    code: 'not-connected',
    status: 503,
    detail: 'This operator is not connected to Microsoft yet. Set up the connection, then try again.',
    retryAfterSeconds: 300,
  })
}

/** Runs a call to Microsoft; its failure becomes a 503 that says why and when to try again. */
export async function telling<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw error instanceof MicrosoftError ? unavailable(error) : error
  }
}

export function unavailable(error: MicrosoftError): AppError {
  const seconds = error.retryAfterMs === undefined ? RETRY_AFTER_SECONDS : Math.ceil(error.retryAfterMs / 1_000)
  return microsoftUnavailable(`Microsoft did not answer the question. ${error.message}`, Math.max(1, seconds), error)
}
