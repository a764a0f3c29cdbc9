import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@hey-api/openapi-ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CHECKOUT, runNode } from '../../tools/run-program.ts'
import { ask, eventually, type Json } from '../harness/client.ts'
import { type Leadline, startLeadline } from '../harness/leadline.ts'

// The published openapi.json in the hands of a stranger: a client that a public generator makes of it, type-checked and
// used against a running server. Nothing of ours but the file goes into it. Source: issue 4, 8.

let leadline: Leadline
let folder: string
/** Functions by operation id, as the generator names them. */
let sdk: Record<string, (options: Json) => Promise<{ data?: Json; error?: Json; response: Response }>>
let call: (operation: string, options?: Json) => Promise<{ data?: Json; error?: Json; response: Response }>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leadline-foreign-'))
  await createClient({
    input: join(CHECKOUT, 'openapi.json'),
    output: { path: join(folder, 'client'), module: { extension: '.ts' } },
    logs: { level: 'silent' },
    plugins: ['@hey-api/client-fetch', '@hey-api/sdk', '@hey-api/typescript'],
  } as Parameters<typeof createClient>[0])
  leadline = await startLeadline({ leads: 250 })
  await eventually(
    () => ask(`${leadline.baseUrl}/health/ready`),
    (reply) => reply.status === 200,
    60,
  )
  sdk = await import(/* @vite-ignore */ join(folder, 'client/sdk.gen.ts'))
  const { createClient: newClient, createConfig } = await import(
    /* @vite-ignore */ join(folder, 'client/client/index.ts')
  )
  const config = (more: object) => newClient(createConfig({ baseUrl: leadline.baseUrl, ...more }))
  const open = config({})
  const { data } = await (sdk.createToken as NonNullable<typeof sdk.createToken>)({
    client: open,
    body: {
      grant_type: 'client_credentials',
      client_id: 'northwind-api',
      client_secret: 'northwind-sandbox-secret',
    },
  })
  const client = config({ auth: () => data.access_token })
  call = (operation, options = {}) => {
    const operate = sdk[operation]
    if (!operate) throw new Error(`The generated client has no ${operation}.`)
    return operate({ client, ...options })
  }
})

afterAll(async () => {
  await leadline?.close()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

test('the generated client is whole and passes the type checker', { timeout: 120_000 }, async () => {
  expect(readdirSync(join(folder, 'client'))).toEqual(expect.arrayContaining(['sdk.gen.ts', 'types.gen.ts']))
  symlinkSync(join(CHECKOUT, 'node_modules'), join(folder, 'node_modules'))
  const options = {
    ...{ target: 'ES2022', module: 'ESNext', moduleResolution: 'bundler', strict: true, noEmit: true, types: [] },
    ...{ lib: ['ES2022', 'DOM', 'DOM.Iterable'], allowImportingTsExtensions: true, skipLibCheck: true },
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['client'] }))
  const tsc = join(CHECKOUT, 'node_modules/typescript/bin/tsc')
  const { code, output } = await runNode(tsc, ['--project', folder], { timeoutSeconds: 100 })
  expect(code, output).toBe(0)
})

test('it has a function for every operation', () => {
  // The names are those of openapi.json: a name that the generator had to change would be a bad one.
  return ask(`${leadline.baseUrl}/openapi.json`).then(({ body }) => {
    const names = Object.values(body.paths as Json).flatMap((item: Json) =>
      Object.values(item).flatMap((operation: Json) => operation?.operationId ?? []),
    )
    expect(names.length).toBeGreaterThan(40)
    expect(names.filter((name: string) => typeof sdk[name] !== 'function')).toEqual([])
  })
})

describe('with the token it got', () => {
  test('it reads all leads page by page, each once', async () => {
    const seen = new Set<string>()
    let cursor: string | null = null
    let total = 0
    do {
      const { data, response, error } = await call('listLeads', { query: { PageSize: 100, ...(cursor && { cursor }) } })
      expect(error).toBeUndefined()
      for (const lead of data) seen.add(lead.id)
      total = Number(response.headers.get('x-total-count'))
      cursor = response.headers.get('x-next-cursor')
    } while (cursor !== null)
    expect(total).toBeGreaterThan(200)
    expect(seen.size).toBe(total)
  })

  test('it is told when nothing changed: 304', async () => {
    // Addresses may still be on their way into the leads of the first page.
    const again = await eventually(
      async () => {
        const first = await call('listLeads', { query: { PageSize: 5 } })
        const etag = first.response.headers.get('etag')
        return call('listLeads', { query: { PageSize: 5 }, headers: { 'If-None-Match': etag } })
      },
      ({ response }) => response.status === 304,
    )
    expect(await again.response.text()).toBe('')
  })

  test('it reads the desk with its facets, and one lead', async () => {
    const { data } = await call('listDeskLeads', { query: { facets: true, pageSize: 2, sort: '-consentedOn' } })
    expect(data.data).toHaveLength(2)
    expect(data.facets.status.length).toBeGreaterThan(0)
    const one = await call('getDeskLead', { path: { leadId: data.data[0].id } })
    expect(one.data.id).toBe(data.data[0].id)
  })

  test('it starts a job and follows its run to the end', async () => {
    const started = await call('startJobRun', { path: { jobName: 'peering.sync-leads-job' } })
    expect([200, 202]).toContain(started.response.status)
    const run = await eventually(
      async () => (await call('getRun', { path: { runId: started.data.id } })).data,
      ({ state }) => state === 'succeeded' || state === 'failed',
      60,
    )
    expect(run.state).toBe('succeeded')
  })

  test('it makes an API client, changes it and revokes it', async () => {
    const made = await call('createClient', { body: { name: 'Foreign', permissions: ['leads.read'] } })
    expect(made.response.status).toBe(201)
    const { clientId } = made.data
    const changed = await call('updateClient', { path: { clientId }, body: { name: 'Renamed' } })
    expect(changed.data.name).toBe('Renamed')
    expect((await call('revokeClient', { path: { clientId } })).data.revokedAt).not.toBeNull()
  })

  test('it gets problems as values', async () => {
    const { data, error, response } = await call('listLeads', { query: { PageSize: 50_000 } })
    expect([data, response.status, error.code, error.errors[0].pointer]).toEqual([
      undefined,
      400,
      'bad-request',
      '/query/PageSize',
    ])
  })
})
