import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadConfig } from '../config.ts'
import type { DataDirectory } from '../data-directory.ts'
import { exportFileName } from '../export-files.ts'
import { type ScheduledBackups, startBackups } from './start-backups.ts'

// The program that makes the backup is a small one here; what is shown is when it is called, and what is said.

let path: string
let running: ScheduledBackups | null = null
const complaints: string[] = []

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'leadline-schedule-'))
  complaints.length = 0
})
afterEach(async () => {
  await running?.stop()
  running = null
  rmSync(path, { recursive: true, force: true })
})

function start(script: string, { isFirst = true }: { isFirst?: boolean } = {}): void {
  const program = join(path, 'program.mjs')
  writeFileSync(program, script)
  const loaded = loadConfig({ LEADLINE_BACKUP_EVERY_HOURS: '24' })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors))
  const installation = { id: 'i', kind: 'production' as const, version: '1.0.0', createdAt: '2026-01-01T00:00:00Z' }
  const directory: DataDirectory = { path, installation, isNew: false }
  running = startBackups({
    ...{ config: loaded.config, directory, env: process.env, program: [program] },
    terminal: { complain: (problem: string) => void complaints.push(problem) },
    isFirst: () => isFirst,
    pauses: { lookMs: 5, failureMs: 5 },
  })
}

const backups = () => (existsSync(join(path, 'backups')) ? readdirSync(join(path, 'backups')) : [])
const making = (name: string) =>
  `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify('backups/')} + ${JSON.stringify(name)}, 'x')`

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await sleep(5)
}

it('makes one where there is none, and no second one while that is young', async () => {
  const name = exportFileName(new Date())
  const log = join(path, 'calls')
  const script = `import { appendFileSync, writeFileSync } from 'node:fs'
    appendFileSync(${JSON.stringify(log)}, 'called ')
    writeFileSync(${JSON.stringify(join(path, 'backups', name))}, 'x')
    console.log('made it')`
  start(script)
  await until(() => existsSync(join(path, 'logs/backup.log')))
  await running?.stop()
  expect(backups()).toEqual([name])
  expect(readFileSync(log, 'utf8')).toBe('called ')
  expect(readFileSync(join(path, 'logs/backup.log'), 'utf8')).toContain('made it')
  start(script)
  // Many looks later.
  await sleep(100)
  await running?.stop()
  expect(readFileSync(log, 'utf8')).toBe('called ')
})

it('says that one failed, and tries again', async () => {
  start(`console.error('The disk is full.'); process.exit(1)`)
  await until(() => complaints.length >= 2)
  expect(complaints[0]).toBe('The backup failed: The disk is full.')
})

it('leaves it to the first launcher of a data directory', async () => {
  start(making('never'), { isFirst: false })
  await sleep(50)
  expect(backups()).toEqual([])
})
