import type { Dispatcher } from 'undici'
import { decodeJson } from './decode-json.ts'
import { exchange } from './exchange.ts'
import { MicrosoftError } from './microsoft-error.ts'
import type { CallOptions } from './operator-connect-port.ts'
import type { OperatorConnectSettings } from './settings.ts'
import { followSignals } from './waiting.ts'

const GUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i
const MAX_BODY_BYTES = 1024 * 1024
const TIMEOUT_MS = 10_000

/**
 * The tenant that has a domain: Entra's public sign-in metadata of a domain names its tenant as the issuer. Null when Entra
 * knows no such domain, which it says by 400. Source: issue 5, 2; OpenID Connect Discovery.
 */
export async function tenantOfDomain(
  dispatcher: Dispatcher,
  settings: OperatorConnectSettings,
  domain: string,
  call: CallOptions & { closing: AbortSignal },
): Promise<string | null> {
  const operation = 'tenantOfDomain'
  const path = `${encodeURIComponent(domain)}/v2.0/.well-known/openid-configuration`
  const url = new URL(`${settings.authority.replace(/\/+$/, '')}/${path}`)
  const following = followSignals([call.signal, call.closing])
  try {
    const limits = { timeoutMs: Math.min(TIMEOUT_MS, settings.requestTimeoutMs), maxBodyBytes: MAX_BODY_BYTES }
    const answer = await exchange(dispatcher, { operation, method: 'GET', url, headers: {} }, limits, following.signal)
    if (answer.status === 400 || answer.status === 404) return null
    const tenantId = answer.status === 200 ? GUID.exec(issuerIn(answer.text))?.[0] : undefined
    if (tenantId !== undefined) return tenantId.toLowerCase()
    throw new MicrosoftError({
      kind: 'malformed',
      operation,
      status: answer.status,
      requestId: answer.requestId,
      transient: answer.status >= 500,
      detail: `Entra did not tell the tenant of ${domain} (status ${answer.status}).`,
      remedy: 'Try again later, or ask the customer for its tenant id.',
    })
  } finally {
    following.release()
  }
}

function issuerIn(text: string): string {
  let metadata: unknown
  try {
    metadata = decodeJson(text)
  } catch (error) {
    // No JSON, so no issuer: told by the caller as what it is.
    if (error instanceof SyntaxError || error instanceof RangeError) return ''
    throw error
  }
  const issuer = metadata !== null && typeof metadata === 'object' && 'issuer' in metadata ? metadata.issuer : ''
  return typeof issuer === 'string' ? issuer : ''
}
