import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  compareVersions,
  DataDirectoryError,
  openDataDirectory,
  resolveDataDirectory,
  updateInstallation,
} from './data-directory.ts'

const isSuperuser = process.getuid?.() === 0
let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'leadline-data-'))
  chmodSync(root, 0o755)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const open = (path: string, sandbox: boolean | null = null, version = '1.2.0') =>
  openDataDirectory({ path, sandbox, version })

function refusalOf(action: () => unknown): DataDirectoryError {
  try {
    action()
  } catch (error) {
    if (error instanceof DataDirectoryError) return error
    throw error
  }
  throw new Error('it was not refused')
}

describe('openDataDirectory', () => {
  it('makes a folder that the database can pass through and nobody can list, marked as a sandbox', () => {
    const path = join(root, 'a/b/data')
    const { installation, isNew } = open(path)
    expect(isNew).toBe(true)
    expect(installation).toMatchObject({ kind: 'sandbox', version: '1.2.0' })
    expect(statSync(path).mode & 0o777).toBe(isSuperuser ? 0o711 : 0o700)
    expect(readdirSync(path)).toEqual(['installation.json'])
    expect(open(path)).toEqual({ path, installation, isNew: false })
  })

  it('keeps its kind when none is asked for, and refuses the other', () => {
    const path = join(root, 'data')
    expect(open(path, false).installation.kind).toBe('production')
    expect(open(path).installation.kind).toBe('production')
    const refusal = refusalOf(() => open(path, true))
    expect(refusal.code).toBe('other-kind')
    expect(refusal.message).toContain('belongs to a production')
    expect(refusal.remedy).toContain('LEADLINE_DATA_DIR')
  })

  it('refuses what a newer version has written, and opens what an older one has', () => {
    const path = join(root, 'data')
    const directory = open(path)
    expect(refusalOf(() => open(path, null, '1.1.9')).code).toBe('newer-version')
    updateInstallation(directory, { version: '1.10.0', sandboxLeads: 999 })
    expect(refusalOf(() => open(path, null, '1.9.9')).message).toContain('1.10.0')
    expect(open(path, null, '1.10.0').installation).toMatchObject({ id: directory.installation.id, sandboxLeads: 999 })
  })

  it('refuses a file, a path below a file, strange contents and a damaged mark', () => {
    writeFileSync(join(root, 'file'), '')
    expect(refusalOf(() => open(join(root, 'file'))).code).toBe('not-a-directory')
    expect(refusalOf(() => open(join(root, 'file/data'))).code).toBe('not-a-directory')
    expect(refusalOf(() => open('/proc/leadline'))).toMatchObject({
      code: 'not-writable',
      message: 'The data directory /proc/leadline cannot be made there.',
    })
    expect(refusalOf(() => open(root)).code).toBe('not-empty')
    expect(existsSync(join(root, 'installation.json'))).toBe(false)
    mkdirSync(join(root, 'damaged'))
    writeFileSync(join(root, 'damaged/installation.json'), '{"kind":"sandbox"')
    expect(refusalOf(() => open(join(root, 'damaged'))).code).toBe('damaged')
  })

  it.runIf(isSuperuser)("lets the database enter the superuser's own private folder", () => {
    const path = join(root, 'data')
    mkdirSync(path, { mode: 0o700 })
    open(path)
    expect(statSync(path).mode & 0o777).toBe(0o701)
  })

  it('takes a fresh volume, and one whose first start was cut short', () => {
    mkdirSync(join(root, 'volume/lost+found'), { recursive: true })
    writeFileSync(join(root, 'volume/installation.json.0123456789ab.new'), '{"ki')
    expect(open(join(root, 'volume')).isNew).toBe(true)
  })

  it.skipIf(isSuperuser)('refuses a folder that may not be written', () => {
    const path = join(root, 'data')
    open(path)
    chmodSync(path, 0o500)
    expect(refusalOf(() => open(path)).code).toBe('not-writable')
    chmodSync(path, 0o700)
  })
})

describe('resolveDataDirectory', () => {
  it('takes what is configured, else a folder the database can reach', () => {
    const checkout = join(root, 'checkout')
    mkdirSync(checkout)
    expect(resolveDataDirectory('/srv/leadline', checkout)).toBe('/srv/leadline')
    expect(resolveDataDirectory(null, checkout)).toBe(join(checkout, '.leadline'))
    chmodSync(root, 0o700)
    const expected = isSuperuser ? /^\/var\/lib\/leadline\/[0-9a-f]{12}$/ : /\.leadline$/
    expect(resolveDataDirectory(null, checkout)).toMatch(expected)
  })
})

describe('compareVersions', () => {
  it.each([
    ['1.10.0', '1.9.9', 1],
    ['1.0.0', '1.0.0', 0],
    ['1.0.0-beta.2', '1.0.0-beta.10', -1],
    ['1.0.0-beta.2', '1.0.0', -1],
    ['0.2.0', '0.10.0', -1],
  ])('puts %s against %s', (a, b, order) => {
    expect(compareVersions(a, b)).toBe(order)
    expect(compareVersions(b, a)).toBe(order === 0 ? 0 : -order)
  })
})
