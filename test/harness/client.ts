// biome-ignore lint/suspicious/noExplicitAny: answers are read as a client without types would read them
export type Json = any

export type Reply = { status: number; headers: Headers; body: Json; text: string }

export type Ask = { headers?: Record<string, string>; body?: unknown; method?: string }

/** A caller of the API, over HTTP. */
export type Client = {
  get(path: string, ask?: Ask): Promise<Reply>
  send(method: string, path: string, body?: unknown): Promise<Reply>
  token: string | null
}

/** Secrets of the sandbox clients. Source: issue 2, 5. */
const SECRETS: Record<string, string> = {
  'northwind-api': 'northwind-sandbox-secret',
  'fabrikam-api': 'fabrikam-sandbox-secret',
  'riverside-api': 'riverside-sandbox-secret',
}

export async function createClient(baseUrl: string, clientId: string | null, secret?: string): Promise<Client> {
  const token = clientId === null ? null : await tokenOf(baseUrl, clientId, secret ?? SECRETS[clientId] ?? '')
  const get: Client['get'] = (path, { headers = {}, body, method = 'GET' } = {}) =>
    ask(`${baseUrl}${path}`, {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  return {
    token,
    get,
    send: (method, path, body) => get(path, { method, ...(body !== undefined && { body }) }),
  }
}

async function tokenOf(baseUrl: string, clientId: string, clientSecret: string): Promise<string> {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
  const { status, body, text } = await ask(`${baseUrl}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  })
  if (status !== 200) throw new Error(`No token for ${clientId}: ${status} ${text}`)
  return body.access_token
}

export async function ask(url: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000), ...init })
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== ''
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text, text }
}

/** Asks again until `done` holds; fails with what it saw last. */
export async function eventually<T>(
  look: () => Promise<T>,
  done: (seen: T) => boolean,
  timeoutSeconds = 60,
): Promise<T> {
  const deadline = Date.now() + timeoutSeconds * 1_000
  for (;;) {
    const seen = await look()
    if (done(seen)) return seen
    if (Date.now() > deadline) throw new Error(`Not within ${timeoutSeconds} s. Seen last: ${JSON.stringify(seen)}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
