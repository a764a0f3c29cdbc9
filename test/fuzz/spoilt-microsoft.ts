import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Microsoft as a test wants it: a token for everybody, the list that is set, and addresses by tenant. */
export type SpoiltMicrosoft = {
  origin: string
  /** JSON text of each record of the list, from now on. */
  setRecords(texts: readonly string[]): void
  setAddresses(tenantId: string, text: string): void
  close(): Promise<void>
}

export const PATHS = { consents: '/list', consentByTenant: '/one/{tenantId}', civicAddresses: '/addresses/{tenantId}' }

export async function startSpoiltMicrosoft(): Promise<SpoiltMicrosoft> {
  let records: readonly string[] = []
  const addresses = new Map<string, string>()
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const roles = ['PartnerSettings.Read', 'TrunkManagement.Read', 'NumberManagement.Read']
  const token = `${part({ alg: 'none' })}.${part({ roles })}.c2ln`
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://microsoft')
    const answer = (text: string, status = 200) => {
      request.resume()
      response.writeHead(status, { 'content-type': 'application/json' }).end(text)
    }
    if (request.method === 'POST')
      return answer(JSON.stringify({ token_type: 'Bearer', expires_in: 3599, access_token: token }))
    if (url.pathname === '/api/list') {
      const [skip, top] = [Number(url.searchParams.get('skip')), Number(url.searchParams.get('top'))]
      const page = records.slice(skip, skip + top)
      return answer(`{"Values":[${page.join(',')}],"TotalCount":${records.length}}`)
    }
    const tenant = /^\/api\/addresses\/(.+)$/.exec(url.pathname)?.[1]
    if (tenant) return answer(addresses.get(tenant) ?? '{"CivicAddresses":[]}')
    return answer('{"error":{"code":"NotFound","message":"no such consent"}}', 404)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setRecords: (texts) => {
      records = texts
    },
    setAddresses: (tenantId, text) => void addresses.set(tenantId, text),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
