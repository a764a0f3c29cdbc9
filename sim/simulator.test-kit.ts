import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OPERATOR_SEEDS, PROJECT_SYNERGY_APP_ID } from './seed/operators.ts'
import type { SimulatorSettings } from './settings.ts'
import { type RunningSimulator, startSimulator } from './simulator.ts'

/** Everything in these tests goes over real HTTP, on a port the system chooses. */

const EPOCH_MS = Date.UTC(2026, 2, 1)

// biome-ignore lint/suspicious/noExplicitAny: answers are read as a client without types would read them
export type Json = any

export async function startForTest(settings: Partial<SimulatorSettings> = {}): Promise<RunningSimulator> {
  return startSimulator({
    host: '127.0.0.1',
    port: 0,
    leads: 60,
    seed: 7,
    epochMs: EPOCH_MS,
    stateFile: undefined,
    basePath: '/api',
    publicUrl: undefined,
    ...settings,
  })
}

export function makeFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'leadline-sim-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

export async function call(
  url: string,
  init: RequestInit = {},
): Promise<{ status: number; headers: Headers; body: Json }> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000), ...init })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}

export async function control(
  simulator: RunningSimulator,
  method: string,
  path: string,
  body?: unknown,
): Promise<Json> {
  const init: RequestInit = { method }
  if (body !== undefined) {
    init.body = JSON.stringify(body)
    init.headers = { 'content-type': 'application/json' }
  }
  const answer = await call(`${simulator.url}/control${path}`, init)
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

export function askToken(simulator: RunningSimulator, changes: Record<string, string> = {}, operatorIndex = 0) {
  const seed = OPERATOR_SEEDS[operatorIndex]
  if (seed === undefined) throw new Error(`There is no operator ${operatorIndex}.`)
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: seed.clientId,
    client_secret: seed.clientSecret,
    scope: `${PROJECT_SYNERGY_APP_ID}/.default`,
    ...changes,
  })
  for (const [name, value] of Object.entries(changes)) if (value === '') form.delete(name)
  return call(`${simulator.url}/${seed.directoryTenantId}/oauth2/v2.0/token`, { method: 'POST', body: form })
}

/** A GET of the operator API with a good token of the first operator. */
export async function api(simulator: RunningSimulator, path: string, operatorIndex = 0) {
  const token = (await askToken(simulator, {}, operatorIndex)).body.access_token
  return call(path.startsWith('http') ? path : `${simulator.url}/api${path}`, {
    headers: { authorization: `Bearer ${token}` },
  })
}
