import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, startForTest } from './simulator.test-kit.ts'
import type { RunningSimulator } from './simulator.ts'

const FOLDER = new URL('./teams-admin-center/', import.meta.url)

let simulator: RunningSimulator

beforeAll(async () => {
  simulator = await startForTest()
})
afterAll(() => simulator.close())

describe('Teams admin center', () => {
  it('serves every file it is made of, under a policy that allows nothing from outside', async () => {
    for (const name of readdirSync(FOLDER)) {
      const { status, headers, body } = await call(`${simulator.url}/${name === 'index.html' ? '' : name}`)
      expect([name, status]).toEqual([name, 200])
      expect(body).toBe(readFileSync(new URL(name, FOLDER), 'utf8'))
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    }
  })

  it('imports only what is served', async () => {
    const files = new Set(readdirSync(FOLDER))
    for (const name of files) {
      const text = readFileSync(new URL(name, FOLDER), 'utf8')
      for (const [, imported] of text.matchAll(/from '\.\/([^']+)'|(?:src|href)="\/([^"]+)"/g)) {
        if (imported !== undefined) expect(files).toContain(imported)
      }
    }
  })

  it('knows no other file', async () => {
    expect((await call(`${simulator.url}/main.ts`)).status).toBe(404)
    expect((await call(`${simulator.url}/..%2fmain.ts`)).status).toBe(404)
  })
})
