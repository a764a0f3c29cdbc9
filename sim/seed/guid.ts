import { mix } from './random.ts'

/**
 * GUIDs that carry the ordinal of their consent: the first 32 bits are the ordinal under a keyed
 * permutation, the rest is a hash. A lookup by id or tenant id therefore needs no index, which is
 * what lets a million consents exist without being stored.
 */

const BYTE_HEX: string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function hex32(value: number): string {
  return `${BYTE_HEX[value >>> 24]}${BYTE_HEX[(value >>> 16) & 255]}${BYTE_HEX[(value >>> 8) & 255]}${BYTE_HEX[value & 255]}`
}

const FEISTEL_ROUNDS = 4

function permute(value: number, key: number): number {
  let left = value >>> 16
  let right = value & 0xffff
  for (let round = 0; round < FEISTEL_ROUNDS; round++) {
    const next = left ^ (mix(key + round, right) & 0xffff)
    left = right
    right = next
  }
  return ((left << 16) | right) >>> 0
}

function unpermute(value: number, key: number): number {
  let left = value >>> 16
  let right = value & 0xffff
  for (let round = FEISTEL_ROUNDS - 1; round >= 0; round--) {
    const previous = right ^ (mix(key + round, left) & 0xffff)
    right = left
    left = previous
  }
  return ((left << 16) | right) >>> 0
}

/** Version 4 GUID, lower case, of an ordinal (0 to 2^32-1) under a key. */
export function guidOf(ordinal: number, key: number): string {
  const a = hex32(permute(ordinal, key))
  const b = hex32((mix(key ^ 0x51ed270b, ordinal) & 0xffff0fff) | 0x4000)
  const c = hex32((mix(key ^ 0x2545f491, ordinal) & 0x3fffffff) | 0x80000000)
  const d = hex32(mix(key ^ 0x7f4a7c15, ordinal))
  return `${a}-${b.slice(0, 4)}-${b.slice(4)}-${c.slice(0, 4)}-${c.slice(4)}${d}`
}

/** Ordinal of a GUID made by `guidOf` with the same key; undefined for any other GUID. */
export function ordinalOfGuid(guid: string, key: number): number | undefined {
  const ordinal = unpermute(Number.parseInt(guid.slice(0, 8), 16) >>> 0, key)
  return guidOf(ordinal, key) === guid ? ordinal : undefined
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The GUID in lower case, or undefined when the text is none. */
export function parseGuid(text: string): string | undefined {
  return GUID.test(text) ? text.toLowerCase() : undefined
}
