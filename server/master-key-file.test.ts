import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Secret } from './config-checks.ts'
import { addMasterKey, forgetOlderKeys, KEY_FILE_LOOK_MS, openMasterKeys } from './master-key-file.ts'
import { createSealer, parseMasterKeys } from './platform/secrets/index.ts'

const place = { table: 'connection', row: '868', column: 'sealed_secret' }
let path = ''
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'leadline-key-'))
})
afterEach(() => rmSync(path, { recursive: true, force: true }))

const file = () => join(path, 'master.key')
const modeOf = () => statSync(file()).mode & 0o777

describe('openMasterKeys', () => {
  it('makes a key once, for the owner alone, and lets a configured one win', () => {
    const { current, previous } = openMasterKeys(path, null)
    expect([current.bytes.length, previous]).toEqual([32, []])
    expect(openMasterKeys(path, null).current).toEqual(current)
    expect(modeOf()).toBe(0o600)
    const configured = openMasterKeys(path, new Secret('01'.repeat(32)))
    expect(configured.current.bytes).toEqual(Buffer.alloc(32, 1))
  })

  it('closes a key file that others can read, and refuses a damaged one', () => {
    openMasterKeys(path, null)
    chmodSync(file(), 0o644)
    openMasterKeys(path, null)
    expect(modeOf()).toBe(0o600)
    writeFileSync(file(), 'short')
    expect(() => openMasterKeys(path, null)).toThrow(expect.objectContaining({ code: 'damaged' }))
    expect(readFileSync(file(), 'utf8')).toBe('short')
  })
})

describe('a key file that changes', () => {
  it('is followed: a value sealed with the new key opens at once, and the new key seals soon', async () => {
    const running = openMasterKeys(path, null)
    const oldId = running.current.id
    const sealer = createSealer(running)
    const before = sealer.seal('s3', place)

    const added = addMasterKey(path)
    expect(modeOf()).toBe(0o600)
    const elsewhere = createSealer(openMasterKeys(path, null))
    expect(sealer.open(elsewhere.seal('s3', place), place)).toBe('s3')
    await expect.poll(() => running.current.id, { timeout: KEY_FILE_LOOK_MS + 2_000 }).toBe(added.id)
    expect(running.previous.map((key) => key.id)).toEqual([oldId])
    expect(sealer.needsResealing(before)).toBe(true)
    expect(sealer.open(before, place)).toBe('s3')

    forgetOlderKeys(path)
    running.reload?.()
    expect([running.current.id, running.previous]).toEqual([added.id, []])
    expect(() => sealer.open(before, place)).toThrow(expect.objectContaining({ problem: 'unknown-key' }))
  })

  it('keeps working while the file is damaged or gone', () => {
    const running = openMasterKeys(path, null)
    const sealer = createSealer(running)
    const sealed = sealer.seal('s3', place)
    writeFileSync(file(), 'damaged')
    running.reload?.()
    expect(sealer.open(sealed, place)).toBe('s3')
    rmSync(file())
    running.reload?.()
    expect(sealer.open(sealed, place)).toBe('s3')
  })
})

it('names no key in what it says of a wrong one', () => {
  const wrong = 'k'.repeat(43).replace('k', '!')
  expect(() => parseMasterKeys(wrong)).toThrow(/^Master key 1 is neither base64 nor hex/)
})
