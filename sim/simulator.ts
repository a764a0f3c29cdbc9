import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerControl } from './control-api.ts'
import { answerOfFault, deliver } from './deliver.ts'
import { answerEntra, strikeToken } from './entra.ts'
import { FaultBook } from './faults.ts'
import { BadRequest, type Exchange, jsonReply, type Reply, send } from './http-exchange.ts'
import { Mailbox } from './mailbox.ts'
import { answerApiCall, authorize, sentinelFault } from './operator-api.ts'
import { type ApiCall, matchApiCall } from './operator-api-call.ts'
import { apiError } from './operator-api-errors.ts'
import { type LoggedRequest, RequestLog } from './request-log.ts'
import { Sbcs } from './sbc/sbcs.ts'
import type { SimulatorSettings } from './settings.ts'
import type { Simulation } from './simulation.ts'
import { StateJournal } from './state-journal.ts'
import { answerPage } from './teams-admin-center-pages.ts'
import { TokenSigner } from './token-signer.ts'
import { receiveWebhook, WebhookReceivers } from './webhook-receivers.ts'
import { World } from './world.ts'

const DEFAULT_SEED = 20_240_403

export interface RunningSimulator {
  url: string
  simulation: Simulation
  /** What the state file gave back at start. */
  replayed: { applied: number; skipped: number }
  close(): Promise<void>
}

/** Starts the outside world on its port. @throws Error when the port is taken or the state file is another's */
export async function startSimulator(settings: SimulatorSettings): Promise<RunningSimulator> {
  const { world, replayed } = openWorld(settings)
  const signer = await TokenSigner.create()
  const simulation: Simulation = {
    world,
    signer,
    faults: new FaultBook(),
    log: new RequestLog(),
    mailbox: new Mailbox(settings.host),
    receivers: new WebhookReceivers(),
    sbcs: new Sbcs(settings.host, settings.stateFile),
    basePath: settings.basePath,
    publicUrl: '',
  }
  const server = createServer((request, response) => {
    void serve(simulation, request, response)
  })
  server.keepAliveTimeout = 65_000
  const port = await listen(server, simulation, settings)
  const host = settings.host === '0.0.0.0' || settings.host === '::' ? '127.0.0.1' : settings.host
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  simulation.publicUrl = settings.publicUrl ?? url
  return {
    url,
    simulation,
    replayed,
    close: async () => {
      await simulation.mailbox.close()
      await simulation.sbcs.close()
      await closed(server)
    },
  }
}

/**
 * The mailbox listens on the port after ours, the SBCs on the two after that. Where somebody else has one of them, a chosen
 * port goes without, and one that may be any (0) is drawn anew. @throws Error when our own port is taken
 */
async function listen(
  server: Server,
  { mailbox, sbcs }: Simulation,
  { port: wanted, host }: SimulatorSettings,
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(wanted, host, resolve)
    })
    const { port } = server.address() as AddressInfo
    const missing: string[] = []
    await mailbox.listen(port + 1).catch((error: unknown) => missing.push(`no mailbox: ${String(error)}`))
    await sbcs.listen(port + 2).catch((error: unknown) => missing.push(`no SBCs: ${String(error)}`))
    if (missing.length === 0) return port
    if (wanted !== 0 || attempt >= 20) {
      for (const what of missing) process.stderr.write(`simulator: ${what}\n`)
      return port
    }
    await mailbox.close()
    await sbcs.close()
    await closed(server)
  }
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** The seed with what the state file remembers. A state file fixes seed and epoch, so that its ids keep their meaning. */
function openWorld(settings: SimulatorSettings): { world: World; replayed: { applied: number; skipped: number } } {
  const journal = settings.stateFile === undefined ? undefined : new StateJournal(settings.stateFile)
  const onFile = journal?.read()
  const header = onFile?.header
  if (header !== undefined && settings.seed !== undefined && settings.seed !== header.seed) {
    throw new Error(`LEADLINE_SIM_SEED is ${settings.seed}, but ${settings.stateFile} was begun with ${header.seed}.`)
  }
  const seed = header?.seed ?? settings.seed ?? DEFAULT_SEED
  const epochMs = settings.epochMs ?? header?.epochMs ?? new Date().setUTCHours(0, 0, 0, 0)
  const world = new World({ seed, epochMs, leads: settings.leads, journal })
  if (onFile === undefined) journal?.start({ version: 1, seed, epochMs })
  return { world, replayed: world.replay(onFile?.changes ?? []) }
}

