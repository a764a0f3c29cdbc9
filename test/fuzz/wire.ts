import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import type { Answer } from './judge.ts'
import type { PlannedRequest } from './request-plan.ts'

const agent = new Agent({ keepAlive: true, maxSockets: 8 })

/** Sends a request as it was planned: no path is put right, no header left out. */
export function send(baseUrl: string, { method, target, headers, body }: PlannedRequest): Promise<Answer> {
  const { hostname, port } = new URL(baseUrl)
  const length = body === undefined ? {} : { 'content-length': String(body.length) }
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { agent, hostname, port, method, path: target, headers: { ...headers, ...length }, timeout: 40_000 },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', reject)
        incoming.on('end', () => {
          try {
            const text = decoded(Buffer.concat(chunks), incoming.headers['content-encoding'])
            resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text })
          } catch (error) {
            reject(error)
          }
        })
      },
    )
    outgoing.on('timeout', () => outgoing.destroy(new Error(`No answer to ${method} ${target.slice(0, 200)}`)))
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

function decoded(bytes: Buffer, encoding: string | undefined): string {
  if (bytes.length === 0 || encoding === undefined) return bytes.toString()
  if (encoding === 'gzip') return gunzipSync(bytes).toString()
  if (encoding === 'zstd') return zstdDecompressSync(bytes).toString()
  throw new Error(`An answer came as ${encoding}.`)
}

export function closeConnections(): void {
  agent.destroy()
}

/** Bytes that are no request, or hardly one; resolves to what came back before the connection ended. */
export function sendBytes(baseUrl: string, bytes: Buffer): Promise<string> {
  const { hostname, port } = new URL(baseUrl)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    let said = ''
    // Who waits for more gets no more.
    socket.setTimeout(1_500, () => socket.destroy())
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1')
    })
    socket.on('error', (error: NodeJS.ErrnoException) =>
      /ECONNRESET|EPIPE/.test(error.code ?? '') ? resolve(said) : reject(error),
    )
    socket.on('close', () => resolve(said))
    socket.end(bytes)
  })
}
