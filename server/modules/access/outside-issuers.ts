import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose'
import { AppError, messageOf } from '../../kernel/errors.ts'

/** Issuers besides ourselves whose tokens are accepted, such as Entra directories. */
export type OutsideIssuers = {
  /** The way to an issuer's keys; undefined: not trusted. Rejects with 503 when its metadata cannot be had. */
  keysOf(issuer: string): Promise<JWTVerifyGetKey> | undefined
}

const TIMEOUT_MILLISECONDS = 5_000
const METADATA_LIFE_MILLISECONDS = 24 * 3_600_000
const RETRY_AFTER_FAILURE_MILLISECONDS = 10_000

type Entry = { keys: Promise<JWTVerifyGetKey>; until: number }

/**
 * Finds keys by OpenID Connect discovery. Metadata is kept for a day, keys as long as `kid`s are found in them; a failure
 * for 10 s, so that a broken issuer is not asked with every request.
 */
export function createOutsideIssuers(trusted: readonly string[], now: () => number = Date.now): OutsideIssuers {
  const entries = new Map<string, Entry>()
  return {
    keysOf(issuer) {
      if (!trusted.includes(issuer)) return undefined
      const known = entries.get(issuer)
      if (known && known.until > now()) return known.keys
      const entry: Entry = { keys: discover(issuer), until: now() + METADATA_LIFE_MILLISECONDS }
      entry.keys.catch(() => {
        entry.until = now() + RETRY_AFTER_FAILURE_MILLISECONDS
      })
      entries.set(issuer, entry)
      return entry.keys
    },
  }
}

async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  try {
    const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      headers: { accept: 'application/json' },
    })
    if (!response.ok) throw new Error(`it answered ${response.status}`)
    const metadata = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown }
    if (metadata.issuer !== issuer) throw new Error(`it calls itself ${String(metadata.issuer)}`)
    return createRemoteJWKSet(keySetAddress(metadata.jwks_uri), {
      timeoutDuration: TIMEOUT_MILLISECONDS,
      cooldownDuration: 30_000,
    })
  } catch (cause) {
    throw new AppError({
      code: 'issuer-unavailable',
      status: 503,
      detail: `The metadata of the token's issuer ${issuer} cannot be read (${messageOf(cause)}). Try again in a moment.`,
      retryAfterSeconds: 10,
      cause,
    })
  }
}

/** Keys that came over plain HTTP prove nothing, unless they never left this machine. */
function keySetAddress(address: unknown): URL {
  const url = new URL(String(address))
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  if (url.protocol !== 'https:' && !(isLocal && url.protocol === 'http:'))
    throw new Error(`its keys are not at https: ${url}`)
  return url
}
