import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { DatabaseUser } from './database-user.ts'

export type ProgramResult = { code: number | null; signal: NodeJS.Signals | null; output: string }

// Nothing of our own environment reaches the database: neither secrets nor PG* or LD_* settings of the person who starts it.
export const PROGRAM_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C', LC_ALL: 'C', TZ: 'UTC' }

const SETPRIV = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path))

/**
 * Command and spawn options that run a program as the database user. With `dieWithParent` the kernel sends the signal
 * to it when we end in any way, kill -9 included (needs util-linux; without it the program is simply left running).
 */
export function asDatabaseUser(
  program: string[],
  user: DatabaseUser,
  dieWithParent?: 'INT' | 'KILL',
): { file: string; args: string[]; options: { uid?: number; gid?: number; env: NodeJS.ProcessEnv; cwd: string } } {
  const options = { env: PROGRAM_ENVIRONMENT, cwd: '/' }
  const [file = '', ...args] = program
  if (!dieWithParent || !SETPRIV)
    return { file, args, options: user.dropped ? { ...options, uid: user.uid, gid: user.gid } : options }
  const identity = user.dropped ? [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'] : []
  return { file: SETPRIV, args: [...identity, '--pdeathsig', dieWithParent, ...program], options }
}

/** Runs a short program to its end and keeps the last 16 kB of what it said. It ends with us, and after the time-out. */
export function runProgram(
  program: string[],
  user: DatabaseUser,
  { input = '', timeoutSeconds = 60 }: { input?: string; timeoutSeconds?: number } = {},
): Promise<ProgramResult> {
  const { file, args, options } = asDatabaseUser(program, user, 'KILL')
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      ...options,
      stdio: 'pipe',
      timeout: timeoutSeconds * 1_000,
      killSignal: 'SIGKILL',
    })
    let output = ''
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-16_384)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    // A program that ends early closes its input; its exit code and output tell the story.
    child.stdin.on('error', () => {})
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, output }))
    child.stdin.end(input)
  })
}
