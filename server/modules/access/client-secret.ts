import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Client } from './client.rules.ts'

/** A new secret of 256 random bits; the prefix lets scanners find one that leaked. */
export function makeSecret(): string {
  return `lls_${randomBytes(32).toString('base64url')}`
}

/** SHA-256 is enough for a secret that cannot be guessed: slow hashes protect the ones people choose. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

const NO_HASH = Buffer.alloc(32)

/** Whether the secret is the client's present one, or its previous one while that still works. Takes as long for no client. */
export function secretFits(client: Client | undefined, secret: string, now: Date): boolean {
  const hash = hashSecret(secret)
  const isPresent = timingSafeEqual(hash, client?.secretHash ?? NO_HASH)
  const isPrevious = timingSafeEqual(hash, client?.previousSecretHash ?? NO_HASH)
  if (!client || client.revokedAt !== null) return false
  const previousLives = client.previousSecretExpiresAt !== null && client.previousSecretExpiresAt > now
  return isPresent || (isPrevious && previousLives)
}
