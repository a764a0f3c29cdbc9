import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadConfig } from './config.ts'
import {
  exportFileName,
  hoursBetweenBackups,
  listBackups,
  listUpgradeExports,
  removeAbandoned,
  removeOlder,
} from './export-files.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leadline-exports-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const put = (...names: string[]) => {
  for (const name of names) writeFileSync(join(folder, name), name)
}

it('finds by name what was made when, whatever else is in the folder', () => {
  const names = ['2026-11-22T18:00:00Z', '2026-11-20T06:30:15Z', '2026-11-21T00:00:00Z'].map((instant) =>
    exportFileName(new Date(instant)),
  )
  put(...names, 'notes.txt', `${names[0]}.part`, exportFileName(new Date('2026-11-19T00:00:00Z'), 'before-2.0.0'))
  expect(listBackups(folder).map(({ madeAt }) => madeAt.toISOString())).toEqual([
    '2026-11-22T18:00:00.000Z',
    '2026-11-21T00:00:00.000Z',
    '2026-11-20T06:30:15.000Z',
  ])
  expect(listUpgradeExports(folder).map(({ madeAt }) => madeAt.toISOString())).toEqual(['2026-11-19T00:00:00.000Z'])
  expect(listBackups(join(folder, 'not-there'))).toEqual([])
})

it('removes the oldest backups and nothing else', () => {
  const names = [1, 2, 3].map((day) => exportFileName(new Date(Date.UTC(2026, 0, day))))
  put(...names, 'notes.txt')
  expect(removeOlder(listBackups(folder), 2)).toEqual([names[0]])
  expect(readdirSync(folder).toSorted()).toEqual([names[1], names[2], 'notes.txt'])
  expect(removeOlder(listBackups(folder), 2)).toEqual([])
})

it('removes parts that nobody writes any more', () => {
  const [old, young] = [1, 2].map((day) => `${exportFileName(new Date(Date.UTC(2026, 0, day)))}.part`)
  put(old ?? '', young ?? '')
  const now = new Date('2026-11-22T18:00:00Z')
  utimesSync(join(folder, old ?? ''), now, new Date(now.getTime() - 3_600_000))
  utimesSync(join(folder, young ?? ''), now, new Date(now.getTime() - 1_000))
  removeAbandoned(folder, now)
  expect(readdirSync(folder)).toEqual([young])
})

it('makes backups by itself where nobody else would', () => {
  const hours = (env: NodeJS.ProcessEnv, kind: 'sandbox' | 'production' | undefined) => {
    const loaded = loadConfig(env)
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors))
    return hoursBetweenBackups(loaded.config, kind)
  }
  const DATABASE_URL = 'postgres://leadline@db.example/leadline'
  expect(hours({}, 'production')).toBe(24)
  expect(hours({}, 'sandbox')).toBe(0)
  expect(hours({ DATABASE_URL }, 'production')).toBe(0)
  expect(hours({ DATABASE_URL, LEADLINE_BACKUP_EVERY_HOURS: '6' }, 'production')).toBe(6)
  expect(hours({ LEADLINE_BACKUP_EVERY_HOURS: '0' }, 'production')).toBe(0)
})
