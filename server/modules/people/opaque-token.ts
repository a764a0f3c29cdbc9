import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits for a cookie or a link; only the digest is stored. */
export function makeToken(prefix = ''): string {
  return `${prefix}${randomBytes(32).toString('base64url')}`
}

/** SHA-256 is enough for what cannot be guessed: slow hashes protect what people choose. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
