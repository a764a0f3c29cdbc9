import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { startTemporaryPostgres } from '../server/platform/embedded-postgres/index.ts'
import { NORTHWIND, SANDBOX_CLIENTS } from '../server/sandbox.ts'
import { type Child, lastWords, startChild } from './child.ts'
import { freePort } from './ports.ts'
import { processorMsOfAll, processorMsOfDatabase } from './server-figures.ts'

/** What is measured: a durable PostgreSQL 18, the simulator, web and worker, as an installation has them. */
export type World = {
  operatorId: number
  leadCount: number
  /** The web server as it ships, and one with the plain handler of P5. */
  web: { origin: string; child: Child }
  plainWeb: { origin: string; child: Child }
  /** Serves HTTP too, for its own figures at /metrics. */
  worker: { origin: string; child: Child }
  generator: Child
  /** A second generator, for those who read while others are measured. */
  readers: Child
  bareCopy: Child
  simulator: string
  /** Past row security: to look at what was written. */
  owner: pg.Client
  ownerUrl: string
  /** Removed at the end, with what is in it. */
  directory: string
  /** A program of bench/ as a process of its own; one that is not stopped ends with the bench. */
  startProgram(name: string, path: string, env?: NodeJS.ProcessEnv): Child
  authorization: Record<string, string>
}

const PREFIX = 'leadline-bench-'
const START_TIMEOUT_MS = 60_000
/** Nothing runs by itself while something else is measured. */
const NEVER_SECONDS = '86400'

/** Hands over how to stop what has been started before it starts anything. */
export async function startWorld(
  leadCount: number,
  say: (text: string) => void,
  stoppable: (stop: () => Promise<void>) => void,
): Promise<World> {
  await sweepAbandoned()
  const directory = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`))
  const children: Child[] = []
  const closers: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true })]
  stoppable(async () => {
    await Promise.all(children.map((child) => child.stop()))
    for (const close of closers.toReversed()) await close()
  })
  say('starting PostgreSQL, simulator, web and worker')
  const postgres = await startTemporaryPostgres({ durable: true })
  closers.push(() => postgres.stop())
  const start = (name: string, program: string[], env: NodeJS.ProcessEnv = {}) => {
    const child = startChild(name, program, env, join(directory, `${name}.log`))
    children.push(child)
    return child
  }
  const program = (path: string) => join(import.meta.dirname, path)

  const simulatorPort = await freePort()
  const simulator = `http://127.0.0.1:${simulatorPort}`
  const simulation = { LEADLINE_SIM_PORT: String(simulatorPort), LEADLINE_SANDBOX_LEADS: String(leadCount) }
  const simulatorChild = start('simulator', [program('../sim/main.ts')], simulation)
  await answers(`${simulator}/health`, simulatorChild, directory)
  await post(`${simulator}/control/warm-up`, {})
  // Pages are compared byte by byte: the addresses job must find nothing to add to them (see shapeAddresses).
  await post(`${simulator}/control/faults`, { name: 'error-500', endpoint: 'addresses' })

  const env = serverEnvironment({ directory, appUrl: postgres.appUrl, ownerUrl: postgres.ownerUrl, ...simulation })
  const migration = start('migration', [program('../server/main.ts'), '--migrate'], env)
  if ((await migration.ended) !== 0) throw new Error(`migration: ${lastWords(join(directory, 'migration.log'))}`)

  const [webPort, plainPort, workerPort] = [await freePort(), await freePort(), await freePort()]
  const originOf = (port: number) => `http://127.0.0.1:${port}`
  const serve = async (name: string, path: string, port: number, roles: string) => {
    const settings = { LEADLINE_ROLES: roles, LEADLINE_HTTP_PORT: String(port), LEADLINE_PUBLIC_URL: originOf(webPort) }
    const child = start(name, [program(path)], { ...env, ...settings })
    await answers(`${originOf(port)}/health/live`, child, directory)
    return { origin: originOf(port), child }
  }
  const web = await serve('web', '../server/main.ts', webPort, 'web')
  const plainWeb = await serve('plain-web', 'plain-web.ts', plainPort, 'web')
  const worker = await serve('worker', '../server/main.ts', workerPort, 'web,worker')
  const generator = start('load-generator', [program('load-generator.ts')])
  const readers = start('readers', [program('load-generator.ts')])
  const bareCopy = start('bare-copy', [program('bare-copy.ts')])

  const owner = new pg.Client({ connectionString: postgres.ownerUrl })
  await owner.connect()
  closers.push(() => owner.end())
  const token = await tokenFrom(web.origin, SANDBOX_CLIENTS[0])
  return {
    operatorId: NORTHWIND.operatorId,
    leadCount,
    web,
    plainWeb,
    worker,
    generator,
    readers,
    bareCopy,
    simulator,
    owner,
    ownerUrl: postgres.ownerUrl,
    directory,
    startProgram: (name, path, env) => start(name, [program(path)], env),
    authorization: { authorization: `Bearer ${token}` },
  }
}

