import { hash } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import type { ExternalIdentity } from './client.rules.ts'
import type { OutsideIssuers } from './outside-issuers.ts'
import type { SigningKeys } from './signing-keys.ts'

/** Whom a good token speaks for: a client of ours by id, or an outside identity that a client may be mapped to. */
export type TokenSubject = { clientId: string } | { external: ExternalIdentity }

export type TokenVerifierOptions = {
  /** Our own issuer: the public URL. */
  issuer: string
  audience: string
  signingKeys: SigningKeys
  outsideIssuers: OutsideIssuers
  clock: Clock
}

type Verified = { subject: TokenSubject; expiresAt: number }

const SKEW_SECONDS = 60
const MOST_REMEMBERED = 10_000

/**
 * Checks bearer tokens: RS256 only, signature by a key of the issuer it names, audience, `exp` and `nbf` with 60 s of skew.
 * A good one is remembered by its digest until it expires. Throws 401 saying what is wrong with it.
 */
export class TokenVerifier {
  readonly #options: TokenVerifierOptions
  readonly #verified = new Map<string, Verified>()

  constructor(options: TokenVerifierOptions) {
    this.#options = options
  }

  /** The subject of a token seen before, without a promise: the path of nearly every request. */
  remembered(token: string): TokenSubject | undefined {
    const digest = hash('sha256', token, 'base64url')
    const known = this.#verified.get(digest)
    if (!known) return undefined
    if (known.expiresAt > this.#options.clock.now().getTime()) return known.subject
    this.#verified.delete(digest)
    return undefined
  }

  async verify(token: string): Promise<TokenSubject> {
    const known = this.remembered(token)
    if (known) return known
    const claims = await this.#checked(token)
    const subject = claims.iss === this.#options.issuer ? ownSubject(claims) : outsideSubject(claims)
    this.#remember(token, { subject, expiresAt: (claims.exp ?? 0) * 1000 })
    return subject
  }

  #remember(token: string, verified: Verified): void {
    if (this.#verified.size >= MOST_REMEMBERED) {
      const oldest = this.#verified.keys().next().value
      if (oldest !== undefined) this.#verified.delete(oldest)
    }
    this.#verified.set(hash('sha256', token, 'base64url'), verified)
  }

  async #checked(token: string): Promise<JWTPayload> {
    const { audience, clock } = this.#options
    const { alg, kid, iss } = readUnverified(token)
    // Said before any key is touched: `none`, and HS256 with a public key as the secret, never get further.
    if (alg !== 'RS256') throw tokenInvalid(`It is signed with ${shortened(alg)}; only RS256 is accepted.`)
    const checks = {
      algorithms: ['RS256'],
      issuer: iss,
      audience,
      clockTolerance: SKEW_SECONDS,
      requiredClaims: ['exp'],
      currentDate: clock.now(),
    }
    try {
      if (iss === this.#options.issuer) {
        const key = await this.#options.signingKeys.find(kid)
        if (!key) throw tokenInvalid('The key it names is not one of ours: get a new token.')
        return (await jwtVerify(token, key, checks)).payload
      }
      const keys = await this.#options.outsideIssuers.keysOf(iss)
      if (!keys) throw tokenInvalid(`Its issuer ${shortened(iss)} is not trusted here.`)
      return (await jwtVerify(token, keys, checks)).payload
    } catch (error) {
      throw toldError(error, audience)
    }
  }
}

function readUnverified(token: string): { alg: string; kid: string; iss: string } {
  try {
    const { alg, kid } = decodeProtectedHeader(token)
    const { iss } = decodeJwt(token)
    return { alg: String(alg), kid: String(kid), iss: String(iss) }
  } catch {
    throw tokenInvalid('It is not a JSON Web Token.')
  }
}

function ownSubject(claims: JWTPayload): TokenSubject {
  return { clientId: String(claims.appid) }
}

/** Entra v1 tokens carry `appid`, v2 tokens `azp`. A token with `scp` speaks for a person who signed in, not for the application. */
function outsideSubject(claims: JWTPayload): TokenSubject {
  if (claims.scp !== undefined) {
    throw tokenInvalid('It was given to a person (claim scp); applications use the client credentials flow.')
  }
  const appId = claims.azp ?? claims.appid
  const { tid: tenantId, iss: issuer } = claims
  if (typeof appId !== 'string' || typeof tenantId !== 'string' || !issuer) {
    throw tokenInvalid('It does not say which application (azp or appid) of which directory (tid) it speaks for.')
  }
  return { external: { issuer, tenantId, appId } }
}

function toldError(error: unknown, audience: string): AppError {
  if (error instanceof AppError) return error
  if (error instanceof errors.JWTExpired) {
    return new AppError({
      code: 'token-expired',
      status: 401,
      detail: 'The access token has expired: get a new one.',
      cause: error,
    })
  }
  if (error instanceof errors.JWTClaimValidationFailed) return tokenInvalid(claimReason(error.claim, audience), error)
  if (isUnreachable(error)) {
    const detail = "The keys of the token's issuer cannot be had at the moment. Try again in a moment."
    return new AppError({ code: 'issuer-unavailable', status: 503, detail, retryAfterSeconds: 10, cause: error })
  }
  if (error instanceof errors.JWKSNoMatchingKey)
    return tokenInvalid('Its issuer does not know the key it names.', error)
  if (error instanceof errors.JOSEError) return tokenInvalid('Its signature or form is wrong.', error)
  throw error
}

/** The key set did not come: a time-out, a status other than 200, or no connection. */
function isUnreachable(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof TypeError) return true
  return error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC'
}

function claimReason(claim: string, audience: string): string {
  switch (claim) {
    case 'aud':
      return `It was made for somebody else: its audience must be ${audience}.`
    case 'nbf':
      return 'It is not valid yet: compare the clocks.'
    case 'exp':
      return 'It has no usable expiry (exp).'
    default:
      return `Its claim ${claim} is wrong.`
  }
}

function tokenInvalid(reason: string, cause?: unknown): AppError {
  return new AppError({
    code: 'token-invalid',
    status: 401,
    detail: `The access token cannot be used. ${reason}`,
    cause,
  })
}

function shortened(text: string): string {
  return JSON.stringify(text.slice(0, 100))
}
