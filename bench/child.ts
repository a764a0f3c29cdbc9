import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process of the bench: it ends when asked to, and when the bench is gone in whatever way. */
export type Child = {
  name: string
  pid: number
  /** Sends one question over the channel and resolves with the answer; a child that ends first rejects. */
  ask<Answer>(question: unknown): Promise<Answer>
  /** Resolves with the exit code; null when a signal ended it. */
  ended: Promise<number | null>
  /** SIGTERM, and SIGKILL after 5 s. */
  stop(): Promise<void>
}

// The launcher's own guard: the channel to the parent closes, so the child stops.
const GUARD = join(import.meta.dirname, '../server/commands/start-child-guard.ts')
const GRACE_MS = 5_000

type Reply = { number: number; answer?: unknown; error?: string }

/** Starts a program with this Node; what it prints goes to the log file. */
export function startChild(name: string, program: string[], env: NodeJS.ProcessEnv, logFile: string): Child {
  const log = openSync(logFile, 'a')
  const child = spawn(process.execPath, ['--import', GUARD, ...program], {
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>()
  let asked = 0
  child.on('message', (message) => {
    const { number, answer, error } = message as Reply
    const one = waiting.get(number)
    waiting.delete(number)
    if (error === undefined) one?.resolve(answer as never)
    else one?.reject(new Error(`${name}: ${error}`))
  })
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null))
    child.once('exit', (code) => {
      for (const one of waiting.values()) one.reject(new Error(`${name} ended: ${lastWords(logFile)}`))
      waiting.clear()
      resolve(code)
    })
  })
  return {
    name,
    pid: child.pid ?? 0,
    ended,
    ask: (question) =>
      new Promise((resolve, reject) => {
        const number = ++asked
        waiting.set(number, { resolve, reject })
        child.send({ number, question }, (error) => error && reject(error))
      }),
    stop: () => stop(child, ended),
  }
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const late = await Promise.race([ended, sleep(GRACE_MS, 'late' as const, { ref: false })])
  if (late === 'late') child.kill('SIGKILL')
  await ended
}

/** The last lines of a log, for an error message. */
export function lastWords(logFile: string): string {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-4).join(' | ').slice(-1_000)
}

/** In the child: answers each question of the parent; a failure is an answer too. */
export function answerQuestions<Question>(answer: (question: Question) => Promise<unknown>): void {
  process.on('message', async (message) => {
    const { number, question } = message as { number: number; question: Question }
    try {
      process.send?.({ number, answer: await answer(question) })
    } catch (error) {
      process.send?.({ number, error: error instanceof Error ? error.message : String(error) })
    }
  })
  process.channel?.ref()
}
