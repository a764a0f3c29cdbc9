import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MicrosoftError } from './microsoft-error.ts'
import { createOperatorConnectClient } from './operator-connect-client.ts'
import type { CallReport, OperatorConnectClient, OperatorConnectClientOptions } from './operator-connect-port.ts'
import { DEFAULT_PATHS, type OperatorConnectSettings, PROJECT_SYNERGY_APP_ID } from './settings.ts'
import type { Sleep } from './waiting.ts'

/** For the tests of this folder: a local HTTP server that plays Entra and the operator API answer by answer. */
export type ScriptedMicrosoft = {
  origin: string
  settings: OperatorConnectSettings
  /** Method, path with query, authorization header and body of every request, in order. */
  requests: { line: string; authorization: string | undefined; body: string }[]
  apiRequests(): string[]
  tokenRequests(): number
  /** How Entra answers; by default always with a new token that carries all roles. */
  onToken(respond: Respond): void
  /** How the API answers, call by call; the last one goes on answering. */
  onApi(...responses: Respond[]): void
  client(options?: OperatorConnectClientOptions, settings?: Partial<OperatorConnectSettings>): OperatorConnectClient
  stop(): Promise<void>
}

export type Respond = (response: ServerResponse, request: IncomingMessage) => void

export const ALL_ROLES = ['PartnerSettings.Read', 'TrunkManagement.Read', 'NumberManagement.Read']
export const SECRET = 'p@ss word/+"7'

export function json(body: unknown, headers: Record<string, string> = {}, status = 200): Respond {
  return (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

export function status(code: number, headers: Record<string, string> = {}, body = ''): Respond {
  return (response) => response.writeHead(code, headers).end(body)
}

export function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none' })}.${part(claims)}.c2lnbmF0dXJl`
}

export function token(serial: number, roles: string[] | undefined = ALL_ROLES, life: number | string = 3599): Respond {
  return json({ token_type: 'Bearer', expires_in: life, access_token: jwt({ serial, roles }) })
}

/** A clock that only sleeping moves, and the list of the sleeps. */
export function fakeTime(startMs = Date.UTC(2030, 0, 1)): {
  clock: { now(): Date }
  sleep: Sleep
  sleeps: number[]
  advance(ms: number): void
  random: () => number
} {
  let nowMs = startMs
  const sleeps: number[] = []
  const sleep: Sleep = async (milliseconds, signal) => {
    signal?.throwIfAborted()
    sleeps.push(milliseconds)
    nowMs += milliseconds
  }
  const advance = (milliseconds: number) => {
    nowMs += milliseconds
  }
  return { clock: { now: () => new Date(nowMs) }, sleep, sleeps, advance, random: () => 0.5 }
}

export function reports(): { onCall: (report: CallReport) => void; lines: string[] } {
  const lines: string[] = []
  return {
    lines,
    onCall: ({ operation, status: code, attempt, outcome }) => lines.push(`${operation} ${attempt} ${code} ${outcome}`),
  }
}

/** The MicrosoftError that the work must end with; anything else is thrown on. */
export async function failureOf(work: Promise<unknown>): Promise<MicrosoftError> {
  const error = await work.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  )
  if (error instanceof MicrosoftError) return error
  throw error
}

export async function startScriptedMicrosoft(): Promise<ScriptedMicrosoft> {
  const requests: ScriptedMicrosoft['requests'] = []
  const clients: OperatorConnectClient[] = []
  let serial = 0
  let respondToken: Respond = (response, request) => token(++serial)(response, request)
  let script: Respond[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      requests.push({
        line: `${request.method} ${request.url}`,
        authorization: request.headers.authorization,
        body: Buffer.concat(chunks).toString(),
      })
      // Dates of the real clock would mix with those of the fake one.
      response.sendDate = false
      if (request.method === 'POST') return respondToken(response, request)
      const respond = script.length > 1 ? script.shift() : script[0]
      if (respond === undefined) throw new Error(`no answer scripted for ${request.url}`)
      respond(response, request)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const settings: OperatorConnectSettings = {
    baseUrl: `${origin}/api`,
    paths: DEFAULT_PATHS,
    casing: 'pascal',
    authority: origin,
    directoryId: 'northwind.example',
    clientId: 'd2f3a8d6-5f11-4f4e-9d8a-0d3e3a0f8f10',
    secret: SECRET,
    certificate: null,
    tokenVersion: 'v2.0',
    resource: PROJECT_SYNERGY_APP_ID,
    requestTimeoutMs: 5000,
  }
  return {
    origin,
    settings,
    requests,
    apiRequests: () => requests.filter(({ line }) => line.startsWith('GET ')).map(({ line }) => line.slice(4)),
    tokenRequests: () => requests.filter(({ line }) => line.startsWith('POST ')).length,
    onToken(respond) {
      respondToken = respond
    },
    onApi(...responses) {
      script = responses
    },
    client(options = {}, changed = {}) {
      const client = createOperatorConnectClient({ ...settings, ...changed }, options)
      clients.push(client)
      return client
    },
    async stop() {
      for (const client of clients) await client.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
