import { randomUUID } from 'node:crypto'
import { jsonReply, type Reply } from './http-exchange.ts'

/**
 * An error of the operator API in Microsoft's usual shape: `error.code`, `error.message`, an inner error with
 * date and request id, and the headers that support asks for.
 */
export function apiError(status: number, code: string, message: string): Reply {
  const requestId = randomUUID()
  const date = new Date().toISOString().slice(0, 19)
  return jsonReply(
    status,
    { error: { code, message, innerError: { date, 'request-id': requestId, 'client-request-id': requestId } } },
    { 'request-id': requestId, 'x-ms-request-id': requestId, 'x-ms-error-code': code },
  )
}
