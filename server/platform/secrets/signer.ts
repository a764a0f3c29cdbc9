import { createHmac, timingSafeEqual } from 'node:crypto'
import { deriveKey, type MasterKeys } from './master-keys.ts'

export type Signer = {
  /** `v1.<key id>.<mac>`, base64url. */
  sign(text: string): string
  /** Whether one of the master keys made this signature of this text for this purpose. */
  verify(text: string, signature: string): boolean
}

/** HMAC-SHA-256 with a key of its own for the purpose; older master keys still verify. */
export function createSigner(masterKeys: MasterKeys, purpose: string): Signer {
  const keys = new Map(
    [masterKeys.current, ...masterKeys.previous].map((key) => [key.id, deriveKey(key, `signed/${purpose}`)] as const),
  )
  const macOf = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest()
  const current = keys.get(masterKeys.current.id) as Buffer

  return {
    sign: (text) => `v1.${masterKeys.current.id}.${macOf(current, text).toString('base64url')}`,
    verify(text, signature) {
      const match = /^v1\.([0-9a-f]{8})\.([\w-]{43})$/.exec(signature)
      const key = keys.get(match?.[1] ?? '')
      if (!key) return false
      return timingSafeEqual(macOf(key, text), Buffer.from(match?.[2] ?? '', 'base64url'))
    },
  }
}
