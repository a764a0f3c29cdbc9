import { createHash, hkdfSync } from 'node:crypto'

/** A 256-bit key and its id: the first 8 hex digits of a digest, so that the same key has the same id everywhere. */
export type MasterKey = { id: string; bytes: Buffer }

/** The key that seals, and older ones that still open. */
export type MasterKeys = { current: MasterKey; previous: MasterKey[] }

const KEY_BYTES = 32

/**
 * Reads `LEADLINE_MASTER_KEY` or the key file: one or more keys of 32 bytes in base64 or hex, separated by commas, blanks or
 * line ends; the first is the current one. Throws with the remedy when a key has another length; never prints a key.
 */
export function parseMasterKeys(text: string): MasterKeys {
  const keys = text
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map(toKey)
  const [current, ...previous] = keys
  if (!current) throw new Error('There is no master key: make one with `openssl rand -base64 32`.')
  const ids = new Set(keys.map((key) => key.id))
  if (ids.size < keys.length) throw new Error('A master key is listed twice: list each once, the current one first.')
  return { current, previous }
}

function toKey(part: string, index: number): MasterKey {
  const bytes = /^[0-9a-f]{64}$/i.test(part) ? Buffer.from(part, 'hex') : Buffer.from(part, 'base64')
  if (bytes.length !== KEY_BYTES) {
    throw new Error(
      `Master key ${index + 1} has ${bytes.length} bytes instead of ${KEY_BYTES}: make one with \`openssl rand -base64 32\`.`,
    )
  }
  const id = createHash('sha256').update('leadline/key-id').update(bytes).digest('hex').slice(0, 8)
  return { id, bytes }
}

/** A key for one purpose: what is signed or sealed for one can never pass for another. */
export function deriveKey(key: MasterKey, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key.bytes, '', `leadline/${purpose}`, KEY_BYTES))
}
