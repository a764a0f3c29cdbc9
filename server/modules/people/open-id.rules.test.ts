import { describe, expect, it } from 'vitest'
import { providerName, safeReturnPath, verifiedEmail } from './open-id.rules.ts'

const ENTRA = 'https://login.microsoftonline.com/5b0c6f0e-2d3a-4c1b-9a57-61f2c0d7e801/v2.0'
const OTHER = 'https://id.example.com'

describe('the mail address of an identity', () => {
  it.each([
    [{ email: ' dana@x.example ', email_verified: true }, OTHER, 'dana@x.example'],
    [{ email: 'dana@x.example', email_verified: 'true' }, OTHER, 'dana@x.example'],
    [{ email: 'dana@x.example', email_verified: false }, OTHER, undefined],
    [{ email: 'dana@x.example' }, OTHER, undefined],
    [{ email: 'dana@x.example', xms_edov: true }, ENTRA, 'dana@x.example'],
    [{ email: 'boss@x.example', preferred_username: 'dana@x.example' }, ENTRA, 'dana@x.example'],
    [{ email: 'boss@x.example' }, ENTRA, undefined],
    [{ preferred_username: 'dana_y.example#EXT#@x.onmicrosoft.com' }, ENTRA, undefined],
    [{ preferred_username: 'dana@x.example' }, OTHER, undefined],
    [{ preferred_username: 'dana@x.example' }, 'https://login.microsoftonline.com/common/v2.0', undefined],
    [{ email: 'no address', email_verified: true }, OTHER, undefined],
    [{ email: ['dana@x.example'], email_verified: true }, OTHER, undefined],
  ])('of %j is vouched for or not', (claims, issuer, email) => expect(verifiedEmail(claims, issuer)).toBe(email))
})

describe('where to go after sign-in', () => {
  it.each([
    [undefined, '/'],
    ['/leads?tab=new&q=%25', '/leads?tab=new&q=%25'],
    ['/operators/868/leads#x', '/operators/868/leads#x'],
    ['//evil.example/x', '/'],
    ['/\\evil.example', '/'],
    ['/%5c/evil.example', '/%5c/evil.example'],
    ['https://evil.example', '/'],
    ['leads', '/'],
    ['/a\r\nSet-Cookie: x', '/'],
    ['/a\tb', '/'],
    ['/a\\b', '/'],
  ])('%j leads to %s', (returnTo, path) => expect(safeReturnPath(returnTo)).toBe(path))
})

it('names the provider', () => {
  expect(providerName(ENTRA)).toBe('Microsoft')
  expect(providerName(OTHER)).toBe('id.example.com')
})
