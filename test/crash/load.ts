import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, Reply } from '../harness/client.ts'

/** What callers saw while processes were killed. */
export type Seen = {
  /** Exports that came whole, and those that were cut or refused: either is right, a short file that looks whole is not. */
  wholeExports: number
  cutExports: number
  lists: number
  refused: number
  /** Highest value of the changing setting that was acknowledged, and that was tried. */
  acknowledged: number
  tried: number
  wrong: string[]
}

export type Load = { stop(): Promise<Seen> }

/** Where changes of `startLoad` go: not the operator whose sync is looked at. */
export const CHANGED_CONNECTION = '/api/v4/connections/869'
/** So that two cores have room for the work itself. */
const PAUSE_MS = 150

/** Callers that export, read and change things without a pause; `from` is the last value tried before. */
export function startLoad(northwind: Client, fabrikam: Client, from: number): Load {
  const stopping = new AbortController()
  const seen: Seen = {
    ...{ wholeExports: 0, cutExports: 0, lists: 0, refused: 0 },
    ...{ acknowledged: from, tried: from, wrong: [] },
  }
  const loops = [
    keep(() => exportLeads(northwind, seen)),
    keep(() => readPage(northwind, seen)),
    keep(() => changeConnection(fabrikam, seen)),
  ]

  async function keep(work: () => Promise<void>): Promise<void> {
    while (!stopping.signal.aborted) {
      await work()
      await sleep(PAUSE_MS)
    }
  }

  return {
    async stop() {
      stopping.abort()
      await Promise.all(loops)
      return seen
    },
  }
}

/** No answer at all, or one that breaks off: null. */
async function attempt(ask: () => Promise<Reply>): Promise<Reply | null> {
  try {
    return await ask()
  } catch {
    return null
  }
}

async function exportLeads(client: Client, seen: Seen): Promise<void> {
  const reply = await attempt(() => client.get('/api/v4/leads.csv'))
  if (reply === null || isRefusal(reply, seen)) {
    seen.cutExports++
    return
  }
  const lines = reply.text.split('\r\n').length - 2
  const total = Number(reply.headers.get('x-total-count'))
  if (reply.status !== 200 || lines !== total) seen.wrong.push(`export ${reply.status}: ${lines} lines of ${total}`)
  seen.wholeExports++
}

async function readPage(client: Client, seen: Seen): Promise<void> {
  const reply = await attempt(() => client.get('/api/v2/oc/lead?PageSize=200'))
  if (reply === null || isRefusal(reply, seen)) {
    seen.refused++
    return
  }
  if (reply.status !== 200 || reply.body.length !== 200)
    seen.wrong.push(`list ${reply.status}: ${reply.text.slice(0, 200)}`)
  seen.lists++
}

/** Each change is larger than the one before: what is stored in the end must be at least the last acknowledged. */
async function changeConnection(client: Client, seen: Seen): Promise<void> {
  const requestTimeoutMs = ++seen.tried
  const reply = await attempt(() => client.send('PUT', CHANGED_CONNECTION, { requestTimeoutMs }))
  if (reply === null || isRefusal(reply, seen)) return
  if (reply.status === 200) seen.acknowledged = requestTimeoutMs
  else seen.wrong.push(`change ${reply.status}: ${reply.text.slice(0, 200)}`)
}

/** A 503 in our words with when to come back is a right answer while the database is away; any other 5xx is not. */
function isRefusal({ status, body, headers, text }: Reply, seen: Seen): boolean {
  if (status < 500) return false
  if (status !== 503 || typeof body.code !== 'string' || headers.get('retry-after') === null)
    seen.wrong.push(`answer ${status}: ${text.slice(0, 200)}`)
  return true
}
