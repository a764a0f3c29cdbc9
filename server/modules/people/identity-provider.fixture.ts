import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT } from 'jose'

/** What goes wrong at the provider, by name. */
export type Fault = 'other-nonce' | 'other-audience' | 'forged' | 'expired' | 'refuses'

export type IdentityProvider = Awaited<ReturnType<typeof startIdentityProvider>>

export const CLIENT = { clientId: 'leadline', clientSecret: 'provider-secret-1' }

/** A small OpenID Connect provider that checks what a real one checks: client, redirect address, PKCE, one use of a code. */
export async function startIdentityProvider() {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const forger = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const codes = new Map<string, { claims: object; nonce: string; challenge: string; redirectUri: string }>()
  const state: { fault: Fault | null; up: boolean } = { fault: null, up: true }

  async function idToken(claims: object, nonce: string): Promise<string> {
    const expires = state.fault === 'expired' ? '-1h' : '5m'
    return new SignJWT({ ...claims, nonce: state.fault === 'other-nonce' ? 'another' : nonce })
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .setIssuer(url)
      .setAudience(state.fault === 'other-audience' ? 'somebody-else' : CLIENT.clientId)
      .setIssuedAt()
      .setExpirationTime(expires)
      .sign(state.fault === 'forged' ? forger.privateKey : keys.privateKey)
  }

  async function token(request: IncomingMessage): Promise<[number, object]> {
    const form = new URLSearchParams(await bodyOf(request))
    const basic = Buffer.from(request.headers.authorization?.slice(6) ?? '', 'base64').toString()
    const secret = form.get('client_secret') ?? decodeURIComponent(basic.split(':')[1] ?? '')
    const grant = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const fits = grant && grant.challenge === challenge && grant.redirectUri === form.get('redirect_uri')
    if (state.fault === 'refuses' || secret !== CLIENT.clientSecret || !fits) return [400, { error: 'invalid_grant' }]
    return [
      200,
      { access_token: randomUUID(), token_type: 'Bearer', id_token: await idToken(grant.claims, grant.nonce) },
    ]
  }

  async function answer(request: IncomingMessage): Promise<[number, object]> {
    const { pathname } = new URL(request.url ?? '/', url)
    if (!state.up) return [503, {}]
    if (pathname === '/.well-known/openid-configuration') return [200, metadata()]
    if (pathname === '/keys')
      return [200, { keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' }] }]
    return pathname === '/token' ? token(request) : [404, {}]
  }

  const metadata = () => ({
    ...{
      issuer: url,
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/token`,
      jwks_uri: `${url}/keys`,
    },
    ...{
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    },
  })

  const server = createServer((request, response) => {
    answer(request).then(
      ([status, body]) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      (error) => response.writeHead(500).end(String(error)),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    url,
    state,
    /** What a browser does there: signs in as who the claims say, and is sent back with a code. */
    signIn(authorizeUrl: string, claims: object): URL {
      const asked = new URL(authorizeUrl).searchParams
      const get = (name: string) => asked.get(name) ?? ''
      if (get('client_id') !== CLIENT.clientId || get('code_challenge_method') !== 'S256')
        throw new Error(`Refused: ${authorizeUrl}`)
      const code = randomUUID()
      codes.set(code, {
        claims,
        nonce: get('nonce'),
        challenge: get('code_challenge'),
        redirectUri: get('redirect_uri'),
      })
      const back = new URL(get('redirect_uri'))
      back.searchParams.set('code', code)
      back.searchParams.set('state', get('state'))
      return back
    },
    close: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += chunk
  return body
}
