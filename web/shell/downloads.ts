import type { Streamed } from '../api/call.ts'
import { Watched } from '../ui/watched.ts'
import { saveFile } from './save-file.ts'

/** What the rows of a file are called. */
export type RowUnit = 'leads' | 'entries'

/** A file that is being fetched, was saved, or could not be. */
export type Download = {
  id: number
  fileName: string
  unit: RowUnit
  state: 'running' | 'saved' | 'failed'
  /** Rows so far, without the header. */
  rows: number
  /** null: not known before the end. */
  totalRows: number | null
  bytes: number
  error: unknown
  /** A page of the portal that says what is in the file. */
  help: string | null
}

export type DownloadOrder = Pick<Download, 'fileName' | 'unit' | 'help'> & {
  /** Begins to fetch lines of CSV; every row is one line. */
  begin: (signal: AbortSignal) => Promise<Streamed>
}

/** Those on the screen, oldest first. */
export const downloads = new Watched<readonly Download[]>([])

const running = new Map<number, AbortController>()
const orders = new Map<number, DownloadOrder>()
let lastId = 0

/** The screen is told so often: a fast line delivers hundreds of pieces a second. */
const TELL_EVERY_MS = 120
/** Pieces are handed to the browser in lumps of this size, which it keeps outside the page's own memory. */
const LUMP_BYTES = 1_048_576
const LINE_FEED = 10

/** Fetches a file beside everything else, tells how far it is, and saves it when it is whole. */
export async function startDownload(order: DownloadOrder): Promise<void> {
  lastId += 1
  const id = lastId
  const stop = new AbortController()
  running.set(id, stop)
  orders.set(id, order)
  const { fileName, unit, help } = order
  const first = { id, fileName, unit, help, state: 'running', rows: 0, totalRows: null, bytes: 0, error: null } as const
  // What was saved before has been seen.
  downloads.set([...downloads.get().filter(({ state }) => state !== 'saved'), first])
  try {
    const file = await receive(id, await order.begin(stop.signal))
    stop.signal.throwIfAborted()
    saveFile(file, fileName)
    tell(id, { state: 'saved' })
  } catch (error) {
    if (stop.signal.aborted) dismissDownload(id)
    else tell(id, { state: 'failed', error })
  } finally {
    running.delete(id)
  }
}

async function receive(id: number, { headers, pieces }: Streamed): Promise<Blob> {
  const lumps: Blob[] = []
  let lump: Uint8Array<ArrayBuffer>[] = []
  const all = headers.get('x-total-count')
  let [bytes, lumpBytes, lines, toldAt] = [0, 0, 0, 0]
  const report = () => tell(id, { bytes, rows: Math.max(0, lines - 1), totalRows: all === null ? null : Number(all) })
  for await (const piece of pieces) {
    lump.push(piece)
    bytes += piece.length
    lumpBytes += piece.length
    lines += linesIn(piece)
    if (lumpBytes >= LUMP_BYTES) {
      lumps.push(new Blob(lump))
      lump = []
      lumpBytes = 0
    }
    if (performance.now() - toldAt < TELL_EVERY_MS) continue
    toldAt = performance.now()
    report()
  }
  report()
  return new Blob([...lumps, ...lump], { type: 'text/csv;charset=utf-8' })
}

function linesIn(piece: Uint8Array): number {
  let lines = 0
  for (let at = piece.indexOf(LINE_FEED); at >= 0; at = piece.indexOf(LINE_FEED, at + 1)) lines += 1
  return lines
}

/** Stops it where it is; nothing is saved. */
export function cancelDownload(id: number): void {
  running.get(id)?.abort()
}

/** Fetches anew what could not be fetched; half a file is never gone on with, its leads may have changed. */
export function retryDownload(id: number): void {
  const order = orders.get(id)
  dismissDownload(id)
  if (order) void startDownload(order)
}

export function cancelAllDownloads(): void {
  for (const id of running.keys()) cancelDownload(id)
  downloads.set([])
}

export function dismissDownload(id: number): void {
  orders.delete(id)
  downloads.set(downloads.get().filter((one) => one.id !== id))
}

function tell(id: number, news: Partial<Download>): void {
  downloads.set(downloads.get().map((one) => (one.id === id ? { ...one, ...news } : one)))
}
