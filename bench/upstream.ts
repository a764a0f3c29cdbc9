import { NORTHWIND } from '../server/sandbox.ts'
import type { World } from './world.ts'

const PAGE_SIZE = 1_000
const RESOURCE = 'eb63d611-525e-4a31-abd7-0cb33f679599'

let token: string | undefined

/** How long Microsoft takes for the whole listing, in milliseconds: each page fetched after the other, and thrown away. */
export async function upstreamMs({ simulator, leadCount }: World): Promise<number> {
  token ??= await tokenFrom(simulator)
  const headers = { authorization: `Bearer ${token}` }
  const started = performance.now()
  for (let skip = 0; skip < leadCount; skip += PAGE_SIZE) {
    const url = `${simulator}/api/operator-consents?skip=${skip}&top=${PAGE_SIZE}`
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(30_000) })
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
    await answer.arrayBuffer()
  }
  return performance.now() - started
}

async function tokenFrom(simulator: string): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: NORTHWIND.clientId,
    client_secret: NORTHWIND.secret,
    scope: `${RESOURCE}/.default`,
  })
  const url = `${simulator}/${NORTHWIND.directoryId}/oauth2/v2.0/token`
  const answer = await fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(10_000) })
  if (!answer.ok) throw new Error(`No token of the simulator: ${answer.status} ${await answer.text()}`)
  return ((await answer.json()) as { access_token: string }).access_token
}
