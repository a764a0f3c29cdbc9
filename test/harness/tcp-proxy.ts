import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** Where the proxy leads to: a port of this machine, or a local socket. */
export type ProxyTarget = { host: string; port: number } | { path: string }

/**
 * What happens to bytes, and to new connections:
 * `pass` and `delay` forward them (`delay` after `delayMs`); `hole` takes them and says nothing more, as a host that
 * vanished or a firewall that forgot: a connection that was in the hole stays dead; `refuse` resets new connections, and
 * leaves those that stand alone.
 */
export type ProxyMode = 'pass' | 'delay' | 'hole' | 'refuse'

/**
 * A TCP proxy of our own between two that talk, which does to their connections what networks do. Modes hold for
 * connections that stand as well as for new ones. Source: quality.md R5, stack.md 11.
 */
export type TcpProxy = {
  port: number
  /** Connections made since the start. */
  readonly made: number
  set(mode: ProxyMode, options?: { delayMs?: number }): void
  /** The next connection ends after so many bytes of the answer, orderly or by a reset. */
  cutNextAfter(bytes: number, how: 'close' | 'reset'): void
  /** The next connection says half of its farewell: it ends its answer after so many bytes and goes on listening. */
  halfCloseNextAfter(bytes: number): void
  /** Ends every connection that stands. */
  dropAll(how: 'close' | 'reset'): void
  close(): Promise<void>
}

type Cut = { bytes: number; how: 'close' | 'reset' | 'half' }
type Pair = { caller: Socket; target: Socket; cut: Cut | undefined; answered: number; dead: boolean }

/** A local socket knows no reset. */
function reset(socket: Socket): void {
  if (socket.remoteAddress === undefined) socket.destroy()
  else socket.resetAndDestroy()
}

export async function startTcpProxy(target: ProxyTarget, port = 0): Promise<TcpProxy> {
  const pairs = new Set<Pair>()
  let mode: ProxyMode = 'pass'
  let delayMs = 0
  let made = 0
  let nextCut: Cut | undefined

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (caller) => {
    made++
    if (mode === 'refuse') return void caller.on('error', () => {}).resetAndDestroy()
    const pair: Pair = {
      caller,
      target: connect({ ...target, allowHalfOpen: true }),
      cut: nextCut,
      answered: 0,
      dead: mode === 'hole',
    }
    nextCut = undefined
    pairs.add(pair)
    forward(pair, 'caller', 'target')
    forward(pair, 'target', 'caller')
  })

  function forward(pair: Pair, fromSide: 'caller' | 'target', toSide: 'caller' | 'target'): void {
    const from = pair[fromSide]
    const to = pair[toSide]
    from.on('data', (chunk) => {
      if (pair.dead) return
      const piece = fromSide === 'target' ? cutShort(pair, chunk) : chunk
      const pass = () => {
        if (pair.dead) return
        if (to.writable && !to.write(piece)) from.pause()
        if (fromSide === 'target') finishCut(pair)
      }
      if (mode === 'delay') setTimeout(pass, delayMs)
      else pass()
    })
    to.on('drain', () => from.resume())
    from.on('end', () => {
      if (pair.dead) return
      if (mode === 'delay') setTimeout(() => to.end(), delayMs)
      else to.end()
    })
    from.on('error', () => {
      if (!pair.dead) reset(to)
    })
    from.on('close', () => {
      if (pair.caller.destroyed && pair.target.destroyed) pairs.delete(pair)
      else if (!pair.dead) to.end()
    })
  }

  function cutShort(pair: Pair, chunk: Buffer): Buffer {
    if (!pair.cut) return chunk
    const left = Math.max(0, pair.cut.bytes - pair.answered)
    pair.answered += chunk.length
    return chunk.subarray(0, left)
  }

  function finishCut(pair: Pair): void {
    if (!pair.cut || pair.answered < pair.cut.bytes) return
    if (pair.cut.how === 'half') pair.caller.end()
    else endPair(pair, pair.cut.how)
  }

  function endPair({ caller, target: far }: Pair, how: 'close' | 'reset'): void {
    if (how === 'reset') reset(caller)
    else caller.destroySoon()
    far.destroy()
  }

  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.')

  return {
    port: address.port,
    get made() {
      return made
    },
    set(next, options = {}) {
      mode = next
      if (mode === 'hole') for (const pair of pairs) pair.dead = true
      delayMs = options.delayMs ?? delayMs
    },
    cutNextAfter(bytes, how) {
      nextCut = { bytes, how }
    },
    halfCloseNextAfter(bytes) {
      nextCut = { bytes, how: 'half' }
    },
    dropAll(how) {
      for (const pair of pairs) endPair(pair, how)
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const { caller, target: far } of pairs) {
        caller.destroy()
        far.destroy()
      }
      await closed
    },
  }
}
