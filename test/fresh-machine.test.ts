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

// The first command of the README in an empty clone with an empty npm cache: as somebody without rights who may write
// nowhere but in his own folder, and as the superuser under a home that nobody else may enter. Takes minutes and
// downloads every package anew, so it runs on demand only: npm run test:fresh

const START_SECONDS_MAX = 180
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
  const checkout = join(home.path, 'leadline')
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', CHECKOUT, checkout], { env: process.env })
  if (home.uid !== undefined) execFileSync('chown', ['-R', `${home.uid}:${home.uid}`, home.path])
  const [httpPort, simulatorPort] = [await freePort(), await freePort()]
  const ports = { LEADLINE_HTTP_PORT: String(httpPort), LEADLINE_SIM_PORT: String(simulatorPort) }

  const first = await start(checkout, home, ports, START_SECONDS_MAX)
  await readLeads(httpPort)
  const outsider = outsideOf(home)
  await stop(first.child, httpPort, simulatorPort)
  expect(outsideOf(home)).toEqual(outsider)

  const second = await start(checkout, home, ports, RESTART_SECONDS_MAX)
  // Shown by tools/vitest-stage.ts.
  Object.assign(task.meta, {
    measured: `${who}: first start ${first.seconds.toFixed(0)} s, second ${second.seconds.toFixed(1)} s`,
  })
  await readLeads(httpPort)
  await stop(second.child, httpPort, simulatorPort)
  // The database of a superuser is in a folder that its own unprivileged user can reach.
  if (who === 'the superuser') rmSync(dataDirectoryOf(second.output), { recursive: true, force: true })
})

type Home = { path: string; uid: number | undefined }

/** An empty home that nobody else may enter. */
function makeHome(unprivileged: boolean): Home {
  folder = mkdtempSync(join(tmpdir(), 'leadline-fresh-'))
  const path = join(folder, 'home')
  mkdirSync(path, { mode: 0o700 })
  if (!unprivileged) {
    chmodSync(folder, isSuperuser ? 0o700 : 0o755)
    return { path, uid: undefined }
  }
  chmodSync(folder, 0o755)
  chownSync(path, NOBODY, NOBODY)
  return { path, uid: NOBODY }
}

async function start(cwd: string, home: Home, ports: Record<string, string>, secondsMax: number) {
  const startedAt = performance.now()
  // Of what npm was told on this machine only where its registry is.
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(PATH|npm_config_registry|.*_proxy|NODE_EXTRA_CA_CERTS)$/i.test(name),
  )
  const child = spawn('npm', ['start'], {
    cwd,
    env: {
      ...Object.fromEntries(kept),
      HOME: home.path,
      npm_config_cache: join(home.path, '.npm'),
      ...registry(),
      ...ports,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...(home.uid !== undefined && { uid: home.uid, gid: home.uid }),
  })
  running = child
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  while (!output.includes('Leadline is ready')) {
    const seconds = (performance.now() - startedAt) / 1_000
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}:\n${output}`)
    if (seconds > secondsMax) throw new Error(`Not ready within ${secondsMax} s:\n${output}`)
    await sleep(100)
  }
  return { child, seconds: (performance.now() - startedAt) / 1_000, output }
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
