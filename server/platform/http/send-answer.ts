import { pipeline, type Readable } from 'node:stream'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import type { FastifyReply } from 'fastify'
import type { Answer, ConditionalAnswer } from './route.ts'

/** Smaller bodies cost more to compress than they save. */
const WORTH_COMPRESSING_BYTES = 1024

export type Encoding = 'zstd' | 'gzip'

// Level 1 both: higher levels take longer on the fly than they save on the wire (design/quality.md P4).
// In large pieces: each is a turn of a thread of the pool, and the default of 16 KiB takes two for what comes in one.
const CHUNK_BYTES = 128 * 1024
/** Looks back 256 KiB: what is looked at stays in the processor's cache, and leads further away help little. */
const WINDOW_LOG = 18
const { ZSTD_c_compressionLevel, ZSTD_c_windowLog } = zlib.constants
const ZSTD = {
  chunkSize: CHUNK_BYTES,
  params: { [ZSTD_c_compressionLevel]: 1, [ZSTD_c_windowLog]: WINDOW_LOG },
}
const GZIP = { level: 1, chunkSize: CHUNK_BYTES }
const compressNow = { zstd: promisify(zlib.zstdCompress), gzip: promisify(zlib.gzip) }
const compressor = { zstd: () => zlib.createZstdCompress(ZSTD), gzip: () => zlib.createGzip(GZIP) }

/** The encoding a caller prefers of those we make: zstd before gzip where it does not mind. Null: send as it is. */
export function preferredEncoding(acceptEncoding: string | undefined): Encoding | null {
  if (!acceptEncoding) return null
  let zstd = 0
  let gzip = 0
  for (const part of acceptEncoding.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim())
    const q = parameters.find((parameter) => parameter.startsWith('q='))
    const weight = q === undefined ? 1 : Number(q.slice(2)) || 0
    if (name === 'zstd') zstd = weight
    else if (name === 'gzip' || name === 'x-gzip') gzip = weight
  }
  if (zstd === 0 && gzip === 0) return null
  return zstd >= gzip ? 'zstd' : 'gzip'
}

/**
 * Sends an answer: 304 before the body is made when the caller has it, compressed on the fly when worth it, streams with
 * backpressure. A stream that fails before its first byte rejects, so that it becomes a problem; after that the socket is
 * destroyed, so that nobody takes half a page for a whole one.
 */
export async function sendAnswer(reply: FastifyReply, answer: Answer | ConditionalAnswer): Promise<FastifyReply> {
  const isRead = reply.request.method === 'GET' || reply.request.method === 'HEAD'
  // Those of an answer with its body are set with the body: a cookie that is set twice goes out twice.
  if ('produce' in answer && answer.headers) reply.headers(answer.headers)
  if (answer.etag !== undefined) {
    reply.header('etag', weakTag(answer.etag))
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-cache')
    if (isRead && matches(reply.request.headers['if-none-match'], answer.etag)) {
      if (!('produce' in answer) && answer.headers) reply.headers(answer.headers)
      reply.header('vary', VARY)
      if ('stream' in answer) answer.stream?.destroy()
      return reply.code(304).send()
    }
  }
  return sendBody(reply, 'produce' in answer ? await answer.produce() : answer)
}

// The tag names the content, not its encoding: one weak tag for identity, gzip and zstd.
const VARY = 'Accept-Encoding, Authorization, Cookie, X-Ovoc-Channel-Id, X-Leadline-Operator'

async function sendBody(reply: FastifyReply, answer: Answer): Promise<FastifyReply> {
  if (answer.headers) reply.headers(answer.headers)
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  const text = answer.text ?? (answer.json === undefined ? undefined : JSON.stringify(answer.json))
  if (text === undefined && !answer.stream) return reply.code(answer.status ?? 204).send()
  reply.code(answer.status ?? 200)
  reply.header('vary', VARY)
  if (answer.contentType) reply.header('content-type', answer.contentType)
  else if (!reply.hasHeader('content-type')) reply.header('content-type', 'application/json; charset=utf-8')
  return answer.stream ? sendStream(reply, answer.stream) : sendText(reply, text ?? '')
}

async function sendText(reply: FastifyReply, text: string | Buffer): Promise<FastifyReply> {
  const encoding = preferredEncoding(reply.request.headers['accept-encoding'])
  if (!encoding || text.length <= WORTH_COMPRESSING_BYTES) {
    return sendBytes(reply, text, Buffer.byteLength(text))
  }
  const bytes = encoding === 'zstd' ? await compressNow.zstd(text, ZSTD) : await compressNow.gzip(text, GZIP)
  reply.header('content-encoding', encoding)
  return sendBytes(reply, bytes, bytes.length)
}

function sendBytes(reply: FastifyReply, body: string | Buffer, length: number): FastifyReply {
  reply.header('content-length', length)
  return reply.send(reply.request.method === 'HEAD' ? '' : body)
}

async function sendStream(reply: FastifyReply, stream: Readable): Promise<FastifyReply> {
  const abandon = () => stream.destroy()
  reply.raw.once('close', abandon)
  stream.once('error', (error) => {
    reply.request.state.error ??= error
  })
  if (reply.request.method === 'HEAD') {
    stream.on('error', () => {})
    stream.destroy()
    return reply.send('')
  }
  const head = await readHead(stream, WORTH_COMPRESSING_BYTES)
  if (head.ended) return sendBytes(reply, head.bytes, head.bytes.length)
  const encoding = preferredEncoding(reply.request.headers['accept-encoding'])
  if (!encoding) return reply.send(stream)
  reply.header('content-encoding', encoding)
  // An error on either side destroys the other; the framework sees the compressor fail and destroys the socket.
  return reply.send(pipeline(stream, compressor[encoding](), () => {}))
}

/** The first bytes of a stream, left in it unless it ended with them. Rejects when it fails before. */
function readHead(stream: Readable, bytes: number): Promise<{ bytes: Buffer; ended: boolean }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const settle = (act: () => void) => {
      stream.off('readable', onReadable).off('end', onEnd).off('error', onError).off('close', onClose)
      act()
    }
    const onReadable = () => {
      for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) {
        chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
        size += chunks.at(-1)?.length ?? 0
        if (size > bytes) return settle(onEnough)
      }
    }
    const onEnough = () => {
      stream.unshift(Buffer.concat(chunks))
      resolve({ bytes: EMPTY, ended: false })
    }
    const onEnd = () => settle(() => resolve({ bytes: Buffer.concat(chunks), ended: true }))
    const onError = (error: Error) => settle(() => reject(error))
    const onClose = () => settle(() => reject(new Error('The stream was closed before its first byte.')))
    stream.on('readable', onReadable).on('end', onEnd).on('error', onError).on('close', onClose)
  })
}

const EMPTY = Buffer.alloc(0)

function weakTag(tag: string): string {
  return `W/"${tag}"`
}

// RFC 9110 13.1.2: If-None-Match compares weakly.
function matches(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch === weakTag(tag)) return true
  return ifNoneMatch.split(',').some((one) => {
    const candidate = one.trim()
    return candidate === '*' || candidate.replace(/^W\//, '') === `"${tag}"`
  })
}
