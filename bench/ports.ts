import { once } from 'node:events'
import { createServer } from 'node:net'

const FIRST = 18_101
const LAST = 18_199

let next = FIRST

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  while (next <= LAST) {
    const port = next++
    if (await isFree(port)) return port
  }
  throw new Error(`No port from ${FIRST} to ${LAST} is free: end what listens there.`)
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer()
  try {
    probe.listen(port, '127.0.0.1')
    await once(probe, 'listening')
    return true
  } catch {
    return false
  } finally {
    probe.close()
  }
}
