import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

const given = new Set<number>()

/** A port of 127.0.0.1 that nobody listens on, as the system deals them out: two benches at once do not meet. */
export async function freePort(): Promise<number> {
  for (;;) {
    const probe = createServer()
    probe.listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const { port } = probe.address() as AddressInfo
    probe.close()
    await once(probe, 'close')
    if (given.has(port)) continue
    given.add(port)
    return port
  }
}
