import { closeSync, copyFileSync, existsSync, openSync, readSync, statSync, truncateSync } from 'node:fs'

const LOG_BYTES_MAX = 10 * 1_048_576

/** Opens the log of a child for appending; the child writes to it directly. The caller closes the descriptor. */
export function openLogFile(path: string): number {
  boundLogFile(path)
  return openSync(path, 'a', 0o640)
}

/** Keeps a log at 10 MB and one older part. The writers append, so they go on at the new end by themselves. */
export function boundLogFile(path: string, bytesMax = LOG_BYTES_MAX): void {
  if (!existsSync(path) || statSync(path).size <= bytesMax) return
  copyFileSync(path, `${path}.1`)
  truncateSync(path)
}

/** The last lines of a log after byte `from`, as text for a person: of a JSON line its message and error. */
export function lastLines(path: string, count = 8, from = 0): string[] {
  if (!existsSync(path)) return []
  const { size } = statSync(path)
  const bytes = Buffer.alloc(Math.min(Math.max(0, size - from), 32_768))
  const file = openSync(path, 'r')
  try {
    readSync(file, bytes, 0, bytes.length, size - bytes.length)
  } finally {
    closeSync(file)
  }
  const lines = bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
  return lines.slice(-count).map(readable)
}

type LogLine = { msg?: string; err?: { message?: string; stack?: string } }

function readable(line: string): string {
  if (!line.startsWith('{')) return line
  try {
    const { msg, err } = JSON.parse(line) as LogLine
    const told = [msg, err?.message].filter((text, index, all) => text && all.indexOf(text) === index)
    return told.length > 0 ? told.join(': ') : line
  } catch {
    // A torn line is shown as it is.
    return line
  }
}
