import { randomBytes } from 'node:crypto'
import { chmodSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Secret } from './config-checks.ts'
import { createOnce, DataDirectoryError, inWords, readIfThere, replaceFile } from './data-directory.ts'
import { messageOf } from './kernel/errors.ts'
import { type MasterKey, type MasterKeys, parseMasterKeys } from './platform/secrets/index.ts'

const KEY_FILE = 'master.key'
const KEY_BYTES = 32
/** Running processes seal with a new key of the file after this time at the latest; they open with it at once. */
export const KEY_FILE_LOOK_MS = 1_000

/**
 * The keys that seal stored secrets: the configured ones, else those of the data directory's file, which is made with 32
 * random bytes and mode 0600 when it is missing. The configured ones win over a file. Keys of a file follow it as it changes.
 * Throws `DataDirectoryError` on a file that holds no keys.
 */
export function openMasterKeys(dataDirectory: string, configured: Secret | null): MasterKeys {
  if (configured) return parseMasterKeys(configured.reveal())
  const file = join(dataDirectory, KEY_FILE)
  try {
    if (readIfThere(file) === null) createOnce(dataDirectory, KEY_FILE, `${newKey()}\n`, 0o600)
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600)
    return followFile(file)
  } catch (error) {
    throw inWords(error, dataDirectory)
  }
}

/**
 * Makes a new current key in the file and keeps the others behind it. Durable when it returns, since nothing may be sealed
 * with a key that a loss of power takes away. Two at once would lose one of the keys: the caller holds `rotationLock`.
 */
export function addMasterKey(dataDirectory: string): MasterKey {
  const file = join(dataDirectory, KEY_FILE)
  const text = `${newKey()}\n${readFileSync(file, 'utf8')}`
  const { current } = parseMasterKeys(text)
  replaceFile(dataDirectory, KEY_FILE, text, 0o600)
  return current
}

/** Leaves the current key alone in the file. Whatever older ones have sealed is lost. The caller holds `rotationLock`. */
export function forgetOlderKeys(dataDirectory: string): void {
  const { current } = parseMasterKeys(readFileSync(join(dataDirectory, KEY_FILE), 'utf8'))
  replaceFile(dataDirectory, KEY_FILE, `${current.bytes.toString('base64')}\n`, 0o600)
}

function newKey(): string {
  return randomBytes(KEY_BYTES).toString('base64')
}

function followFile(file: string): MasterKeys {
  let keys = read(file)
  let stamp = stampOf(file)
  let lookedAt = performance.now()

  function reload(): void {
    lookedAt = performance.now()
    const found = stampOf(file)
    if (found === null || found === stamp) return
    stamp = found
    try {
      keys = read(file)
    } catch {
      // A file that was damaged under us is for the next start, and the doctor, to refuse: what we hold still works.
    }
  }
  function present(): MasterKeys {
    if (performance.now() - lookedAt >= KEY_FILE_LOOK_MS) reload()
    return keys
  }
  return {
    get current() {
      return present().current
    },
    get previous() {
      return present().previous
    },
    reload,
  }
}

function stampOf(file: string): string | null {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false })
  return stat ? `${stat.ino} ${stat.mtimeNs} ${stat.size}` : null
}

function read(file: string): MasterKeys {
  try {
    return parseMasterKeys(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new DataDirectoryError(
      'damaged',
      `${file} does not hold keys of ${KEY_BYTES} bytes: ${messageOf(cause)}`,
      'Restore it from a backup, or set LEADLINE_MASTER_KEY: stored secrets open with the old key only.',
      cause,
    )
  }
}
