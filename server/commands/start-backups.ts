import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config.ts'
import { CHECKOUT, type DataDirectory } from '../data-directory.ts'
import { backupDirectory, EXPORT_NODE_FLAGS, hoursBetweenBackups, listBackups } from '../export-files.ts'
import { messageOf } from '../kernel/errors.ts'
import { logDirectory } from './start-programs.ts'
import type { Terminal } from './start-terminal.ts'

export type BackupSettings = {
  config: Config
  directory: DataDirectory
  /** What the processes of the server get: where database and keys are. */
  env: NodeJS.ProcessEnv
  terminal: Pick<Terminal, 'complain'>
  /** Of several launchers on a data directory one makes the backups. */
  isFirst: () => boolean
  /** For tests. */
  program?: string[]
  pauses?: { lookMs: number; failureMs: number }
}

export type ScheduledBackups = { stop(): Promise<void> }

const PROGRAM = [join(CHECKOUT, 'bin/leadline'), 'backup']
const GUARD = join(import.meta.dirname, 'start-child-guard.ts')
/** The clock may be put, and the machine may sleep: what is due is looked at, not reckoned ahead. */
const LOOK_MS = 60_000
const AFTER_FAILURE_MS = 3_600_000
const GRACE_MS = 5_000

/**
 * Makes a backup whenever the newest one in the folder is old enough, whoever made that; each in a process of its own, so
 * that a large one disturbs nobody. A failure is said, written to logs/backup.log, and tried again an hour later.
 */
export function startBackups(settings: BackupSettings): ScheduledBackups {
  const { config, directory, terminal, isFirst } = settings
  const { lookMs, failureMs } = settings.pauses ?? { lookMs: LOOK_MS, failureMs: AFTER_FAILURE_MS }
  const everyMs = hoursBetweenBackups(config, directory.installation.kind) * 3_600_000
  const ending = new AbortController()
  const { signal } = ending

  async function keepGoing(): Promise<void> {
    while (!signal.aborted) {
      let pauseMs = lookMs
      try {
        if (isFirst() && isDue(backupDirectory(config.backups.directory, directory.path), everyMs))
          await backUp(settings, signal)
      } catch (error) {
        if (signal.aborted) return
        terminal.complain(`The backup failed: ${messageOf(error)}`, `See ${logFileOf(directory)}`)
        pauseMs = failureMs
      }
      await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => {})
    }
  }

  const going = everyMs > 0 ? keepGoing() : Promise.resolve()
  return {
    async stop() {
      ending.abort()
      await going
    },
  }
}

function isDue(directory: string, everyMs: number): boolean {
  const newest = listBackups(directory)[0]
  return newest === undefined || Date.now() - newest.madeAt.getTime() >= everyMs
}

async function backUp({ directory, env, program = PROGRAM }: BackupSettings, signal: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, [...EXPORT_NODE_FLAGS, '--import', GUARD, ...program], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const stop = () => stopChild(child)
  signal.addEventListener('abort', stop, { once: true })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-8_192)
    })
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    writeLog(directory, said)
    if (code !== 0) throw new Error(said.trim().split('\n').slice(-2).join(' ') || `exit code ${code}`)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** What it has not given its name to is removed by the next one. */
function stopChild(child: ChildProcess): void {
  child.kill('SIGTERM')
  setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref()
}

const logFileOf = (directory: DataDirectory) => join(logDirectory(directory), 'backup.log')

function writeLog(directory: DataDirectory, said: string): void {
  const file = logFileOf(directory)
  const isNew = !existsSync(file)
  appendFileSync(file, `${new Date().toISOString()} ${said.trim()}\n`)
  if (isNew) chmodSync(file, 0o600)
}
