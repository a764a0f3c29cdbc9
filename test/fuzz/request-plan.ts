import fc from 'fast-check'
import type { Endpoint } from '../../contract/endpoint.ts'
import { HOSTILE_TEXTS, hostileTexts } from './hostile.ts'
import { spoiltValuesOf, valuesOf } from './schema-values.ts'

/** A request as bytes: what a client, a careless program or somebody with bad intent may send to an endpoint. */
export type PlannedRequest = {
  endpoint: Endpoint
  /** Index into the callers. */
  caller: number
  method: string
  /** Path and query as they go over the wire. */
  target: string
  headers: Record<string, string | string[]>
  body: Buffer | undefined
}

export type PlanOptions = { endpoints: readonly Endpoint[]; callers: number; ids: readonly string[] }

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Requests to every endpoint alike: a third as the contract wants them, a third nearly so, a third hostile. */
export function requests(options: PlanOptions): fc.Arbitrary<PlannedRequest> {
  return fc.constantFrom(...options.endpoints).chain((endpoint) => requestTo(endpoint, options))
}

function requestTo(endpoint: Endpoint, { callers, ids }: PlanOptions): fc.Arbitrary<PlannedRequest> {
  return fc
    .record({
      caller: fc.nat({ max: callers - 1 }),
      method: fc.oneof(
        { weight: 30, arbitrary: fc.constant(endpoint.method) },
        { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
      ),
      prefix: fc.boolean(),
      path: pathOf(endpoint, ids),
      query: queryOf(endpoint, ids),
      headers: headersOf(ids),
      body: bodyOf(endpoint),
    })
    .map(({ caller, method, prefix, path, query, headers, body }) => ({
      endpoint,
      caller,
      method,
      target: `${endpoint.documented && prefix ? '/tenantui' : ''}${path}${query === '' ? '' : `?${query}`}`,
      headers: { ...headers, ...(body && { 'content-type': body.type }) },
      body: method === 'GET' || method === 'HEAD' ? undefined : body?.bytes,
    }))
}

function pathOf(endpoint: Endpoint, ids: readonly string[]): fc.Arbitrary<string> {
  const names = [...endpoint.path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name)
  const values = names.map((name) =>
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...ids) },
      { weight: 2, arbitrary: valuesOf(endpoint.params?.properties[name]).map(String) },
      { weight: 2, arbitrary: hostileTexts },
    ),
  )
  return fc.tuple(...values).map((texts) => {
    let index = 0
    // Without a value it would be the address of another endpoint.
    return endpoint.path.replace(/\{[^}]+\}/g, () => encoded(texts[index++] || ' ', encodeURIComponent))
  })
}

function queryOf(endpoint: Endpoint, ids: readonly string[]): fc.Arbitrary<string> {
  const properties = endpoint.query?.properties ?? {}
  const names = Object.keys(properties)
  const one = fc.oneof(
    ...(names.length > 0
      ? [
          {
            weight: 12,
            arbitrary: fc
              .constantFrom(...names)
              .chain((name) =>
                fc
                  .oneof(
                    { weight: 6, arbitrary: valuesOf(properties[name]).map(String) },
                    { weight: 3, arbitrary: hostileTexts },
                    { weight: 1, arbitrary: fc.constantFrom(...ids) },
                    { weight: 1, arbitrary: cursors },
                  )
                  .map((value) => `${name}=${encoded(value, encodeURIComponent)}`),
              ),
          },
        ]
      : []),
    {
      weight: 1,
      arbitrary: fc
        .tuple(hostileTexts, hostileTexts)
        .map(([name, value]) => `${encoded(name, encodeURIComponent)}=${encoded(value, encodeURIComponent)}`),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('%', '&&&', '=', 'a=%ff', '%00=1', `x=${'y'.repeat(9_000)}`, 'a=1&'.repeat(300)),
    },
  )
  return fc.oneof(
    { weight: names.length > 0 ? 1 : 6, arbitrary: fc.constant('') },
    { weight: 4, arbitrary: fc.array(one, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('&')) },
  )
}

/** Cursors of the forms the server makes, with other contents: whoever has one can write one. */
const cursors = fc
  .oneof(
    fc
      .tuple(
        fc.constantFrom('arrival', '-consentedOn', 'companyName'),
        fc.oneof(fc.integer(), fc.constantFrom(2 ** 31, -1, 1e15)),
        hostileTexts,
      )
      .map((parts) => JSON.stringify(parts)),
    fc
      .tuple(
        fc.constantFrom('2026-01-01T00:00:00.000000Z', '9999-99-99T99:99:99.999999Z', '275760-09-13T00:00:00.000001Z'),
        fc.uuid(),
      )
      .map((parts) => parts.join(' ')),
    hostileTexts,
  )
  .map((text) => Buffer.from(text).toString('base64url'))

