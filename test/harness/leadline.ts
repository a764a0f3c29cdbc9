import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pino } from 'pino'
import { type Config, loadConfig } from '../../server/config.ts'
import { type Context, createContext } from '../../server/context.ts'
import { CHECKOUT } from '../../server/data-directory.ts'
import { prepareDatabase } from '../../server/prepare-database.ts'
import { createWebServer } from '../../server/web-role.ts'
import { startWorker } from '../../server/worker-role.ts'
import type { RunningSimulator } from '../../sim/simulator.ts'
import { type Client, createClient } from './client.ts'
import { type FreshDatabase, freshDatabase } from './database.ts'
import { eventFlaws } from './event-flaws.ts'
import { type Outside, startOutside } from './outside.ts'

/** The sandbox as `npm start` makes it, in this process: real database, real HTTP, real simulator. */
export type Leadline = {
  db: FreshDatabase
  outside: Outside
  /** Of the web role; workers have their own. */
  context: Context
  baseUrl: string
  /** Of web and workers, and with it all that another process needs to join them. */
  environment: Record<string, string>
  /** Lines of the log at warning and above, of web and workers. */
  warnings: Record<string, unknown>[]
  /** A caller with the token of a client; null: without credentials. */
  as(clientId: string | null, secret?: string): Promise<Client>
  startWorker(): Promise<{ stop(): Promise<void> }>
  stopWorkers(): Promise<void>
  /** A worker as a process of its own, to be killed. */
  spawnWorker(): ChildProcess
  close(): Promise<void>
}

export type LeadlineOptions = {
  /** Leads of Northwind, all told. */
  leads?: number
  env?: Record<string, string>
  /** false: the test starts a worker when it wants one. */
  worker?: boolean
  /** A simulator that others use as well; its owner closes it. */
  outside?: Outside
}

/** No run begins by the clock but the first: tests say when. */
const ENVIRONMENT = {
  LEADLINE_SANDBOX: 'true',
  LEADLINE_SYNC_INTERVAL_SECONDS: '86400',
  LEADLINE_RATE_LIMIT_PER_MINUTE: '1000000',
  LEADLINE_ADDRESS_CALLS_PER_MINUTE: '60000',
}

export async function startLeadline(wanted: LeadlineOptions = {}): Promise<Leadline> {
  const { leads = 40, env = {}, worker = true } = wanted
  const db = await freshDatabase()
  const outside = wanted.outside ?? (await startOutside({ leads }))
  const dataDirectory = mkdtempSync(join(tmpdir(), 'leadline-test-'))
  const port = await freePort()
  const environment = { ...databaseEnvironment(db), ...simulatorEnvironment(outside.simulator), ...ENVIRONMENT, ...env }
  const config = configOf(environment, port)
  const warnings: Record<string, unknown>[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(JSON.parse(line)) })
  const options = { config, databaseUrl: db.appUrl, dataDirectory, version: '0.0.0', logger }
  await prepareDatabase({ ...options, installation: null })

  const stops: (() => Promise<void>)[] = []
  const context = createContext(options)
  const web = createWebServer(context, { checkAnswers: true })
  const baseUrl = await web.listen({ host: '127.0.0.1', port })
  const beginWorker = async () => {
    const own = createContext(options)
    const role = startWorker(own)
    let stopped: Promise<void> | undefined
    const stop = () => {
      stopped ??= role.stop().then(() => own.close())
      return stopped
    }
    stops.push(stop)
    return { stop }
  }
  const stopWorkers = async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()))
  }
  const children: ChildProcess[] = []
  const spawnWorker = () => {
    const own = { LEADLINE_ROLES: 'worker', LEADLINE_DATA_DIR: dataDirectory, LEADLINE_LOG_LEVEL: 'warn' }
    const child = spawn(process.execPath, [join(CHECKOUT, 'server/main.ts')], {
      env: { PATH: process.env.PATH, ...environment, LEADLINE_HTTP_PORT: String(port), ...own },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    // A line of pino's at warning or above; anything else would be a program that broke.
    createInterface({ input: child.stdout }).on('line', (line) => warnings.push(JSON.parse(line)))
    children.push(child)
    return child
  }
  if (worker) await beginWorker()

  return {
    db,
    outside,
    context,
    baseUrl,
    environment: { ...environment, LEADLINE_DATA_DIR: dataDirectory, LEADLINE_HTTP_PORT: String(port) },
    warnings,
    as: (clientId, secret) => createClient(baseUrl, clientId, secret),
    startWorker: beginWorker,
    stopWorkers,
    spawnWorker,
    close: async () => {
      await web.close(0)
      await stopWorkers()
      await Promise.all(children.map(killed))
      const flaws = await eventFlaws(db.asOwner)
      await context.close()
      if (!wanted.outside) await outside.close()
      await db.close()
      rmSync(dataDirectory, { recursive: true, force: true })
      if (flaws.length > 0) throw new Error(`Events that do not fit contract/events.ts:\n${flaws.join('\n')}`)
    },
  }
}

/** kill -9, and gone. */
export async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

export function configOf(env: Record<string, string>, port: number): Config {
  const loaded = loadConfig({ ...env, LEADLINE_HTTP_PORT: String(port) })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors))
  return loaded.config
}

export function databaseEnvironment(db: FreshDatabase): Record<string, string> {
  return { DATABASE_URL: db.appUrl, LEADLINE_DATABASE_OWNER_URL: db.ownerUrl }
}

export function simulatorEnvironment({ url }: RunningSimulator): Record<string, string> {
  return { LEADLINE_SIM_PORT: new URL(url).port }
}

/** A port nobody listened on a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
