import type { Connection } from '../../../contract/connections.ts'
import { certificateFacts } from '../../microsoft/index.ts'
import { CONNECTION_DEFAULTS, type ShownConnection } from './connection.service.ts'

/** A connection for the wire; the secret shows only as "there is one". */
export function connectionView({ operatorId, operatorName, row, secretExpiry }: ShownConnection): Connection {
  const shown = row ?? { ...CONNECTION_DEFAULTS, directory_id: '', client_id: '' }
  return {
    operatorId,
    operatorName,
    configured: row !== null,
    msOperatorId: row?.ms_operator_id ?? null,
    baseUrl: shown.base_url,
    paths: shown.paths,
    casing: shown.casing,
    authority: shown.authority,
    directoryId: shown.directory_id,
    clientId: shown.client_id,
    hasSecret: row !== null && row.certificate === null,
    certificate: row?.certificate ? certificateFacts(row.certificate) : null,
    secretExpiresOn: row?.secret_expires_on ?? null,
    secretExpiry,
    tokenVersion: shown.token_version,
    resource: shown.resource,
    requestTimeoutMs: shown.request_timeout_ms,
    updatedAt: row?.updated_at.toISOString() ?? null,
  }
}
