import { randomUUID } from 'node:crypto'
import { jsonReply, type Reply } from './http-exchange.ts'

/** Entra's token error: OAuth's `error` and Entra's numbered description. */
export function entraError(status: number, error: string, code: number, message: string): Reply {
  const traceId = randomUUID()
  const correlationId = randomUUID()
  const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`
  return jsonReply(
    status,
    {
      error,
      error_description: `AADSTS${code}: ${message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
      error_codes: [code],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    },
    { 'x-ms-request-id': traceId },
  )
}

export function unknownTenant(tenant: string): Reply {
  return entraError(
    400,
    'invalid_tenant',
    90002,
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
  )
}
