import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { answersOn } from './connection.ts'
import type { DatabaseUser } from './database-user.ts'
import { explainFailure, PostgresError } from './postgres-error.ts'
import { isProcessAlive, processesIn, worksIn } from './process-table.ts'
import { asDatabaseUser } from './run-program.ts'

export type ServerExit = { code: number | null; signal: NodeJS.Signals | null }

/** A running server. `exited` of one that is not our child knows neither code nor signal. */
export type Postmaster = { pid: number; socketDirectory: string; adopted: boolean; exited: Promise<ServerExit> }

export type LaunchOptions = {
  binaries: string
  directory: string
  socketDirectory: string
  user: DatabaseUser
  /** File for what the server says before its own log is open. */
  outputFile: string
  dieWithParent: boolean
}

type PidFile = { pid: number; socketDirectory: string; state: string }

const READY_TIMEOUT_SECONDS = 120
// After kill -9 of a server its children need a moment to notice and leave (stack.md 2.3).
const RETRY_SECONDS = 10

/**
 * Makes sure that a server runs on the cluster: adopts one that is alive (left over after kill -9 of Leadline, or
 * another instance's), waits for one that is starting or stopping, starts one otherwise.
 * `beforeLaunch` runs only when a server is started.
 */
export async function ensurePostmaster(options: LaunchOptions, beforeLaunch: () => Promise<void>): Promise<Postmaster> {
  const deadline = Date.now() + READY_TIMEOUT_SECONDS * 1_000
  const retryUntil = Date.now() + RETRY_SECONDS * 1_000
  while (Date.now() < deadline) {
    const file = await readPidFile(options.directory)
    if (file && (await answersOn(file.socketDirectory))) return adopt(file, options.directory)
    if (file && worksIn(file.pid, options.directory)) {
      await sleep(100)
      continue
    }
    if (file) await forgetReusedPid(file, options.directory)
    await beforeLaunch()
    const launched = await launch(options, deadline)
    if (launched.ok) return launched.postmaster
    // Once the log goes to its file the reason does too: a start beside another one may end there, so it is tried again.
    const busy =
      /lock file .* already exists|pre-existing shared memory|is another postmaster|redirecting log output/i.test(
        launched.output,
      )
    if (!busy || Date.now() > retryUntil) throw launchFailure(launched.output, options)
    await sleep(200)
  }
  throw new PostgresError(
    'start-failed',
    `The database in ${options.directory} did not become ready within ${READY_TIMEOUT_SECONDS} s.`,
    'Look at its log in the folder logs/postgres of the data directory.',
  )
}

/** Whether the server we know still runs. */
export function isPostmasterAlive(pid: number, directory: string): boolean {
  return isProcessAlive(pid) && worksIn(pid, directory)
}

/** Stops the server and waits for its end: `fast` ends every connection, `immediate` leaves recovery to the next start. */
export async function stopPostmaster(
  { pid }: Postmaster,
  directory: string,
  mode: 'fast' | 'immediate',
  timeoutSeconds = 30,
): Promise<void> {
  const signals: NodeJS.Signals[] = mode === 'fast' ? ['SIGINT', 'SIGQUIT'] : ['SIGQUIT']
  for (const signal of signals) {
    if (!isPostmasterAlive(pid, directory)) return
    process.kill(pid, signal)
    const deadline = Date.now() + timeoutSeconds * 1_000
    while (Date.now() < deadline) {
      if (!isPostmasterAlive(pid, directory)) return
      await sleep(20)
    }
  }
  throw new PostgresError(
    'start-failed',
    `The database (process ${pid}) does not stop.`,
    `End it by hand: kill -QUIT ${pid}`,
  )
}

async function readPidFile(directory: string): Promise<PidFile | null> {
  const text = await readFile(join(directory, 'postmaster.pid'), 'utf8').catch(() => null)
  if (text === null) return null
  const lines = text.split('\n')
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return null
  return { pid, socketDirectory: lines[4] ?? '', state: (lines[7] ?? '').trim() }
}

function adopt(file: PidFile, directory: string): Postmaster {
  const exited = (async (): Promise<ServerExit> => {
    while (isPostmasterAlive(file.pid, directory)) await sleep(500, undefined, { ref: false })
    return { code: null, signal: null }
  })()
  return { pid: file.pid, socketDirectory: file.socketDirectory, adopted: true, exited }
}

/**
 * The server refuses to start while the process id in its lock file is alive, although it belongs to a stranger by now.
 * Removing the file is safe only if nothing works in the cluster any more.
 */
async function forgetReusedPid(file: PidFile, directory: string): Promise<void> {
  if (!isProcessAlive(file.pid) || processesIn(directory).length > 0) return
  await rm(join(directory, 'postmaster.pid'), { force: true })
}

type Launched = { ok: true; postmaster: Postmaster } | { ok: false; output: string }

async function launch(options: LaunchOptions, deadline: number): Promise<Launched> {
  const { binaries, directory, socketDirectory, user, outputFile, dieWithParent } = options
  const program = [join(binaries, 'postgres'), '-D', directory, '-k', socketDirectory]
  const { file, args, options: spawnOptions } = asDatabaseUser(program, user, dieWithParent ? 'INT' : undefined)
  const output = openSync(outputFile, 'w', 0o600)
  // Its own session: Ctrl-C in the terminal must not end the database before those who use it.
  const child = spawn(file, args, { ...spawnOptions, detached: true, stdio: ['ignore', output, output] })
  closeSync(output)
  const exited = new Promise<ServerExit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
  await once(child, 'spawn')
  let ended = false
  void exited.then(() => {
    ended = true
  })
  child.unref()
  const pid = child.pid ?? 0
  while (!ended && Date.now() < deadline) {
    const pidFile = await readPidFile(directory)
    if (pidFile?.pid === pid && pidFile.state === 'ready') {
      if (await answersOn(socketDirectory))
        return { ok: true, postmaster: { pid, socketDirectory, adopted: false, exited } }
    }
    await sleep(15)
  }
  if (!ended) child.kill('SIGQUIT')
  return { ok: false, output: await readFile(outputFile, 'utf8').catch(() => '') }
}

function launchFailure(output: string, { directory }: LaunchOptions): PostgresError {
  return (
    explainFailure(output, directory) ??
    new PostgresError(
      'start-failed',
      `The database in ${directory} does not start:\n${output.trim().slice(-2_000)}`,
      'The lines above, and its log in the folder logs/postgres of the data directory, say why.',
    )
  )
}
