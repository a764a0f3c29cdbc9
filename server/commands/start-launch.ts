import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config.ts'
import { type DataDirectory, updateInstallation } from '../data-directory.ts'
import type { PostgresLogger } from '../platform/embedded-postgres/index.ts'
import { type ScheduledBackups, startBackups } from './start-backups.ts'
import { type ChildFailure, type ChildPlan, SupervisedChild } from './start-child.ts'
import { type LaunchedDatabase, launchDatabase } from './start-database.ts'
import { Instances } from './start-instances.ts'
import { findPortProblem } from './start-port.ts'
import {
  firstAdministratorLink,
  migrate,
  serverEnvironment,
  serverPlan,
  simulatorAnswers,
  simulatorPlan,
} from './start-programs.ts'
import { waitUntilReady } from './start-readiness.ts'
import type { Terminal } from './start-terminal.ts'
import { welcome } from './start-welcome.ts'

export type LaunchFacts = {
  config: Config
  directory: DataDirectory
  /** Of this program. */
  version: string
  logger: PostgresLogger
  sandboxLeads: number
}

const EXIT = { stopped: 0, failed: 1, alreadyRunning: 3, interruptedTwice: 130 } as const
/** Together with the database's own end these stay below the ten seconds that a supervisor commonly grants. */
const GRACE_SECONDS = { 'web server': 3, worker: 4, simulator: 1 } as const
// What a launcher that stops, and the processes of one that was killed, may take to end; until then ports are taken.
const PREVIOUS_ENDS_SECONDS = 12
// A terminal sends Ctrl-C to us and to npm, which passes it on: one key press, two signals.
const SAME_SIGNAL_MS = 400
const SIMULATOR_TAKEOVER_POLL_MS = 2_000

/** One run of `leadline start`, from the first check to the last process ended. */
export class Launch {
  readonly #facts: LaunchFacts
  readonly #terminal: Terminal
  readonly #instances: Instances
  /** Aborted when everything is to end: by a signal, or because a process cannot run. */
  readonly #ending = new AbortController()
  readonly #children: SupervisedChild[] = []
  readonly #startedAt = Date.now()
  #database: LaunchedDatabase | null = null
  #backups: ScheduledBackups | null = null
  #exitCode: number = EXIT.stopped
  #ready = false
  #signalledAt = 0

