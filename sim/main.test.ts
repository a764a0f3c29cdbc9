import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { call, makeFolder } from './simulator.test-kit.ts'

const MAIN = new URL('./main.ts', import.meta.url).pathname

const running: ReturnType<typeof spawn>[] = []

function run(env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], { env: { PATH: process.env.PATH, LEADLINE_SIM_PORT: '0', ...env } })
  running.push(child)
  return child
}

async function urlOf(child: ReturnType<typeof spawn>): Promise<string> {
  const [chunk] = await once(child.stdout ?? child, 'data')
  const url = /http:\/\/[\d.:]+/.exec(String(chunk))?.[0]
  if (url === undefined) throw new Error(`The simulator printed: ${chunk}`)
  return url
}

describe('node sim/main.ts', () => {
  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL')
  })

  it('is healthy, keeps what was done over kill -9, and stops with 0 on SIGTERM', async () => {
    const folder = makeFolder()
    const env = { LEADLINE_SIM_STATE_FILE: join(folder.path, 'state.jsonl') }
    const first = run(env)
    const url = await urlOf(first)
    expect((await call(`${url}/health`)).body).toEqual({ status: 'ok' })
    const init = { method: 'POST', headers: { 'content-type': 'application/json' } }
    const order = JSON.stringify({ operator: 'northwind', company: 'Survivor' })
    const { body: given } = await call(`${url}/control/consents`, { ...init, body: order })
    first.kill('SIGKILL')
    await once(first, 'exit')

    const second = run(env)
    const again = await urlOf(second)
    expect((await call(`${again}/control/consents/${given.id}`)).body.company).toBe('Survivor')
    second.kill('SIGTERM')
    expect(await once(second, 'exit')).toEqual([0, null])
    folder.remove()
  })

  it('lists every wrong variable at once', async () => {
    const child = run({ LEADLINE_SIM_PORT: 'many', LEADLINE_SANDBOX_LEADS: '2000000', LEADLINE_SIM_EPOCH: 'soon' })
    const [chunk] = await once(child.stderr ?? child, 'data')
    for (const name of ['LEADLINE_SIM_PORT', 'LEADLINE_SANDBOX_LEADS', 'LEADLINE_SIM_EPOCH'])
      expect(String(chunk)).toContain(name)
    expect(await once(child, 'exit')).toEqual([1, null])
  })
})
