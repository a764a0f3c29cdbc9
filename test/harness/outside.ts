import { type RunningSimulator, startSimulator } from '../../sim/simulator.ts'

// biome-ignore lint/suspicious/noExplicitAny: the control API answers plain JSON
type Json = any

/** The simulator and the control API a person would use, over HTTP. */
export type Outside = {
  simulator: RunningSimulator
  control(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Json>
  /** Calls of an endpoint that Microsoft has had since the log was cleared. */
  calls(endpoint: 'token' | 'list' | 'one' | 'addresses', part?: string): Promise<number>
  forgetCalls(): Promise<void>
  close(): Promise<void>
}

/** The end of the three years over which generated consents are spread: fixed, so that a test sees the same world every day. */
const EPOCH_MS = Date.UTC(2026, 2, 1)

export async function startOutside({ leads, port = 0 }: { leads: number; port?: number }): Promise<Outside> {
  const simulator = await startSimulator({
    host: '127.0.0.1',
    port,
    leads,
    seed: 7,
    epochMs: EPOCH_MS,
    stateFile: undefined,
    basePath: '/api',
    publicUrl: undefined,
  })
  const control: Outside['control'] = async (method, path, body) => {
    const response = await fetch(`${simulator.url}/control${path}`, {
      method,
      signal: AbortSignal.timeout(10_000),
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} /control${path}: ${response.status} ${text}`)
    return text === '' ? null : JSON.parse(text)
  }
  return {
    simulator,
    control,
    async calls(endpoint, part = '') {
      const { requests } = (await control('GET', '/requests?limit=1000')) as {
        requests: { endpoint: string; path: string }[]
      }
      return requests.filter((one) => one.endpoint === endpoint && one.path.includes(part)).length
    },
    async forgetCalls() {
      await control('DELETE', '/requests')
    },
    close: () => simulator.close(),
  }
}
