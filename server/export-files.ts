import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Config } from './config.ts'
import { type InstallationKind, inWords } from './data-directory.ts'
import { type ExportSettings, exportInstallation } from './export-installation.ts'
import { ArchiveError, checkArchive, openArchive, type WrittenArchive } from './platform/archive/index.ts'

/** `fileBytes`: of the file, compressed. */
export type ExportedFile = WrittenArchive & { path: string; fileBytes: number }

/** For a process that exports, as bin/leadline starts it: what passes through is swept out early, and memory stays small. */
export const EXPORT_NODE_FLAGS = ['--max-semi-space-size=1']

const ENDING = '.export.zst'
const DISK_LOOK_MS = 500
const MEGABYTE = 1_048_576
/** The database of the same disk needs room to go on working. */
const LEFT_FREE_MEGABYTES = 200

/** `leadline-2026-11-22T18-00-00Z.export.zst`; `note` says what it was made for. */
export function exportFileName(now: Date, note = ''): string {
  const instant = now.toISOString().slice(0, 19).replaceAll(':', '-')
  return `leadline-${instant}Z${note ? `-${note}` : ''}${ENDING}`
}

/**
 * Writes an export to a file that nobody else can read, checks what is on the disk, and gives the file its name last: one
 * that has its name is whole. Throws `ArchiveError`, `DataDirectoryError` where the file system fails, and on a full disk
 * before the disk is full.
 */
export async function exportToFile(path: string, settings: ExportSettings): Promise<ExportedFile> {
  const part = `${path}.part`
  const full = new AbortController()
  const look = setInterval(() => abortOnFullDisk(dirname(path), full), DISK_LOOK_MS)
  try {
    abortOnFullDisk(dirname(path), full)
    full.signal.throwIfAborted()
    const file = createWriteStream(part, { mode: 0o600, flush: true })
    const signal = settings.signal ? AbortSignal.any([settings.signal, full.signal]) : full.signal
    const written = await exportInstallation(file, { ...settings, signal })
    await checkArchive(await openArchive(createReadStream(part)))
    renameSync(part, path)
    return { ...written, path, fileBytes: statSync(path).size }
  } catch (error) {
    rmSync(part, { force: true })
    if (full.signal.aborted) throw full.signal.reason
    throw error instanceof ArchiveError ? error : inWords(error, dirname(path))
  } finally {
    clearInterval(look)
  }
}

/** The folder of backups, made when missing; other people see nothing of it. */
export function backupDirectory(configured: string | null, dataDirectory: string): string {
  const path = configured ?? join(dataDirectory, 'backups')
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    return path
  } catch (error) {
    throw inWords(error, path)
  }
}

const EVERY_HOURS_DEFAULT = 24

/** 0: none by themselves. An own PostgreSQL has backups of its own, and what is in a sandbox nobody misses. */
export function hoursBetweenBackups({ backups, database }: Config, kind: InstallationKind | undefined): number {
  const isOurs = kind === 'production' && !database.url
  return backups.everyHours ?? (isOurs ? EVERY_HOURS_DEFAULT : 0)
}

export type Backup = { path: string; madeAt: Date; bytes: number }

/** Backups of a folder, the newest first; other files are not touched, and what was written before an upgrade is not one. */
export function listBackups(directory: string): Backup[] {
  return exportsIn(directory, /^leadline-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)\.export\.zst$/)
}

/** Exports from before upgrades, the newest first. */
export function listUpgradeExports(directory: string): Backup[] {
  return exportsIn(directory, /^leadline-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)-before-.+\.export\.zst$/)
}

/** Removes all but the newest. Returns the names. */
export function removeOlder(backups: readonly Backup[], keep: number): string[] {
  const surplus = backups.slice(keep)
  for (const { path } of surplus) rmSync(path, { force: true })
  return surplus.map(({ path }) => basename(path))
}

const ABANDONED_MS = 600_000

/** Parts of exports that were killed: one that is being written changes all the time. */
export function removeAbandoned(directory: string, now: Date): void {
  for (const name of readdirSync(directory).filter((one) => one.endsWith(`${ENDING}.part`))) {
    const path = join(directory, name)
    const age = now.getTime() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now.getTime())
    if (age > ABANDONED_MS) rmSync(path, { force: true })
  }
}

function exportsIn(directory: string, pattern: RegExp): Backup[] {
  if (!existsSync(directory)) return []
  return readdirSync(directory)
    .flatMap((name) => {
      const instant = pattern.exec(name)?.[1]
      const stat = statSync(join(directory, name), { throwIfNoEntry: false })
      if (!instant || !stat) return []
      const madeAt = new Date(instant.replace(/T(\d\d)-(\d\d)-(\d\d)Z/, 'T$1:$2:$3Z'))
      return [{ path: join(directory, name), madeAt, bytes: stat.size }]
    })
    .toSorted((a, b) => b.madeAt.getTime() - a.madeAt.getTime())
}

function abortOnFullDisk(directory: string, full: AbortController): void {
  const { bavail, bsize } = statfsSync(directory)
  const freeMegabytes = Math.floor((bavail * bsize) / MEGABYTE)
  if (freeMegabytes >= LEFT_FREE_MEGABYTES) return
  full.abort(
    new ArchiveError(
      'disk-full',
      `The disk that holds ${directory} has ${freeMegabytes} MB left; ${LEFT_FREE_MEGABYTES} MB must stay free.`,
      'Free some space, or set LEADLINE_BACKUP_DIR to a folder on another disk.',
    ),
  )
}
