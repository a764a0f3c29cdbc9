import { afterEach, beforeEach, expect, test } from 'vitest'
import { fc } from '../../test/harness/fast-check.ts'
import { iterateConsents } from './iterate-consents.ts'
import { MicrosoftError } from './microsoft-error.ts'
import type { OperatorConnectClient } from './operator-connect-port.ts'
import {
  fakeTime,
  jwt,
  type Respond,
  type ScriptedMicrosoft,
  SECRET,
  startScriptedMicrosoft,
} from './scripted-microsoft.ts'

// Whatever Entra and the operator API answer: token, headers, envelope, body of any shape. Each call ends, with a result or
// with an error of ours that says what to do and gives no secret away. Source: issue 4, 5; design/quality.md S2.

const TENANT = 'f889d778-d028-49e0-8056-b5d24abb7ca7'
const RUNS = 250
/** As the longest wait of any policy, many times over: a hostile Retry-After must not put us to sleep for good. */
const PATIENCE_MS = 60 * 60_000

let microsoft: ScriptedMicrosoft
beforeEach(async () => {
  microsoft = await startScriptedMicrosoft()
})
afterEach(() => microsoft.stop())

const statuses = fc.constantFrom(
  200,
  200,
  200,
  201,
  204,
  206,
  302,
  304,
  400,
  401,
  403,
  404,
  409,
  418,
  429,
  500,
  503,
  599,
)
const word = fc.string({ maxLength: 30 })
const headerText = word.map((text) => text.replace(/[^\x20-\x7e]/g, '').trim())
const headers = fc.record(
  {
    'retry-after': fc.oneof(fc.constantFrom('0', '-1', '1e9', 'Infinity', '99999999999999999999', '0x10'), headerText),
    'content-encoding': fc.constantFrom('gzip', 'br', 'identity', 'gzip, gzip', 'x-unheard'),
    'content-type': fc.constantFrom('text/html', 'application/json; charset=utf-16', ''),
    'x-ms-request-id': headerText,
    location: fc.constantFrom('http://127.0.0.1:1/', '//elsewhere', 'file:///etc/passwd'),
  },
  { requiredKeys: [] },
)
const anything = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.string(),
  fc.constantFrom(
    '',
    'null',
    '[]',
    '{',
    '<html></html>',
    '\ufeff{}',
    `${'['.repeat(50_000)}`,
    `{"a":${'{"a":'.repeat(9_000)}`,
  ),
)
const value = fc.jsonValue({ maxDepth: 2 })
const record = fc.dictionary(fc.constantFrom('Id', 'TenantId', 'Status', 'Contacts', '__proto__', 'toString'), value)
const envelope = fc
  .dictionary(
    fc.constantFrom('Values', 'values', 'value', 'TotalCount', '@odata.count', 'NextLink', '@odata.nextLink', 'error'),
    fc.oneof(
      value,
      fc.array(fc.oneof(record, value), { maxLength: 4 }),
      fc.constantFrom('/api/operator-consents?skip=2'),
    ),
  )
  .map((object) => JSON.stringify(object))
const claims = fc.dictionary(fc.constantFrom('roles', 'exp', 'aud', 'tid'), value)
const tokenBody = fc
  .record(
    {
      access_token: fc.oneof(claims.map(jwt), word, value),
      expires_in: fc.oneof(fc.constantFrom(-5, 0, 1e300, '3600', 'soon', null), value),
      token_type: value,
      error: value,
      error_description: fc.oneof(word, fc.constant(`AADSTS7000215: wrong ${SECRET}`)),
    },
    { requiredKeys: [] },
  )
  .map((object) => JSON.stringify(object))
const answerOf = (body: fc.Arbitrary<string>) => fc.record({ status: statuses, headers, body })
type Answer = { status: number; headers: Record<string, string>; body: string }

const respond =
  ({ status, headers: sent, body }: Answer): Respond =>
  (response) =>
    response.writeHead(status, sent).end(status === 204 || status === 304 ? undefined : body)

const calls: Record<string, (client: OperatorConnectClient) => Promise<unknown>> = {
  async listConsents(client) {
    for await (const page of iterateConsents(client, { skip: 0, top: 4 }, { maxPages: 5 })) await page.records()
  },
  consentByTenant: (client) => client.consentByTenant(TENANT),
  civicAddresses: (client) => client.civicAddresses(TENANT),
  callingProfiles: (client) => client.callingProfiles(),
  acquiredNumberCount: (client) => client.acquiredNumberCount(TENANT),
  createDirectConsent: (client) => client.createDirectConsent(TENANT, 'Contoso'),
  deleteDirectConsent: (client) => client.deleteDirectConsent(TENANT),
  setRelationship: (client) => client.setRelationship(TENANT, { status: 'CustomerContacted', comment: '' }),
  tenantOfDomain: (client) => client.tenantOfDomain('contoso.com'),
  testConnection: (client) => client.testConnection(),
}

async function endsWell(name: string): Promise<void> {
  const time = fakeTime()
  const client = microsoft.client({ clock: time.clock, sleep: time.sleep, random: time.random })
  try {
    await calls[name]?.(client)
  } catch (error) {
    if (!(error instanceof MicrosoftError)) throw error
    expect([error.detail, error.remedy, error.kind, error.message]).not.toContain('')
    expect(JSON.stringify([error.message, error.detail, error.remedy, String(error.cause)])).not.toContain(SECRET)
  }
  expect(time.sleeps.reduce((sum, one) => sum + one, 0)).toBeLessThan(PATIENCE_MS)
}

test.each(Object.keys(calls))('%s ends well whatever the API answers', { timeout: 120_000 }, async (name) => {
  const answers = fc.array(answerOf(fc.oneof(envelope, anything)), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(answers, async (given) => {
      microsoft.onApi(...given.map(respond))
      await endsWell(name)
    }),
    { numRuns: RUNS / 5 },
  )
})

test('every call ends well whatever Entra answers for a token', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      answerOf(fc.oneof(tokenBody, anything)),
      fc.constantFrom(...Object.keys(calls)),
      async (given, name) => {
        microsoft.onToken(respond(given))
        microsoft.onApi(respond({ status: 200, headers: {}, body: '{"Values":[]}' }))
        await endsWell(name)
      },
    ),
    { numRuns: RUNS },
  )
})
