import { describe, expect, it } from 'vitest'
import { makeRecoveryCodes, makeTotpSecret, matchingStep, recoveryHash, totpCode, totpStep, totpUri } from './totp.ts'

/** "12345678901234567890" of RFC 6238, appendix B, in base32. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

describe('TOTP', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('gives at second %i the last six digits of RFC 6238, appendix B', (seconds, code) => {
    expect(totpCode(RFC_SECRET, totpStep(new Date(seconds * 1000)))).toBe(code)
  })

  it('takes the code before and after, in any writing, and none twice', () => {
    const secret = makeTotpSecret()
    const now = new Date('2026-11-22T08:00:10Z')
    const step = totpStep(now)
    const spelt = totpCode(secret, step).replace(/^(...)/, '$1 ')
    expect(matchingStep(secret, spelt, now, null)).toBe(step)
    expect(matchingStep(secret, totpCode(secret, step - 1), now, null)).toBe(step - 1)
    expect(matchingStep(secret, totpCode(secret, step + 1), now, null)).toBe(step + 1)
    expect(matchingStep(secret, totpCode(secret, step - 2), now, null)).toBeNull()
    expect(matchingStep(secret, totpCode(secret, step + 2), now, null)).toBeNull()
    expect(matchingStep(secret, totpCode(secret, step), now, step)).toBeNull()
    expect(matchingStep(secret, totpCode(secret, step - 1), now, step)).toBeNull()
    for (const bad of ['', '12345', '1234567', 'abcdef', '١٢٣٤٥٦'])
      expect(matchingStep(secret, bad, now, null)).toBeNull()
  })

  it('makes secrets of 160 bits, and addresses that an app can read', () => {
    const secrets = new Set(Array.from({ length: 50 }, makeTotpSecret))
    expect(secrets.size).toBe(50)
    for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(totpUri('ABC', 'a b+c@x.example')).toBe(
      'otpauth://totp/Leadline:a%20b%2Bc%40x.example?secret=ABC&issuer=Leadline',
    )
  })

  it('makes ten recovery codes that may be typed in any case, with or without dashes', () => {
    const codes = makeRecoveryCodes()
    expect(new Set(codes).size).toBe(10)
    for (const code of codes) {
      expect(code).toMatch(/^[2-9A-HJKMNP-TV-Z]{4}(-[2-9A-HJKMNP-TV-Z]{4}){2}$/)
      expect(recoveryHash(code.toLowerCase().replaceAll('-', ' '))).toEqual(recoveryHash(code))
    }
  })
})
