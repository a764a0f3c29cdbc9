import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A launcher that uses a data directory. */
export type Instance = {
  pid: number
  /** When the kernel started the process, in its own ticks: tells a process from a later one with the same id. */
  startTicks: number
  host: string
  port: number
  url: string
  /** `null` in a production. */
  simulatorPort: number | null
  /** It has been told to stop and will be gone in a moment. */
  stopping: boolean
}

/** The launchers of one data directory, one small file each. The oldest living one runs the simulator for all. */
export class Instances {
  readonly #directory: string
  readonly #own: Instance
  /** Files of launchers that were killed: their processes may need a moment to end. */
  readonly foundDead: boolean

  constructor(dataDirectory: string, own: Omit<Instance, 'pid' | 'startTicks' | 'stopping'>) {
    this.#directory = join(dataDirectory, 'instances')
    mkdirSync(this.#directory, { recursive: true })
    chmodSync(this.#directory, 0o700)
    this.#own = { ...own, stopping: false, pid: process.pid, startTicks: startTicksOf(process.pid) ?? 0 }
    this.foundDead = this.#removeDead()
    this.update({})
  }

  /** Stores changed facts about this launcher. */
  update(changes: Partial<Instance>): void {
    Object.assign(this.#own, changes)
    const file = this.#fileOf(this.#own.pid)
    writeFileSync(`${file}.new`, JSON.stringify(this.#own), { mode: 0o600 })
    renameSync(`${file}.new`, file)
  }

  /** Living launchers that were here before this one, the oldest first. */
  older(): Instance[] {
    const before = (a: Instance, b: Instance) => a.startTicks - b.startTicks || a.pid - b.pid
    return this.#read()
      .filter((instance) => isAlive(instance) && before(instance, this.#own) < 0)
      .toSorted(before)
  }

  leave(): void {
    rmSync(this.#fileOf(this.#own.pid), { force: true })
  }

  #removeDead(): boolean {
    const dead = this.#read().filter((instance) => !isAlive(instance))
    for (const { pid } of dead) rmSync(this.#fileOf(pid), { force: true })
    return dead.length > 0
  }

  #read(): Instance[] {
    return readInstances(this.#directory)
  }

  #fileOf(pid: number): string {
    return join(this.#directory, `${pid}.json`)
  }
}

function readInstances(directory: string): Instance[] {
  if (!existsSync(directory)) return []
  return readdirSync(directory)
    .filter((name) => /^\d+\.json$/.test(name))
    .flatMap((name) => {
      try {
        return [JSON.parse(readFileSync(join(directory, name), 'utf8')) as Instance]
      } catch {
        // Just being removed by its owner.
        return []
      }
    })
}

/** Launchers that use a data directory now. */
export function livingInstances(dataDirectory: string): Instance[] {
  return readInstances(join(dataDirectory, 'instances')).filter(isAlive)
}

function isAlive({ pid, startTicks }: Instance): boolean {
  return startTicksOf(pid) === startTicks
}

function startTicksOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold blanks; the 22nd field of all is the 20th after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? null : Number(fields[19])
  } catch {
    return null
  }
}
