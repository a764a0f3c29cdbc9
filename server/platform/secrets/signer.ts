import { createHmac, timingSafeEqual } from 'node:crypto'
import { type MasterKeys, purposeKeys } from './master-keys.ts'

export type Signer = {
  /** `v1.<key id>.<mac>`, base64url. */
  sign(text: string): string
  /** Id of the master key that signs now. */
  keyId(): string
  /** Whether one of the master keys made this signature of this text for this purpose. */
  verify(text: string, signature: string): boolean
}

/** HMAC-SHA-256 with a key of its own for the purpose; older master keys still verify. */
export function createSigner(masterKeys: MasterKeys, purpose: string): Signer {
  const keys = purposeKeys(masterKeys, `signed/${purpose}`)
  const macOf = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest()

  return {
    sign(text) {
      const { id, key } = keys.current()
      return `v1.${id}.${macOf(key, text).toString('base64url')}`
    },
    keyId: () => keys.current().id,
    verify(text, signature) {
      const match = /^v1\.([0-9a-f]{8})\.([\w-]{43})$/.exec(signature)
      const key = match && keys.find(match[1] ?? '')
      if (!key) return false
      return timingSafeEqual(macOf(key, text), Buffer.from(match[2] ?? '', 'base64url'))
    },
  }
}
