import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const STEP_SECONDS = 30
const DIGITS = 6
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
/** Without letters and digits that are read as each other. */
const READABLE = '23456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A new secret of 160 bits in base32, as authenticator apps take it. */
export function makeTotpSecret(): string {
  let bits = 0
  let value = 0
  let text = ''
  for (const byte of randomBytes(20)) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      text += BASE32[(value >>> (bits - 5)) & 31]
      bits -= 5
    }
    value &= (1 << bits) - 1
  }
  return text
}

/** The address a QR code carries. Source: the "Key Uri Format" of Google Authenticator, which every app reads. */
export function totpUri(secret: string, email: string): string {
  return `otpauth://totp/Leadline:${encodeURIComponent(email)}?secret=${secret}&issuer=Leadline`
}

/** The code of a 30-second step (RFC 6238 with SHA-1 and six digits, which is all that every app can do). */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 0x0f
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** DIGITS).padStart(DIGITS, '0')
}

export function totpStep(now: Date): number {
  return Math.floor(now.getTime() / 1000 / STEP_SECONDS)
}

/**
 * The step whose code this is: the present one, or one before or after, for clocks that differ. Never one up to `lastStep`:
 * a code that was used, or looked at over a shoulder, does not work again. Null: none of them.
 */
export function matchingStep(secret: string, code: string, now: Date, lastStep: number | null): number | null {
  const digits = code.replaceAll(/[\s-]/g, '')
  if (!/^[0-9]{6}$/.test(digits)) return null
  const present = totpStep(now)
  const given = Buffer.from(digits)
  for (const step of [present, present - 1, present + 1]) {
    const fits = timingSafeEqual(Buffer.from(totpCode(secret, step)), given)
    if (fits && step > (lastStep ?? -1)) return step
  }
  return null
}

/** Ten codes of 58 bits, each good for one sign-in without the app. */
export function makeRecoveryCodes(): string[] {
  return Array.from({ length: 10 }, () => {
    const letters = Array.from(randomBytes(12), (byte) => READABLE[byte % READABLE.length]).join('')
    return `${letters.slice(0, 4)}-${letters.slice(4, 8)}-${letters.slice(8)}`
  })
}

export function recoveryHash(code: string): Buffer {
  return createHash('sha256')
    .update(code.toUpperCase().replaceAll(/[^0-9A-Z]/g, ''))
    .digest()
}

function fromBase32(text: string): Buffer {
  const bytes: number[] = []
  let bits = 0
  let value = 0
  for (const letter of text) {
    value = ((value << 5) | BASE32.indexOf(letter)) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((value >>> bits) & 0xff)
  }
  return Buffer.from(bytes)
}
