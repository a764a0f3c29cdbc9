import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'

/** Whether a process with this id exists, whoever owns it. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Whether the process works in this folder, as a PostgreSQL server does in its data; a reused process id does not. */
export function worksIn(pid: number, directory: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(directory)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    return (code === 'EACCES' || code === 'EPERM') && namesFolder(pid, directory)
  }
}

/** Every process that works in this folder: a server, or what is left of one whose parent was killed. */
export function processesIn(directory: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && worksIn(pid, directory))
}

// In a container even the superuser may not look at the folder of another user's process, but anyone may read its
// command line. A server's own children hide theirs behind a title: each of those counts as ours, to be safe.
function namesFolder(pid: number, directory: string): boolean {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return words.includes(directory) || words[0]?.startsWith('postgres: ') === true
  } catch {
    return false
  }
}
