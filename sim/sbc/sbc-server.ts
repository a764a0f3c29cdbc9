import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { formFile } from './form-file.ts'
import { SBC_CERTIFICATES } from './sbc-certificates.ts'
import type { SbcBehaviour, SbcDevice } from './sbc-device.ts'

type Answer = { status: number; body: unknown; script?: string; output?: string }

const BODY_LIMIT_BYTES = 4 * 1024 * 1024
const API = '/api/v1'

/** The REST interface of one simulated device, over TLS on a port of its own. Source: domain/sbc.md. */
export class SbcServer {
  readonly device: SbcDevice
  port: number | null = null
  private readonly host: string
  private server: Server | undefined
  /** The certificate that it listens with. */
  private shown: SbcDevice['certificate'] | undefined

  constructor(device: SbcDevice, host: string) {
    this.device = device
    this.host = host
  }

  /** @throws Error with code EADDRINUSE when the port is taken */
  async listen(port: number): Promise<void> {
    const { cert, key } = SBC_CERTIFICATES[this.device.certificate]
    const server = createServer({ cert, key }, (request, response) => {
      void this.serve(request, response).catch((error: unknown) => {
        process.stderr.write(`simulated SBC ${this.device.name}: ${String(error)}\n`)
        response.destroy()
      })
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, this.host, resolve)
    })
    server.removeAllListeners('error')
    // Whoever does not trust the certificate hangs up in the middle.
    server.on('tlsClientError', () => {})
    this.server = server
    this.shown = this.device.certificate
    this.port = (server.address() as AddressInfo).port
  }

  /** Follows what the device was told: it may be down, or have got another certificate. */
  async follow(): Promise<void> {
    if (this.port === null) return
    const isDown = this.device.behaviour === 'down'
    if (!isDown && this.server && this.shown === this.device.certificate) return
    await this.close()
    if (!isDown) await this.listen(this.port)
  }

  async close(): Promise<void> {
    const { server } = this
    this.server = undefined
    if (!server) return
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { device } = this
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    const method = request.method ?? 'GET'
    const body = await readBody(request)
    const behaviour = device.strike()
    if (behaviour === 'hang') return
    if (behaviour === 'slow') await sleep(device.delayMs)
    const answer = this.answer(request, method, path, body, behaviour)
    const { status, script = null, output = null } = answer
    device.note({ at: new Date().toISOString(), method, path, status, script, output })
    if (behaviour === 'cut-answer' && script !== null) {
      response.destroy()
      return
    }
    if (behaviour === 'garbage') {
      response.writeHead(200, { 'content-type': 'text/html' })
      response.end('<html><body>Sign in</body></html>')
      return
    }
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(status === 401 && { 'www-authenticate': 'Basic realm="Mediant"' }),
    })
    response.end(JSON.stringify(answer.body))
    if (behaviour === 'restart-in-between' && script !== null) device.restart()
  }

  private answer(
    request: IncomingMessage,
    method: string,
    path: string,
    body: Buffer,
    behaviour: SbcBehaviour,
  ): Answer {
    if (!this.isSignedIn(request)) return { status: 401, body: { description: 'Unauthorized' } }
    if (behaviour === 'error-500') return { status: 500, body: { description: 'Internal error' } }
    if (method === 'GET' && (path === API || path === `${API}/`)) {
      return { status: 200, body: Object.fromEntries(TOP.map((name) => [name, { url: `${API}/${name}` }])) }
    }
    if (method === 'GET' && path === `${API}/status`) return { status: 200, body: this.status() }
    if (path === `${API}/files/cliScript/incremental` && method === 'PUT') {
      return this.takeScript(request, body, behaviour)
    }
    if (path === `${API}/actions/saveConfiguration` && method === 'POST') return this.save(behaviour)
    const isKnown = [`${API}/status`, `${API}/files/cliScript/incremental`, `${API}/actions/saveConfiguration`]
    return isKnown.includes(path)
      ? { status: 405, body: { description: 'Method not allowed' } }
      : { status: 404, body: { description: 'Resource not found' } }
  }

  private takeScript(request: IncomingMessage, body: Buffer, behaviour: SbcBehaviour): Answer {
    const script = formFile(request.headers['content-type'] ?? '', body)
    if (script === undefined) return { status: 400, body: { description: 'The request holds no file' } }
    if (behaviour === 'busy') return { status: 409, body: { description: BUSY }, script }
    const isWrite = !/^\s*show running-config( voip)?\s*$/.test(script)
    if (behaviour === 'nothing-applied' && isWrite) {
      return { status: 200, body: { description: LOADED, output: '' }, script, output: '' }
    }
    const lines = script.split('\n').length
    const isHalf = behaviour === 'half-applied' && isWrite
    const { output, refusedLine } = this.device.run(script, isHalf ? Math.ceil(lines / 2) : undefined)
    const refused = refusedLine ?? (isHalf ? Math.ceil(lines / 2) + 1 : undefined)
    if (refused === undefined) return { status: 200, body: { description: LOADED, output }, script, output }
    const said = refusedLine === undefined ? `${output}% Line ${refused}: Internal error\n` : output
    const description = 'Incremental CLI Script file is incorrect.'
    return { status: 400, body: { description, output: said }, script, output: said }
  }

  private save(behaviour: SbcBehaviour): Answer {
    if (behaviour === 'busy') return { status: 409, body: { description: BUSY } }
    if (behaviour === 'save-fails') return { status: 500, body: { description: 'Flash memory could not be written' } }
    this.device.save()
    return { status: 200, body: { description: 'Configuration was saved.' } }
  }

  private status(): Record<string, unknown> {
    const { device } = this
    return {
      localTimeStamp: new Date().toISOString(),
      ipAddress: '10.20.0.5',
      productType: 'Mediant VE SBC',
      versionID: device.version,
      serialNumber: device.serialNumber,
      operationalState: 'UNLOCKED',
      highAvailability: device.behaviour === 'busy' ? 'Synchronizing' : 'Operational',
      systemUpTime: Math.floor((Date.now() - device.startedAtMs) / 1_000),
      saveNeeded: device.isSaved ? 'FALSE' : 'TRUE',
    }
  }

  private isSignedIn({ headers }: IncomingMessage): boolean {
    const given = Buffer.from(headers.authorization ?? '')
    const { user, password } = this.device
    const wanted = Buffer.from(`Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`)
    return given.length === wanted.length && timingSafeEqual(given, wanted)
  }
}

const TOP = ['status', 'alarms', 'actions', 'files', 'kpi', 'license']
const LOADED = 'Incremental CLI Script file was loaded.'
const BUSY = 'The device cannot take a change now: High Availability synchronization is in progress.'

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > BODY_LIMIT_BYTES) throw new Error('The body is larger than 4 MiB.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
