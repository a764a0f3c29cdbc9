import { readFileSync } from 'node:fs'

/**
 * Notes what the machine does from now on; the answer: the share of wanted processor time that it gave to other guests.
 * Always 0 where there is no /proc/stat.
 */
export function watchStolenTime(): () => number {
  const before = machineTicks()
  return () => {
    const now = machineTicks()
    const stolen = now.stolen - before.stolen
    const wanted = now.busy - before.busy + stolen
    return wanted > 0 ? stolen / wanted : 0
  }
}

function machineTicks(): { busy: number; stolen: number } {
  // proc(5): user, nice, system, idle, waiting for a disk, interrupts, soft interrupts, stolen.
  const fields = firstLine('/proc/stat')
    .replace(/^cpu +/, '')
    .split(' ')
    .map(Number)
  const busy = [...fields.slice(0, 3), ...fields.slice(5, 7)].reduce((sum, ticks) => sum + ticks, 0)
  return { busy, stolen: fields[7] ?? 0 }
}

function firstLine(file: string): string {
  try {
    return readFileSync(file, 'utf8').split('\n', 1)[0] ?? ''
  } catch {
    return ''
  }
}