/** Folders of benches that were killed: their processes have ended with them. */
async function sweepAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]
    if (pid !== undefined && !existsSync(`/proc/${pid}`))
      await rm(join(tmpdir(), name), { recursive: true, force: true })
  }
}

/** Authentication, row security, journal and rate limit stay on; only the limit is out of the way. */
function serverEnvironment(world: {
  directory: string
  appUrl: string
  ownerUrl: string
  LEADLINE_SIM_PORT: string
  LEADLINE_SANDBOX_LEADS: string
}): NodeJS.ProcessEnv {
  const { directory, appUrl, ownerUrl, ...simulation } = world
  return {
    ...simulation,
    LEADLINE_DATA_DIR: directory,
    DATABASE_URL: appUrl,
    LEADLINE_DATABASE_OWNER_URL: ownerUrl,
    LEADLINE_SANDBOX: 'true',
    LEADLINE_RATE_LIMIT_PER_MINUTE: '1000000',
    LEADLINE_SYNC_INTERVAL_SECONDS: NEVER_SECONDS,
    LEADLINE_ADDRESS_CALLS_PER_MINUTE: '1',
  }
}

async function answers(url: string, child: Child, directory: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS
  let ended = false
  void child.ended.then(() => {
    ended = true
  })
  for (;;) {
    const ok = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      (answer) => answer.ok,
      () => false,
    )
    if (ok) return
    if (ended || Date.now() > deadline) {
      throw new Error(`${child.name} does not answer at ${url}: ${lastWords(join(directory, `${child.name}.log`))}`)
    }
    await sleep(50)
  }
}

/** Resolves when nothing of the start is left to be done: both operators synced, the sandbox's own facts loaded. */
export async function ready({ web }: World): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS
  for (;;) {
    const answer = await fetch(`${web.origin}/health/ready`, { signal: AbortSignal.timeout(5_000) })
    const text = await answer.text()
    if (answer.ok) return
    if (Date.now() > deadline) throw new Error(`Leadline does not become ready: ${text}`)
    await sleep(50)
  }
}

/** Processor time that web, worker and database have used so far, in milliseconds. */
export async function processorMsOfWorld({ owner, web, worker }: World): Promise<number> {
  const { rows } = await owner.query<{ pid: number }>('select pg_backend_pid() as pid')
  return processorMsOfAll([web.child.pid, worker.child.pid]) + processorMsOfDatabase(rows[0]?.pid ?? 0)
}

/** A call of Leadline as its first API client; throws with the answer's text unless it is 2xx. */
export async function ask(world: World, method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${world.web.origin}${path}`, {
    method,
    headers: { ...world.authorization, ...(body && { 'content-type': 'application/json' }) },
    signal: AbortSignal.timeout(120_000),
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 300)}`)
  return text === '' ? null : JSON.parse(text)
}

/** A call of the control API or of Leadline; throws with the answer's text unless it is 2xx. */
export async function post(url: string, body?: unknown, headers: Record<string, string> = {}): Promise<unknown> {
  const json = body === undefined ? {} : { body: JSON.stringify(body) }
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
  const answer = await fetch(url, {
    method: 'POST',
    headers: { ...type, ...headers },
    ...json,
    signal: AbortSignal.timeout(120_000),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${text.slice(0, 300)}`)
  return text === '' ? null : JSON.parse(text)
}

export async function tokenFrom(origin: string, client: (typeof SANDBOX_CLIENTS)[number]): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: client.clientId,
    client_secret: client.clientSecret,
    scope: 'api://leadline/.default',
  })
  const signal = AbortSignal.timeout(10_000)
  const answer = await fetch(`${origin}/oauth2/v2.0/token`, { method: 'POST', body: form, signal })
  if (!answer.ok) throw new Error(`No token: ${answer.status} ${await answer.text()}`)
  return ((await answer.json()) as { access_token: string }).access_token
}