async function serve(simulation: Simulation, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const baseUrl = `http://${request.headers.host ?? new URL(simulation.publicUrl).host}`
  const exchange: Exchange = {
    request,
    response,
    method: request.method ?? 'GET',
    url: URL.parse(request.url ?? '/', baseUrl) ?? new URL('/unreadable', simulation.publicUrl),
    baseUrl,
    receivedAtMs: Date.now(),
    faults: [],
    operator: undefined,
  }
  try {
    await route(simulation, exchange)
  } catch (error) {
    const known = error instanceof BadRequest
    const message = error instanceof Error ? error.message : String(error)
    if (!known) process.stderr.write(`simulator: ${exchange.method} ${exchange.url.pathname}: ${String(error)}\n`)
    send(exchange, jsonReply(known ? error.status : 500, { error: { code: known ? 'bad-request' : 'fault', message } }))
  }
}

async function route(simulation: Simulation, exchange: Exchange): Promise<void> {
  const { pathname } = exchange.url
  if (pathname === '/health') return send(exchange, jsonReply(200, { status: 'ok' }))
  const own = (await answerControl(simulation, exchange)) ?? answerPage(exchange)
  if (own !== undefined) return send(exchange, own)
  if (await receiveWebhook(simulation.receivers, exchange)) return

  simulation.world.settleActivations(Date.now())
  const call = matchApiCall(simulation.basePath, pathname)
  if (call !== undefined) return serveApiCall(simulation, exchange, call)
  await serveEntra(simulation, exchange)
}

async function serveApiCall(simulation: Simulation, exchange: Exchange, call: ApiCall): Promise<void> {
  logWhenDone(simulation, exchange, call.endpoint)
  const operator = await authorize(simulation, exchange)
  if (!('seed' in operator)) return send(exchange, operator)
  const path = `${exchange.url.pathname}${exchange.url.search}`
  const faults = simulation.faults.strike({ endpoint: call.endpoint, path, operator: operator.seed.key })
  const sentinel = sentinelFault(operator, call)
  if (sentinel !== undefined) faults.push(sentinel)
  exchange.faults = faults.map(({ name }) => name)
  const replaced = faults.map(answerOfFault).find((reply) => reply !== undefined)
  const reply = replaced ?? (await answerApiCall(simulation.world, operator, call, exchange, faults))
  await deliver(exchange, reply, faults)
}

async function serveEntra(simulation: Simulation, exchange: Exchange): Promise<void> {
  const isTokenCall = exchange.url.pathname.endsWith('/token')
  logWhenDone(simulation, exchange, isTokenCall ? 'token' : 'metadata')
  let replaced: Reply | 'hang' | 'reset' | undefined
  let struck: ReturnType<typeof strikeToken> = []
  const reply = await answerEntra(simulation, exchange, () => {
    struck = strikeToken(simulation.faults, exchange)
    exchange.faults = struck.map(({ name }) => name)
    replaced = struck.map(answerOfFault).find((answer) => answer !== undefined)
    return struck
  })
  const fallback = apiError(404, 'ResourceNotFound', `There is nothing at ${exchange.url.pathname}.`)
  await deliver(exchange, replaced ?? reply ?? fallback, struck)
}

/** Control calls and pages are the tester's own and not logged: the log is what Microsoft would have seen. */
function logWhenDone(simulation: Simulation, exchange: Exchange, endpoint: LoggedRequest['endpoint']): void {
  exchange.response.once('close', () => {
    simulation.log.add({
      at: new Date(exchange.receivedAtMs).toISOString(),
      endpoint,
      method: exchange.method,
      path: `${exchange.url.pathname}${exchange.url.search}`,
      operator: exchange.operator ?? null,
      status: exchange.response.headersSent ? exchange.response.statusCode : 0,
      faults: exchange.faults,
      durationMs: Date.now() - exchange.receivedAtMs,
    })
  })
}
