import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { tokenRequest } from './access-token.ts'
import { CERTIFICATE, CERTIFICATE_KEY, EC_CERTIFICATE } from './client-certificate.fixture.ts'
import { certificateFacts, readClientCertificate } from './client-certificate.ts'
import { DEFAULT_PATHS, PROJECT_SYNERGY_APP_ID } from './settings.ts'

const stranger = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey
const small = generateKeyPairSync('rsa', { modulusLength: 1_024 }).privateKey
const pem = (key: typeof stranger, cipher?: object) =>
  key.export({ type: 'pkcs8', format: 'pem', ...cipher }).toString()

describe('a certificate', () => {
  it.each([
    `${CERTIFICATE}${CERTIFICATE_KEY}`,
    `${CERTIFICATE_KEY}\n \n${CERTIFICATE}`,
    `Bag Attributes\r\n${CERTIFICATE}${CERTIFICATE_KEY}`,
  ])('is read with its key, in any order', (text) =>
    expect(readClientCertificate(text)).toMatchObject({ certificate: CERTIFICATE }),
  )

  it.each([
    ['', /no certificate/],
    [CERTIFICATE, /no private key/],
    [CERTIFICATE_KEY, /no certificate/],
    [`${CERTIFICATE}${pem(stranger)}`, /does not belong/],
    [`${CERTIFICATE}${pem(small)}`, /too short/],
    [`${CERTIFICATE}${pem(stranger, { cipher: 'aes-256-cbc', passphrase: 'x' })}`, /encrypted/],
    [EC_CERTIFICATE, /RSA/],
    [
      CERTIFICATE.replace(/\n[^\n]{20}/, '\n????????????????????') + CERTIFICATE_KEY,
      /certificate cannot be read|no certificate/,
    ],
    [`${CERTIFICATE}-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----`, /key cannot be read/],
  ])('that cannot serve is refused with what to do (%#)', (text, problem) => {
    expect(readClientCertificate(text)).toMatch(problem)
  })

  it('is named as Entra names it', () => {
    expect(certificateFacts(CERTIFICATE)).toEqual({
      thumbprint: THUMBPRINT,
      thumbprintSha1: expect.stringMatching(/^[0-9a-f]{40}$/),
      subject: 'CN=Leadline test',
      expiresOn: '2126-10-29',
    })
  })
})

const THUMBPRINT = '125bdfe93804bdfe5909f581e4306f5e7d2068dc673700c553f96d9943c1e224'

it('proves itself to the sign-in service by an assertion of its own, and no secret goes there', async () => {
  const settings = {
    baseUrl: 'https://operatorconnect.example/api',
    paths: DEFAULT_PATHS,
    casing: 'pascal',
    authority: 'https://login.example/',
    directoryId: 'carrier.example',
    clientId: 'client',
    secret: CERTIFICATE_KEY,
    certificate: CERTIFICATE,
    tokenVersion: 'v2.0',
    resource: PROJECT_SYNERGY_APP_ID,
    requestTimeoutMs: 1_000,
  } as const
  const { url, body } = await tokenRequest(settings, Date.now())
  const form = new URLSearchParams(body)
  expect([form.get('client_secret'), form.get('client_assertion_type')]).toEqual([
    null,
    'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  ])
  const options = { audience: url.href, issuer: 'client', subject: 'client', maxTokenAge: '5 minutes' }
  const assertion = form.get('client_assertion') ?? ''
  const { protectedHeader, payload } = await jwtVerify(assertion, createPublicKey(CERTIFICATE), options)
  expect(protectedHeader).toMatchObject({
    alg: 'PS256',
    'x5t#S256': Buffer.from(THUMBPRINT, 'hex').toString('base64url'),
  })
  const again = new URLSearchParams((await tokenRequest(settings, Date.now())).body).get('client_assertion') ?? ''
  expect((await jwtVerify(again, createPublicKey(CERTIFICATE), options)).payload.jti).not.toBe(payload.jti)
})