function headersOf(ids: readonly string[]): fc.Arbitrary<Record<string, string | string[]>> {
  const value = fc.oneof(
    fc.constantFrom(...HOSTILE_TEXTS, ...ids).map(headerText),
    fc.string({ maxLength: 40 }).map(headerText),
  )
  const rare = (name: string, arbitrary: fc.Arbitrary<string | string[]>) => ({
    weight: 1,
    arbitrary: arbitrary.map((text) => ({ [name]: text })),
  })
  return fc.oneof(
    { weight: 14, arbitrary: fc.constant({}) },
    rare('x-request-id', value),
    rare('x-ovoc-channel-id', fc.oneof(value, fc.constantFrom('907', '908', '0', '1', '99999999999'))),
    rare('x-leadline-operator', fc.oneof(value, fc.constantFrom('868', '869', '0'))),
    rare('if-none-match', fc.oneof(value, fc.constantFrom('*', 'W/""', '"x", W/"y"'))),
    rare('if-match', fc.oneof(value, fc.constantFrom('*', 'W/"1"'))),
    rare('idempotency-key', value),
    rare('accept-encoding', fc.oneof(value, fc.constantFrom('gzip', 'zstd;q=0.1, gzip;q=x', '*', 'br'))),
    rare('accept', value),
    rare('accept-language', value),
    rare(
      'authorization',
      fc.oneof(
        value,
        value.map((text) => `Bearer ${text}`),
      ),
    ),
    rare(
      'cookie',
      value.map((text) => `leadline_session=${text}; ${text}`),
    ),
    rare('range', fc.constantFrom('bytes=0-1', 'bytes=-1', 'pages=1')),
    rare('x-forwarded-for', value),
    rare('host', fc.constantFrom('evil.example', '', 'a b', '[::1]', 'x'.repeat(300))),
    rare('content-encoding', fc.constantFrom('gzip', 'deflate', 'nonsense')),
    rare('expect', fc.constantFrom('100-continue', '200-maybe')),
    rare('origin', value),
  )
}

type Body = { bytes: Buffer; type: string }

function bodyOf({ body, bodyType = 'application/json' }: Endpoint): fc.Arbitrary<Body | undefined> {
  const good = (value: unknown): Body => ({ bytes: encodedBody(value, bodyType), type: bodyType })
  const strange = fc.record({
    bytes: fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom('', '{', 'null', '[]', '{"a":1}x', '{"a":1,"a":2}', '[['.repeat(20_000), '"\\ud800"', '\ufeff{}')
        .map((text) => Buffer.from(text)),
    ),
    type: fc.constantFrom(
      ...['application/json', 'application/json; charset=utf-16', 'text/plain', 'application/x-www-form-urlencoded'],
      ...['multipart/form-data; boundary=x', 'application/problem+json', '', 'application/json;;;', 'a'.repeat(300)],
    ),
  })
  if (!body) return fc.oneof({ weight: 8, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: strange })
  return fc.oneof(
    { weight: 5, arbitrary: valuesOf(body).map(good) },
    { weight: 5, arbitrary: spoiltValuesOf(body).map(good) },
    { weight: 2, arbitrary: strange },
    { weight: 1, arbitrary: fc.constant(undefined) },
  )
}

function encodedBody(value: unknown, type: string): Buffer {
  if (type === 'application/json') return Buffer.from(JSON.stringify(value) ?? '')
  const fields = Object.entries((value ?? {}) as object).map(
    ([name, part]) =>
      `${encoded(name, encodeURIComponent)}=${encoded(typeof part === 'string' ? part : (JSON.stringify(part) ?? ''), encodeURIComponent)}`,
  )
  return Buffer.from(fields.join('&'))
}

/** What is half a surrogate pair cannot be encoded: as it is, the server may look at it. */
function encoded(text: string, encode: (text: string) => string): string {
  // Already encoded hostile texts go as they are, so that they are decoded once.
  return /^%[0-9a-z]{2}/i.test(text) ? text.replaceAll(/[^\x21-\x7e]/g, '') : encode(text.toWellFormed())
}

/** Node refuses to send control characters in a header; the raw requests (raw-requests.ts) do that. */
function headerText(text: string): string {
  return text.replaceAll(/[^\x20-\x7e\x80-\xff]/g, '').slice(0, 4_000)
}
