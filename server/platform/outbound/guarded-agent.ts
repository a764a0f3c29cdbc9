import { lookup } from 'node:dns/promises'
import { isIP, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { Agent, buildConnector, type Dispatcher } from 'undici'
import type { AddressGuard } from './address-guard.ts'

/** The addresses of a name, in the order of preference. */
export type Resolve = (name: string) => Promise<string[]>

/** The address, or one of those that the name resolves to, is not one that calls may go to. */
export class AddressRefusedError extends Error {
  readonly code = 'address-refused'

  constructor(reason: string) {
    super(reason)
    this.name = 'AddressRefusedError'
  }
}

export type AgentSettings = {
  guard: AddressGuard
  /** Default: the resolver of this machine. */
  resolve?: Resolve
  /** Connections to one receiver. Default 16. */
  connections?: number
  /** Issuers to trust instead of the usual ones, PEM. */
  ca?: string
  /** SHA-256 of the one certificate to trust, hex without colons: its name and issuer do not matter, its end does. */
  fingerprint?: string
}

/** The other end shows a certificate that has ended, or is not the one that was pinned. */
export class CertificateRefusedError extends Error {
  readonly code = 'certificate-refused'

  constructor(reason: string) {
    super(reason)
    this.name = 'CertificateRefusedError'
  }
}

const CONNECT_TIMEOUT_MS = 5_000
const ADDRESSES_TRIED = 3

/**
 * An undici agent that connects only where the guard allows. A name is resolved once for a connection, every address of it
 * is judged, and the connection is made to one of these very addresses; nothing is resolved a second time.
 */
export function createGuardedAgent({
  guard,
  resolve = systemResolve,
  connections = 16,
  ca,
  fingerprint,
}: AgentSettings): Agent {
  const connectTo = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    allowH2: false,
    ...(ca !== undefined && { ca }),
    // Whether it is the pinned one is looked at before a byte is sent. A session that is taken up again shows no certificate.
    ...(fingerprint !== undefined && { rejectUnauthorized: false, maxCachedSessions: 0 }),
  })

  async function open(options: buildConnector.Options): Promise<Socket> {
    const port = Number(options.port || (options.protocol === 'https:' ? 443 : 80))
    const isPlain = options.protocol !== 'https:'
    const name = options.hostname.replace(/\.$/, '')
    const isLiteral = isIP(name) !== 0
    const addresses = isLiteral ? [name] : await resolve(name)
    // One bad address among good ones is no accident either.
    for (const address of addresses) {
      const judgement = guard.judgeAddress(address, port, isPlain)
      if (judgement.ok) continue
      throw new AddressRefusedError(isLiteral ? judgement.reason : `${name} resolves to ${judgement.reason}`)
    }
    let failure: unknown = Object.assign(new Error(`${name} has no address.`), { code: 'ENOTFOUND' })
    for (const address of addresses.slice(0, ADDRESSES_TRIED)) {
      try {
        const socket = await connect({
          ...options,
          hostname: address,
          ...(options.protocol === 'https:' && !isLiteral && { servername: name }),
        })
        return checked(socket, port, isPlain)
      } catch (error) {
        if (error instanceof AddressRefusedError || error instanceof CertificateRefusedError) throw error
        failure = error
      }
    }
    throw failure
  }

  function connect(options: buildConnector.Options): Promise<Socket> {
    const { promise, resolve: done, reject } = Promise.withResolvers<Socket>()
    connectTo(options, (error, socket) => (socket ? done(socket) : reject(error)))
    return promise
  }

  /** What the other end really is: the last word, before a byte is sent. */
  function checked(socket: Socket, port: number, isPlain: boolean): Socket {
    const judgement = guard.judgeAddress(socket.remoteAddress?.replace(/%.*$/, '') ?? '', port, isPlain)
    const refusal = judgement.ok ? pinRefusal(socket, fingerprint) : new AddressRefusedError(judgement.reason)
    if (refusal === null) return socket
    socket.destroy()
    throw refusal
  }

  return new Agent({
    connections,
    pipelining: 1,
    keepAliveTimeout: 10_000,
    maxHeaderSize: 16_384,
    connect: (options, callback) => {
      open(options).then(
        (socket) => callback(null, socket),
        (error: Error) => callback(error, null),
      )
    },
  } satisfies Agent.Options)
}

export type { Dispatcher }

function pinRefusal(socket: Socket, fingerprint: string | undefined): CertificateRefusedError | null {
  if (fingerprint === undefined || !(socket instanceof TLSSocket)) return null
  const { fingerprint256, valid_to: end } = socket.getPeerCertificate()
  const shown = (fingerprint256 ?? '').replaceAll(':', '').toLowerCase()
  if (shown !== fingerprint.toLowerCase()) {
    return new CertificateRefusedError(
      shown === ''
        ? 'It shows no certificate.'
        : `It shows another certificate than the one that was entered: ${shown}.`,
    )
  }
  return Date.parse(end) < Date.now() ? new CertificateRefusedError(`Its certificate ended on ${end}.`) : null
}

async function systemResolve(name: string): Promise<string[]> {
  const found = await lookup(name, { all: true, verbatim: true })
  return found.map(({ address }) => address)
}
