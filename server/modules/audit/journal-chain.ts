import { createHash } from 'node:crypto'
import type { Signer } from '../../platform/secrets/index.ts'

/** What the first entry of every chain stands on. */
export const GENESIS = Buffer.alloc(32)

/** Entries per seal transaction; the last of each batch is signed. */
export const SEAL_BATCH = 5_000

/** Purpose of the key that signs chains: see `createSigner`. */
export const JOURNAL_SIGNING_PURPOSE = 'journal'

/** SHA-256 over the hash before and the canonical text of the entry. */
export function chainHash(previous: Buffer, canonical: string): Buffer {
  return createHash('sha256').update(previous).update(canonical, 'utf8').digest()
}

/**
 * A checkpoint says: at this position the chain had this hash. The head says besides that it was the end.
 * The words differ, so that an old checkpoint cannot be put in the place of the head.
 */
export function signPoint(
  signer: Signer,
  kind: 'checkpoint' | 'head',
  operatorId: number,
  position: number,
  hash: Buffer,
): string {
  return signer.sign(pointText(kind, operatorId, position, hash))
}

export function isSigned(
  signer: Signer,
  kind: 'checkpoint' | 'head',
  operatorId: number,
  point: { position: number; hash: Buffer; signature: string },
): boolean {
  return signer.verify(pointText(kind, operatorId, point.position, point.hash), point.signature)
}

function pointText(kind: string, operatorId: number, position: number, hash: Buffer): string {
  return `${kind} ${operatorId} ${position} ${hash.toString('hex')}`
}
