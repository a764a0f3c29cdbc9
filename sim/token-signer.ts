import { randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, jwtVerify, SignJWT } from 'jose'

/** Verified tokens are remembered by their text: a sync sends the same one a thousand times. */
const REMEMBERED_TOKENS = 200

export type SigningKey = 'published' | 'unpublished'

/** The key of the simulated Entra, made at each start, and a second one that its key set does not publish. */
export class TokenSigner {
  private readonly keys: Record<SigningKey, CryptoKeyPair>
  private readonly publicJwk: JWK
  private readonly verified = new Map<string, JWTPayload>()
  readonly keyId = randomUUID()

  private constructor(keys: Record<SigningKey, CryptoKeyPair>, publicJwk: JWK) {
    this.keys = keys
    this.publicJwk = publicJwk
  }

  static async create(): Promise<TokenSigner> {
    const [published, unpublished] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')])
    return new TokenSigner({ published, unpublished }, await exportJWK(published.publicKey))
  }

  keySet(): { keys: JWK[] } {
    return { keys: [{ ...this.publicJwk, kid: this.keyId, use: 'sig', alg: 'RS256' }] }
  }

  /** An RS256 JWT of exactly these claims. Both keys claim the same key id: only the signature tells. */
  async sign(claims: JWTPayload, key: SigningKey = 'published'): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: this.keyId })
      .sign(this.keys[key].privateKey)
  }

  /** Claims of a token that this Entra signed and that has not expired; undefined for any other text. */
  async verify(token: string): Promise<JWTPayload | undefined> {
    const known = this.verified.get(token)
    if (known !== undefined) return (known.exp ?? 0) * 1000 > Date.now() ? known : undefined
    try {
      const { payload } = await jwtVerify(token, this.keys.published.publicKey, { algorithms: ['RS256'] })
      if (this.verified.size >= REMEMBERED_TOKENS) this.verified.clear()
      this.verified.set(token, payload)
      return payload
    } catch {
      // Every way to fail (signature, time, form) is the same 401 to the caller.
      return undefined
    }
  }
}

type CryptoKeyPair = Awaited<ReturnType<typeof generateKeyPair>>