  constructor(facts: LaunchFacts, terminal: Terminal) {
    this.#facts = facts
    this.#terminal = terminal
    const { http, sandbox } = facts.config
    this.#instances = new Instances(facts.directory.path, {
      ...{ host: http.host, port: http.port, url: http.publicUrl },
      simulatorPort: this.#isSandbox ? sandbox.simulatorPort : null,
    })
  }

  get #isSandbox(): boolean {
    return this.#facts.directory.installation.kind === 'sandbox'
  }

  /** Starts everything, waits for the end, stops everything. Resolves to the exit code. */
  async run(): Promise<number> {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => this.#onSignal())
    try {
      if (await this.#mayStart()) await this.#start()
    } catch (error) {
      // Interrupted work fails in its own way; that is no news to the person who interrupted it.
      if (!this.#ending.signal.aborted) throw error
    } finally {
      await this.#stop()
    }
    return this.#exitCode
  }

  async #start(): Promise<void> {
    const { config, directory, logger, version } = this.#facts
    const { signal } = this.#ending
    const simulatorPort = this.#simulatorPort()
    // First, because making its world takes a while in which the database can start.
    if (this.#isSandbox) this.#keepSimulator(simulatorPort)
    const dataDirectory = directory.path
    this.#database = await launchDatabase({ config, dataDirectory, terminal: this.#terminal, logger, signal })
    const env = serverEnvironment(directory, this.#database, simulatorPort)
    this.#terminal.progress('Updating the database')
    const failure = await migrate(env, signal)
    if (failure !== null) return this.#fail(`The database could not be brought to this version:\n${indent(failure)}`)
    // Not before: until the database is migrated, the older version may still go on with this directory.
    updateInstallation(directory, { version })
    if (this.#isSandbox) {
      this.#terminal.progress('Starting the simulator')
      if (!(await simulatorAnswers(simulatorPort, signal))) return
    }
    for (const role of ['web', 'worker'] as const) this.#startChild(serverPlan(role, env, directory))
    if (!(await waitUntilReady(this.#localUrl(), this.#terminal, signal))) return
    this.#ready = true
    this.#backups = startBackups({
      ...{ ...this.#facts, env, terminal: this.#terminal },
      isFirst: () => this.#instances.older().length === 0,
    })
    for (const child of this.#children) child.settle()
    const firstAdministrator = this.#isSandbox ? null : await firstAdministratorLink(env, signal)
    this.#terminal.say(welcome({ ...this.#welcomeFacts(simulatorPort, this.#database.words), firstAdministrator }))
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  }

  /** Says so and sets the exit code when something is in the way. */
  async #mayStart(): Promise<boolean> {
    const { host, port } = this.#facts.config.http
    const sameAddress = () => this.#instances.older().find((other) => other.port === port && other.host === host)
    const patienceUntil = Date.now() + PREVIOUS_ENDS_SECONDS * 1_000
    while (sameAddress()?.stopping && Date.now() < patienceUntil && !this.#ending.signal.aborted) {
      this.#terminal.progress('Waiting for the previous run to end')
      await sleep(100)
    }
    const running = sameAddress()
    if (running) {
      this.#terminal.complain(
        `Leadline is already running on this data directory: ${running.url} (process ${running.pid}).`,
        'Set LEADLINE_HTTP_PORT to another port to run a second web server and worker beside it.',
      )
      this.#exitCode = EXIT.alreadyRunning
      return false
    }
    const problem = await this.#portProblem()
    if (problem) this.#fail(`Leadline cannot start. ${problem.problem}`, problem.fix)
    return problem === null
  }

  async #portProblem() {
    const { http, sandbox } = this.#facts.config
    const needed = [{ host: http.host, port: http.port, variable: 'LEADLINE_HTTP_PORT' }]
    if (this.#isSandbox && this.#instances.older().length === 0)
      needed.push({ host: '127.0.0.1', port: sandbox.simulatorPort, variable: 'LEADLINE_SIM_PORT' })
    const patienceUntil = Date.now() + (this.#instances.foundDead ? PREVIOUS_ENDS_SECONDS * 1_000 : 0)
    for (const { host, port, variable } of needed) {
      for (;;) {
        const problem = await findPortProblem(host, port, variable)
        if (!problem) break
        if (Date.now() > patienceUntil || this.#ending.signal.aborted) return problem
        this.#terminal.progress('Waiting for the previous run to end')
        await sleep(200)
      }
    }
    return null
  }

  /** The oldest launcher of a data directory runs the simulator; the others use it at its port. */
  #simulatorPort(): number {
    return this.#instances.older()[0]?.simulatorPort ?? this.#facts.config.sandbox.simulatorPort
  }

  #keepSimulator(port: number): void {
    const { config, sandboxLeads, directory } = this.#facts
    const begin = () => this.#startChild(simulatorPlan(config, sandboxLeads, port, directory))
    this.#instances.update({ simulatorPort: port })
    if (this.#instances.older().length === 0) {
      begin()
      return
    }
    const timer = setInterval(() => {
      if (this.#instances.older().length > 0) return
      clearInterval(timer)
      if (!this.#ending.signal.aborted) begin()
    }, SIMULATOR_TAKEOVER_POLL_MS)
    this.#ending.signal.addEventListener('abort', () => clearInterval(timer))
  }

  #startChild(plan: ChildPlan): void {
    const child = new SupervisedChild(plan, {
      failure: (failure) => this.#onChildFailure(failure),
      restart: (name, ending, pauseSeconds) => {
        this.#facts.logger.warn({ name, ending, pauseSeconds }, 'process ended')
        if (this.#ready)
          this.#terminal.say(`The ${name} ended (${ending}) and starts again in ${pauseSeconds} s. See ${plan.logFile}`)
      },
    })
    if (this.#ready) child.settle()
    this.#children.push(child)
    child.start()
  }

  #onChildFailure({ name, ending, lastLines, logFile }: ChildFailure): void {
    const words = lastLines.length > 0 ? `\n${indent(lastLines.join('\n'))}` : ''
    this.#fail(`The ${name} does not start (${ending}).${words}`, `Its log: ${logFile}`)
  }

  #fail(problem: string, remedy = ''): void {
    this.#terminal.complain(problem, remedy)
    this.#exitCode = EXIT.failed
    this.#ending.abort()
  }

  #onSignal(): void {
    const now = Date.now()
    if (now - this.#signalledAt < SAME_SIGNAL_MS) return
    this.#signalledAt = now
    if (this.#ending.signal.aborted) {
      for (const child of this.#children) child.kill()
      this.#terminal.complain('Stopped at once.')
      this.#instances.leave()
      process.exit(EXIT.interruptedTwice)
    }
    this.#terminal.progress('Stopping')
    this.#ending.abort()
  }

  /** Web server first, so that no request meets a system that is half gone; the database last. */
  async #stop(): Promise<void> {
    this.#ending.abort()
    this.#instances.update({ stopping: true })
    await this.#backups?.stop()
    for (const name of ['web server', 'worker', 'simulator'] as const)
      for (const child of this.#children.filter((candidate) => candidate.plan.name === name))
        await child.stop(GRACE_SECONDS[name])
    await this.#database?.stop()
    this.#instances.leave()
    if (this.#ready) this.#terminal.say('Leadline has stopped.')
    this.#terminal.clear()
  }

  /** Where this machine reaches the web server: "listen everywhere" is no address to call. */
  #localUrl(): string {
    const { host, port } = this.#facts.config.http
    const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host
    return `http://${name}:${port}`
  }

  #welcomeFacts(simulatorPort: number, database: string) {
    const { config, directory } = this.#facts
    return {
      kind: directory.installation.kind,
      publicUrl: config.http.publicUrl,
      simulatorUrl: this.#isSandbox ? `http://127.0.0.1:${simulatorPort}` : null,
      dataDirectory: directory.path,
      database,
      startedInSeconds: (Date.now() - this.#startedAt) / 1_000,
    }
  }
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ')
}
