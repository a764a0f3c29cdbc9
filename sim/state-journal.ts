import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'

/** What has to be the same for a recorded change to mean the same: kept in the first line of the file. */
export interface JournalHeader {
  version: 1
  seed: number
  epochMs: number
}

/**
 * What a person or a test did, one JSON object a line, appended before it takes effect. A line that
 * was torn by a kill is cut off at the next start; nothing after it can exist.
 */
export class StateJournal {
  private readonly path: string

  constructor(path: string) {
    this.path = path
  }

  /** The header and the changes on file, or undefined when there is no file yet. */
  read(): { header: JournalHeader; changes: unknown[] } | undefined {
    if (!existsSync(this.path)) return undefined
    const bytes = readFileSync(this.path)
    const complete = bytes.lastIndexOf('\n') + 1
    if (complete < bytes.length) truncateSync(this.path, complete)
    const [headerLine, ...lines] = bytes.subarray(0, complete).toString('utf8').split('\n').filter(Boolean)
    if (headerLine === undefined) return undefined
    return {
      header: parseHeader(headerLine, this.path),
      changes: lines.map((line, index) => parseLine(line, index + 2, this.path)),
    }
  }

  /** Begins an empty file. */
  start(header: JournalHeader): void {
    writeFileSync(this.path, `${JSON.stringify(header)}\n`)
  }

  append(change: unknown): void {
    appendFileSync(this.path, `${JSON.stringify(change)}\n`)
  }
}

function parseLine(line: string, lineNumber: number, path: string): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    throw new Error(`${path}, line ${lineNumber}, is damaged: delete the line or the file.`, { cause: error })
  }
}

function parseHeader(line: string, path: string): JournalHeader {
  const header = parseLine(line, 1, path) as Partial<JournalHeader>
  if (header.version !== 1 || typeof header.seed !== 'number' || typeof header.epochMs !== 'number') {
    throw new Error(`${path} is not a state file of this simulator: delete it or set another LEADLINE_SIM_STATE_FILE.`)
  }
  return { version: 1, seed: header.seed, epochMs: header.epochMs }
}
