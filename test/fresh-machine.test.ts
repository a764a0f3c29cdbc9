import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { CHECKOUT } from '../server/data-directory.ts'
import { ask, createClient } from './harness/client.ts'
import { freePort } from './harness/leadline.ts'

// Both commands of the README in an empty clone with an empty npm cache: as somebody without rights, and as the superuser
// under a home that nobody else may enter. Where the test runs as superuser every folder but the home is read-only to
// them, and at the second start every folder but the data directory. Takes many minutes and downloads every package
// anew, so it runs on demand only: npm run test:fresh

const START_SECONDS_MAX = 180
const TESTS_SECONDS_MAX = 2_400
const RESTART_SECONDS_MAX = 30
const NOBODY = 65_534
const isSuperuser = process.getuid?.() === 0
const whoever = isSuperuser ? ['an unprivileged user', 'the superuser'] : ['this user']

let folder = ''
let running: ChildProcess | undefined
afterEach(async () => {
  if (running && running.exitCode === null && running.pid !== undefined) {
    process.kill(-running.pid, 'SIGKILL')
    await once(running, 'exit')
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

test.for(whoever)('npm start, and again, as %s', async (who, { task, expect }) => {
  const home = makeHome(who === 'an unprivileged user')
  const checkout = cloneInto(home)
  const [httpPort, simulatorPort] = [await freePort(), await freePort()]
  const ports = { LEADLINE_HTTP_PORT: String(httpPort), LEADLINE_SIM_PORT: String(simulatorPort) }

  // A superuser's database is in a folder that its own unprivileged user can reach.
  const writable = who === 'the superuser' ? [home.path, sharedDataFolder()] : [home.path]
  const first = await start(checkout, { home, ports, writable, secondsMax: START_SECONDS_MAX })
  await readLeads(httpPort)
  const outsider = outsideOf(home)
  await stop(first.child, httpPort, simulatorPort)
  expect(outsideOf(home)).toEqual(outsider)

  const dataDirectory = dataDirectoryOf(first.output)
  const second = await start(checkout, { home, ports, writable: [dataDirectory], secondsMax: RESTART_SECONDS_MAX })
  // Shown by tools/vitest-stage.ts.
  Object.assign(task.meta, {
    measured: `${who}: first start ${first.seconds.toFixed(0)} s, second ${second.seconds.toFixed(1)} s`,
  })
  await readLeads(httpPort)
  await stop(second.child, httpPort, simulatorPort)
  if (who === 'the superuser') rmSync(dataDirectory, { recursive: true, force: true })
})

test('npm test, as somebody without rights', { timeout: TESTS_SECONDS_MAX * 1_000 }, async ({ task, expect }) => {
  const home = makeHome(isSuperuser)
  const checkout = cloneInto(home)
  const startedAt = performance.now()
  const { child, output } = run('test', checkout, { home, ports: {}, writable: [home.path] })
  await once(child, 'close')
  const [verdict] = output().trimEnd().split('\n').slice(-1)
  expect([child.exitCode, verdict], output()).toEqual([0, expect.stringMatching(/^[1-9]\d* passed, 0 failed$/)])
  const minutes = ((performance.now() - startedAt) / 60_000).toFixed(0)
  Object.assign(task.meta, { measured: `npm test: ${minutes} min, ${verdict}` })
})

type Home = { path: string; uid: number | undefined }

function cloneInto(home: Home): string {
  const checkout = join(home.path, 'leadline')
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', CHECKOUT, checkout], { env: process.env })
  if (home.uid !== undefined) execFileSync('chown', ['-R', `${home.uid}:${home.uid}`, home.path])
  return checkout
}

function sharedDataFolder(): string {
  mkdirSync('/var/lib/leadline', { recursive: true })
  return '/var/lib/leadline'
}

/** An empty home that nobody else may enter, with a folder for what is temporary. */
function makeHome(unprivileged: boolean): Home {
  folder = mkdtempSync(join(tmpdir(), 'leadline-fresh-'))
  const path = join(folder, 'home')
  mkdirSync(path, { mode: 0o700 })
  mkdirSync(join(path, 'tmp'))
  if (!unprivileged) {
    chmodSync(folder, isSuperuser ? 0o700 : 0o755)
    return { path, uid: undefined }
  }
  chmodSync(folder, 0o755)
  chownSync(path, NOBODY, NOBODY)
  return { path, uid: NOBODY }
}

type Run = {
  home: Home
  ports: Record<string, string>
  /** Folders that may be written to; all others are read-only where this test is the superuser. */
  writable: string[]
}

/** One of the README's commands, as the owner of the home. */
function run(command: 'start' | 'test', cwd: string, { home, ports, writable }: Run) {
  // Of what npm was told on this machine only where its registry is.
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(PATH|npm_config_registry|.*_proxy|NODE_EXTRA_CA_CERTS)$/i.test(name),
  )
  const words = isSuperuser ? confined(['npm', command], home, writable) : ['npm', command]
  const child = spawn(words[0] ?? '', words.slice(1), {
    cwd,
    env: {
      ...Object.fromEntries(kept),
      HOME: home.path,
      TMPDIR: join(home.path, 'tmp'),
      npm_config_cache: join(home.path, '.npm'),
      ...registry(),
      ...ports,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  running = child
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  return { child, output: () => output }
}

/**
 * The command in a view of the machine of its own, in which only these folders can be written to, and the devices and
 * process files of the kernel. Nothing of it is seen, or stays, outside.
 */
function confined(command: string[], { uid }: Home, writable: string[]): string[] {
  const script = `
    set -e
    for folder in $WRITABLE; do mount --bind "$folder" "$folder"; done
    awk '{print $5}' /proc/self/mountinfo | sort -ru | while read -r place; do
      case " $WRITABLE /dev /dev/pts /dev/shm /dev/mqueue " in *" $place "*) continue ;; esac
      case "$place" in /proc | /proc/* | /sys | /sys/*) continue ;; esac
      mount -o remount,ro,bind "$place"
    done
    if touch /var/tmp/leadline-probe 2> /dev/null; then echo 'The machine is not read-only.'; exit 1; fi
    unset WRITABLE
    exec "$@"`
  const drop = uid === undefined ? [] : ['setpriv', '--reuid', String(uid), '--regid', String(uid), '--clear-groups']
  const view = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', script, 'sh']
  return ['env', `WRITABLE=${writable.join(' ')}`, ...view, ...drop, ...command]
}

async function start(cwd: string, { secondsMax, ...how }: Run & { secondsMax: number }) {
  const startedAt = performance.now()
  const { child, output } = run('start', cwd, how)
  while (!output().includes('Leadline is ready')) {
    const seconds = (performance.now() - startedAt) / 1_000
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}:\n${output()}`)
    if (seconds > secondsMax) throw new Error(`Not ready within ${secondsMax} s:\n${output()}`)
    await sleep(100)
  }
  return { child, seconds: (performance.now() - startedAt) / 1_000, output: output() }
}

/** A registry that is set in a file of this user would be out of reach in the new home. */
function registry(): Record<string, string> {
  const address = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim()
  return { npm_config_registry: address }
}

async function readLeads(port: number): Promise<void> {
  const baseUrl = `http://127.0.0.1:${port}`
  const client = await createClient(baseUrl, 'northwind-api')
  const { status, body, headers } = await client.get('/api/v2/oc/lead')
  expect([status, body.length, headers.get('x-total-count')]).toEqual([200, 10, '250'])
  expect(body[0].id).toBe('f825e66a-0e07-4d58-9fb3-271f092ceadc')
  const portal = await ask(baseUrl, { headers: { accept: 'text/html' } })
  expect([portal.status, portal.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')])
}

/** As Ctrl-C at a terminal: the whole group hears it. */
async function stop(child: ChildProcess, ...ports: number[]): Promise<void> {
  const exit = once(child, 'exit')
  process.kill(-(child.pid ?? 0), 'SIGINT')
  await exit
  for (const port of ports) await expect(ask(`http://127.0.0.1:${port}/health`)).rejects.toThrow()
  const left = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(folder))
  expect(left, 'processes that were left behind').toEqual([])
}

/** Names beside the home: nothing may come here. */
function outsideOf(home: Home): string[] {
  return readdirSync(join(home.path, '..')).sort()
}

function dataDirectoryOf(output: string): string {
  const path = /^ {2}Data +(\S+)/m.exec(output)?.[1] ?? ''
  if (!existsSync(path) || !statSync(path).isDirectory()) throw new Error(`No data directory in:\n${output}`)
  return path
}
