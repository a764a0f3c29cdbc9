import { createHash, hkdfSync } from 'node:crypto'

/** A 256-bit key and its id: the first 8 hex digits of a digest, so that the same key has the same id everywhere. */
export type MasterKey = { id: string; bytes: Buffer }

/** The key that seals, and older ones that still open. Keys of a file may change while the process runs. */
export type MasterKeys = {
  readonly current: MasterKey
  readonly previous: readonly MasterKey[]
  /** Looks at the file again: another process may have put the key there that a value was sealed with. */
  reload?(): void
}

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
  const isHex = /^[0-9a-f]{64}$/i.test(part)
  const bytes = isHex || /^[A-Za-z0-9+/_-]+={0,2}$/.test(part) ? Buffer.from(part, isHex ? 'hex' : 'base64') : null
  if (bytes?.length !== KEY_BYTES) {
    const found = bytes ? `has ${bytes.length} bytes instead of ${KEY_BYTES}` : 'is neither base64 nor hex'
    throw new Error(`Master key ${index + 1} ${found}: make one with \`openssl rand -base64 32\`.`)
  }
  const id = createHash('sha256').update('leadline/key-id').update(bytes).digest('hex').slice(0, 8)
  return { id, bytes }
}

/** A key for one purpose: what is signed or sealed for one can never pass for another. */
export function deriveKey(key: MasterKey, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key.bytes, '', `leadline/${purpose}`, KEY_BYTES))
}

/** Keys of one purpose, derived when they are first needed; none of a master key that was taken away. */
export function purposeKeys(masterKeys: MasterKeys, purpose: string) {
  const derived = new Map<string, Buffer>()
  const derive = (key: MasterKey): Buffer => {
    const known = derived.get(key.id) ?? deriveKey(key, purpose)
    derived.set(key.id, known)
    return known
  }
  const lookUp = (keyId: string) => [masterKeys.current, ...masterKeys.previous].find((key) => key.id === keyId)
  return {
    current(): { id: string; key: Buffer } {
      const master = masterKeys.current
      return { id: master.id, key: derive(master) }
    },
    find(keyId: string): Buffer | undefined {
      let master = lookUp(keyId)
      if (!master && masterKeys.reload) {
        masterKeys.reload()
        master = lookUp(keyId)
      }
      return master && derive(master)
    },
  }
}
