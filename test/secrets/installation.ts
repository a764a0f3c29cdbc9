import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CHECKOUT } from '../../server/data-directory.ts'
import { freePort } from '../harness/leadline.ts'

const START_SECONDS_MAX = 150

/** `leadline start` as a person runs it, in a data directory of its own: everything it says and writes can be read. */
export type Installation = {
  baseUrl: string
  simulatorUrl: string
  dataDirectory: string
  /** A command of the command line, with what it said. */
  command(words: string[], input?: string): Promise<{ code: number; said: string }>
  /** Arguments of every process seen so far that belongs to it, and the environment of those that need none of ours. */
  processes(): { name: string; text: string }[]
  /** What the launcher has printed. */
  said(): string
  /** As Ctrl-C; the files stay. */
  stop(): Promise<void>
  remove(): Promise<void>
}

export async function startInstallation(env: Record<string, string>): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), 'leadline-secrets-'))
  // A superuser's database runs as somebody else, who must pass.
  chmodSync(folder, 0o711)
  const dataDirectory = join(folder, 'data')
  const [httpPort, simulatorPort] = [await freePort(), await freePort()]
  const environment = {
    PATH: process.env.PATH ?? '',
    LEADLINE_DATA_DIR: dataDirectory,
    LEADLINE_HTTP_PORT: String(httpPort),
    LEADLINE_SIM_PORT: String(simulatorPort),
    ...env,
  }
  const leadline = (words: string[]) =>
    spawn(process.execPath, [join(CHECKOUT, 'bin/leadline'), ...words], { env: environment, stdio: 'pipe' })
  const launcher = leadline(['start'])
  let said = ''
  for (const stream of [launcher.stdout, launcher.stderr]) stream.on('data', (text) => (said += text))
  const watch = watchProcesses(launcher, dataDirectory)
  const startedAt = performance.now()
  while (!said.includes('Leadline is ready')) {
    if (launcher.exitCode !== null || performance.now() - startedAt > START_SECONDS_MAX * 1_000) {
      watch.stop()
      launcher.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
      throw new Error(`Leadline did not start:\n${said}`)
    }
    await sleep(100)
  }
  const stop = async () => {
    watch.stop()
    if (launcher.exitCode !== null || launcher.signalCode !== null) return
    const exit = once(launcher, 'exit')
    launcher.kill('SIGINT')
    await exit
  }
  return {
    baseUrl: `http://127.0.0.1:${httpPort}`,
    simulatorUrl: `http://127.0.0.1:${simulatorPort}`,
    dataDirectory,
    async command(words, input) {
      const child = leadline(words)
      let output = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
      child.stdin.end(input ?? '')
      const [code] = (await once(child, 'close')) as [number]
      return { code, said: output }
    },
    processes: () => watch.seen(),
    said: () => said,
    stop,
    async remove() {
      await stop()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

const LOOK_MS = 60
/** A process is looked at so often: it begins as a copy of its parent and becomes another program a moment later. */
const LOOKS_PER_PROCESS = 5

/** Looks at the process list over and over, as another user of the machine could. */
function watchProcesses(launcher: ChildProcess, dataDirectory: string) {
  const seen = new Map<string, string>()
  const looks = new Map<string, number>()
  const look = () => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const before = looks.get(pid) ?? 0
      looks.set(pid, before + 1)
      if (before >= LOOKS_PER_PROCESS) continue
      const args = readProc(pid, 'cmdline')
      if (args === null || !isOurs(pid, args)) continue
      seen.set(`arguments of ${pid}: ${args}`, args)
      // The database and the simulator need no setting of ours.
      if (/postgres|sim\/main\.ts/.test(args)) {
        const environment = readProc(pid, 'environ')
        if (environment !== null) seen.set(`environment of ${pid}: ${args}`, environment)
      }
    }
  }
  const isOurs = (pid: string, args: string) =>
    args.includes(CHECKOUT) || args.includes(dataDirectory) || pid === String(launcher.pid) || /^postgres/.test(args)
  const timer = setInterval(look, LOOK_MS)
  return {
    stop: () => clearInterval(timer),
    seen: () => [...seen].map(([name, text]) => ({ name: name.slice(0, 120), text })),
  }
}

/** null: the process has ended, or belongs to somebody else. */
function readProc(pid: string, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}

/** Every file below a folder, read as latin1; the programs of the database, links and sockets left out. */
export function filesBelow(folder: string): { name: string; text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('postgres-runtime'))
    .map((name) => ({ name, path: join(folder, name) }))
    .filter(({ path }) => statSync(path, { throwIfNoEntry: false })?.isFile())
    .map(({ name, path }) => ({ name, text: readFileSync(path, 'latin1') }))
}
