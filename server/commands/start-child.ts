import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { boundLogFile, lastLines, openLogFile } from './start-log-file.ts'

export type ChildPlan = {
  /** What a person calls it: "web server", "worker", "simulator". */
  name: string
  /** Program and its arguments, run with this Node. */
  program: string[]
  env: NodeJS.ProcessEnv
  logFile: string
}

/** Says that a child cannot be kept running: its name, how it ended, and its last words. */
export type ChildFailure = { name: string; ending: string; lastLines: string[]; logFile: string }

const GUARD = join(import.meta.dirname, 'start-child-guard.ts')
const QUICK_FAILURE_SECONDS = 20
const QUICK_FAILURES_MAX = 3
const BACK_OFF_SECONDS_MAX = 30
const LOG_CHECK_SECONDS = 30
// A program that ends with it says that trying again is useless: its settings are wrong.
const EXIT_CODE_SETTINGS = 2

/**
 * Keeps one process running: restarted with growing pauses when it ends, until `stop`. Before `settle` it may fail only
 * three times in quick succession; afterwards it is always brought back.
 */
export class SupervisedChild {
  readonly plan: ChildPlan
  readonly #onFailure: (failure: ChildFailure) => void
  readonly #onRestart: (name: string, ending: string, pauseSeconds: number) => void
  readonly #logCheck: NodeJS.Timeout
  #process: ChildProcess | null = null
  #ended: Promise<void> = Promise.resolve()
  #stopping = new AbortController()
  #settled = false
  #quickFailures = 0
  #logStart = 0

  constructor(
    plan: ChildPlan,
    on: {
      failure: (failure: ChildFailure) => void
      restart: (name: string, ending: string, pauseSeconds: number) => void
    },
  ) {
    this.plan = plan
    this.#onFailure = on.failure
    this.#onRestart = on.restart
    this.#logCheck = setInterval(() => boundLogFile(plan.logFile), LOG_CHECK_SECONDS * 1_000).unref()
  }

  start(): void {
    const { program, env, logFile } = this.plan
    const log = openLogFile(logFile)
    this.#logStart = statSync(logFile).size
    const startedAt = Date.now()
    // A session of its own: Ctrl-C reaches the launcher only, which then stops everything in order.
    const child = spawn(process.execPath, ['--import', GUARD, ...program], {
      env,
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
    })
    closeSync(log)
    this.#process = child
    this.#ended = new Promise((resolve) => {
      const end = (ending: string, code: number | null) => {
        resolve()
        this.#process = null
        void this.#afterEnd(ending, code, (Date.now() - startedAt) / 1_000)
      }
      child.once('error', (error) => end(error.message, null))
      child.once('exit', (code, signal) => end(signal ? `killed by ${signal}` : `exit code ${code}`, code))
    })
  }

  /** From now on every end is followed by a restart. */
  settle(): void {
    this.#settled = true
  }

  /** Asks it to stop, and makes it after `graceSeconds`. */
  async stop(graceSeconds: number): Promise<void> {
    this.#stopping.abort()
    clearInterval(this.#logCheck)
    if (!this.#process) return
    this.#process.kill('SIGTERM')
    const late = sleep(graceSeconds * 1_000, 'late' as const, { ref: false })
    if ((await Promise.race([this.#ended, late])) === 'late') this.kill()
    await this.#ended
  }

  /** Ends it at once. */
  kill(): void {
    this.#stopping.abort()
    this.#process?.kill('SIGKILL')
  }

  async #afterEnd(ending: string, code: number | null, livedSeconds: number): Promise<void> {
    if (this.#stopping.signal.aborted) return
    this.#quickFailures = livedSeconds < QUICK_FAILURE_SECONDS ? this.#quickFailures + 1 : 0
    const hopeless = code === EXIT_CODE_SETTINGS || this.#quickFailures >= QUICK_FAILURES_MAX
    if (!this.#settled && hopeless) {
      const { name, logFile } = this.plan
      this.#onFailure({ name, ending, logFile, lastLines: lastLines(logFile, 8, this.#logStart) })
      return
    }
    const pauseSeconds = Math.min(BACK_OFF_SECONDS_MAX, 2 ** Math.max(0, this.#quickFailures - 1))
    this.#onRestart(this.plan.name, ending, pauseSeconds)
    const aborted = await sleep(pauseSeconds * 1_000, false, { signal: this.#stopping.signal }).catch(() => true)
    if (!aborted) this.start()
  }
}
