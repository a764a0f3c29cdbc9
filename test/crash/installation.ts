import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type Child, lastWords, startChild } from '../../bench/child.ts'
import { CHECKOUT } from '../../server/data-directory.ts'
import { type RunningPostgres, startEmbeddedPostgres } from '../../server/platform/embedded-postgres/index.ts'
import { type Client, createClient } from '../harness/client.ts'

/** What a round kills: one process, or all there are at the same moment. */
export const TARGETS = ['worker', 'web', 'database', 'all'] as const
export type Target = (typeof TARGETS)[number]

const PREFIX = 'leadline-crash-'
const QUIET = { info() {}, warn() {} }

/**
 * An installation as processes: a durable PostgreSQL, a web server and a worker, each of which can be killed at any moment
 * and is started again by `restart`, as the launcher would.
 */
export class Installation {
  readonly baseUrl: string
  /** Past row security: to set the scene, and to look at the truth. It loses its connections with the database. */
  readonly owner: pg.Pool
  readonly #directory: string
  readonly #env: NodeJS.ProcessEnv
  #database: RunningPostgres
  #children = new Map<'web' | 'worker', Child>()

  private constructor(directory: string, database: RunningPostgres, port: number, env: NodeJS.ProcessEnv) {
    this.#directory = directory
    this.#database = database
    this.#env = env
    this.baseUrl = `http://127.0.0.1:${port}`
    this.owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2, connectionTimeoutMillis: 5_000 })
    this.owner.on('error', () => {})
    this.owner.on('connect', (client) => client.on('error', () => {}))
  }

  /** Migrated, and nothing running on it but the database. */
  static async create(port: number, simulatorPort: number): Promise<Installation> {
    const directory = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`))
    chmodSync(directory, 0o711)
    const database = await startEmbeddedPostgres({ dataDirectory: directory, logger: QUIET, pdeathsig: true })
    const env = {
      ...serverEnvironment(simulatorPort),
      LEADLINE_HTTP_PORT: String(port),
      LEADLINE_DATA_DIR: directory,
      DATABASE_URL: database.appUrl,
      LEADLINE_DATABASE_OWNER_URL: database.ownerUrl,
    }
    const installation = new Installation(directory, database, port, env)
    const log = join(directory, 'migration.log')
    const migration = startChild('migration', [join(CHECKOUT, 'server/main.ts'), '--migrate'], env, log)
    if ((await migration.ended) !== 0) throw new Error(`migration: ${lastWords(log)}`)
    return installation
  }

  startServers(): void {
    for (const role of ['web', 'worker'] as const) this.#start(role)
  }

  #start(role: 'web' | 'worker'): void {
    const env = { ...this.#env, LEADLINE_ROLES: role }
    this.#children.set(
      role,
      startChild(role, [join(CHECKOUT, 'server/main.ts')], env, join(this.#directory, `${role}.log`)),
    )
  }

  /** kill -9, and gone. The database's own processes notice and leave by themselves. */
  async kill(target: Target): Promise<void> {
    const roles = (['web', 'worker'] as const).filter((role) => target === role || target === 'all')
    const ended = roles.map((role) => {
      const child = this.#children.get(role)
      if (!child) throw new Error(`${role} does not run`)
      process.kill(child.pid, 'SIGKILL')
      return child.ended
    })
    if (target === 'database' || target === 'all') {
      process.kill(this.#database.pid, 'SIGKILL')
      ended.push(this.#database.exited.then(({ code }) => code))
    }
    await Promise.all(ended)
  }

  async restart(target: Target): Promise<void> {
    if (target === 'database' || target === 'all') {
      await this.#database.stop()
      this.#database = await startEmbeddedPostgres({ dataDirectory: this.#directory, logger: QUIET, pdeathsig: true })
    }
    if (target === 'web' || target === 'all') this.#start('web')
    if (target === 'worker' || target === 'all') this.#start('worker')
  }

  /** A process that ended although nobody killed it: its last words. */
  endedByItself(): Promise<string | null> {
    const each = [...this.#children].map(async ([role, { ended }]) => {
      const code = await Promise.race([ended, sleep(0, 'running' as const)])
      return code === 'running' ? null : `${role} ended (${code}): ${lastWords(join(this.#directory, `${role}.log`))}`
    })
    return Promise.all(each).then((words) => words.find((word) => word !== null) ?? null)
  }

  /** What the web server wrote of answers that were its own fault. */
  internalErrors(): string[] {
    const lines = readFileSync(join(this.#directory, 'web.log'), 'utf8').split('\n')
    return lines.filter((line) => line.includes('"status":500')).map((line) => line.slice(0, 2_000))
  }

  client(clientId: string): Promise<Client> {
    return createClient(this.baseUrl, clientId)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#children.values()].map((child) => child.stop()))
    await this.owner.end()
    await this.#database.stop('immediate')
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Folders of runs that were killed themselves: their processes ended with them, the files stayed. */
export function sweepAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(new RegExp(`^${PREFIX}(?:clean-)?(\\d+)-`).exec(name)?.[1])
    if (pid > 0 && !existsSync(`/proc/${pid}`)) rmSync(join(tmpdir(), name), { recursive: true, force: true })
  }
}

/** For the installation and for the clean run beside it: no run begins by the clock but the first. */
export function serverEnvironment(simulatorPort: number): Record<string, string> {
  return {
    LEADLINE_SANDBOX: 'true',
    LEADLINE_SIM_PORT: String(simulatorPort),
    LEADLINE_SYNC_INTERVAL_SECONDS: '86400',
    LEADLINE_ADDRESS_CALLS_PER_MINUTE: '60000',
    LEADLINE_RATE_LIMIT_PER_MINUTE: '1000000',
    LEADLINE_LOG_LEVEL: 'warn',
  }
}
