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

/** Text of the data directory's file of keys; null where there is none. */
export function masterKeyFile(dataDirectory: string): string | null {
  return readIfThere(join(dataDirectory, KEY_FILE))
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

/**
 * Takes keys of another data directory into this one's file, before those that are there: what they have sealed is about to
 * come. Throws `DataDirectoryError` when the text holds no keys.
 */
export function adoptMasterKeys(dataDirectory: string, text: string, from: string): MasterKeys {
  const adopted = readMasterKeys(text, from)
  const file = join(dataDirectory, KEY_FILE)
  const there = readIfThere(file)
  const before = there === null ? [] : keysOf(readMasterKeys(there, file))
  const ids = new Set(keysOf(adopted).map((key) => key.id))
  const keys = [...keysOf(adopted), ...before.filter((key) => !ids.has(key.id))]
  const lines = keys.map((key) => `${key.bytes.toString('base64')}\n`).join('')
  if (there === null) createOnce(dataDirectory, KEY_FILE, lines, 0o600)
  else replaceFile(dataDirectory, KEY_FILE, lines, 0o600)
  return read(file)
}

const keysOf = ({ current, previous }: MasterKeys): MasterKey[] => [current, ...previous]

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
  return readMasterKeys(readFileSync(file, 'utf8'), file)
}

/** Keys of a text; `file` is where it is from. Throws `DataDirectoryError` on one that holds none. */
export function readMasterKeys(text: string, file: string): MasterKeys {
  try {
    return parseMasterKeys(text)
  } catch (cause) {
    throw new DataDirectoryError(
      'damaged',
      `${file} does not hold keys of ${KEY_BYTES} bytes: ${messageOf(cause)}`,
      'Restore it from a backup, or set LEADLINE_MASTER_KEY: stored secrets open with the old key only.',
      cause,
    )
  }
}
