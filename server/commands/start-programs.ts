import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config.ts'
import { CHECKOUT, type DataDirectory } from '../data-directory.ts'
import type { ChildPlan } from './start-child.ts'
import type { LaunchedDatabase } from './start-database.ts'

const SERVER = join(CHECKOUT, 'server/main.ts')
const SIMULATOR = join(CHECKOUT, 'sim/main.ts')
const GUARD = join(import.meta.dirname, 'start-child-guard.ts')

/** Folder of the logs of a data directory, made when missing. The database passes through it to its own. */
export function logDirectory({ path }: DataDirectory): string {
  const logs = join(path, 'logs')
  mkdirSync(logs, { recursive: true })
  chmodSync(logs, 0o711)
  return logs
}

/**
 * Where Node keeps the code of a program as it has made it ready once: to strip the types and to compile takes a second and
 * a half of each start. It goes by the contents of the files, so an upgrade makes its own.
 */
function compiledCode({ path }: DataDirectory): NodeJS.ProcessEnv {
  return { NODE_COMPILE_CACHE: join(path, 'compiled') }
}

/** What every process of the server gets: our settings as they were decided, and nothing of npm's. */
export function serverEnvironment(
  directory: DataDirectory,
  database: LaunchedDatabase,
  simulatorPort: number,
  env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(npm_|INIT_CWD$|PG[A-Z]+$)/.test(name))
  return {
    ...compiledCode(directory),
    ...Object.fromEntries(kept),
    LEADLINE_DATA_DIR: directory.path,
    LEADLINE_SANDBOX: String(directory.installation.kind === 'sandbox'),
    LEADLINE_SIM_PORT: String(simulatorPort),
    DATABASE_URL: database.appUrl,
    ...(database.ownerUrl ? { LEADLINE_DATABASE_OWNER_URL: database.ownerUrl } : {}),
  }
}

/** One process of the server: the web server or the worker. */
export function serverPlan(role: 'web' | 'worker', env: NodeJS.ProcessEnv, directory: DataDirectory): ChildPlan {
  return {
    name: role === 'web' ? 'web server' : 'worker',
    program: [SERVER],
    env: { ...env, LEADLINE_ROLES: role },
    logFile: join(logDirectory(directory), `${role}.log`),
  }
}

/** The outside world: it knows its own settings and nothing of ours. */
export function simulatorPlan(config: Config, leads: number, port: number, directory: DataDirectory): ChildPlan {
  const { seed } = config.sandbox
  return {
    name: 'simulator',
    program: [SIMULATOR],
    env: {
      ...compiledCode(directory),
      PATH: process.env.PATH,
      TZ: process.env.TZ,
      LEADLINE_SIM_PORT: String(port),
      LEADLINE_SANDBOX_LEADS: String(leads),
      ...(seed === null ? {} : { LEADLINE_SIM_SEED: String(seed) }),
      LEADLINE_SIM_STATE_FILE: join(directory.path, 'simulator.jsonl'),
    },
    logFile: join(logDirectory(directory), 'simulator.log'),
  }
}

/** Brings the database to this version's schema. Resolves to what it said when it failed, else to `null`. */
export async function migrate(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<string | null> {
  const { code, output } = await runServer('--migrate', env, signal)
  return code === 0 ? null : output || `exit code ${code}`
}

/** The link by which the first administrator comes in; null once there is one. */
export async function firstAdministratorLink(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<string | null> {
  const { code, output } = await runServer('--first-administrator', env, signal)
  return code === 0 && output !== '' ? output : null
}

type ServerRun = { code: number | null; output: string }

function runServer(mode: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<ServerRun> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', GUARD, SERVER, mode], {
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      signal,
    })
    let output = ''
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-8_192)
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    child.once('error', (error) => resolve({ code: null, output: error.message }))
    child.once('close', (code) => resolve({ code, output: output.trim() }))
  })
}

/** Waits until the simulator answers, `false` when `signal` came first. */
export async function simulatorAnswers(port: number, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2_000) })
      await response.arrayBuffer()
      if (response.ok) return true
    } catch {
      // Still making its world.
    }
    await sleep(50, undefined, { signal }).catch(() => {})
  }
  return false
}
