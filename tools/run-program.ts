import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const CHECKOUT = fileURLToPath(new URL('..', import.meta.url))

export type ProgramResult = {
  /** null: ended by a signal, which the output then names. */
  code: number | null
  /** stdout and stderr as they came, without the blanks around. */
  output: string
  stdout: string
}

export type ProgramOptions = {
  cwd?: string
  env?: Record<string, string>
  /** After this long it is stopped with everything it started. */
  timeoutSeconds: number
}

const running = new Set<number>()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    for (const pid of running) killGroup(pid)
    process.exit(130)
  })
}

/** Runs a JavaScript or TypeScript program of ours, or of a package, with the Node that runs this. Never rejects on a bad exit. */
export function runNode(script: string, args: string[], options: ProgramOptions): Promise<ProgramResult> {
  return runProgram(process.execPath, [script, ...args], options)
}

export function runProgram(file: string, args: string[], options: ProgramOptions): Promise<ProgramResult> {
  const { cwd = CHECKOUT, env = {}, timeoutSeconds } = options
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that a time-out ends what it started as well.
      detached: true,
    })
    const { pid } = child
    if (pid !== undefined) running.add(pid)
    let output = ''
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      output += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    const timer = setTimeout(() => {
      output += `\nStopped: it took longer than ${timeoutSeconds} s.`
      if (pid !== undefined) killGroup(pid)
    }, timeoutSeconds * 1_000)
    child.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      if (pid !== undefined) running.delete(pid)
      if (signal !== null) output += `\nEnded by ${signal}.`
      resolve({ code, output: output.trim(), stdout })
    })
  })
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
