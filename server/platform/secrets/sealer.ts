import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { AppError } from '../../kernel/errors.ts'
import { type MasterKeys, purposeKeys } from './master-keys.ts'

/** The cell a sealed value belongs to; it opens nowhere else. */
export type SealPlace = { table: string; row: string; column: string }

export type Sealer = {
  /** `v1.<key id>.<iv>.<tag>.<data>`, base64url: different each time, for the same plaintext too. */
  seal(plaintext: string, place: SealPlace): string
  /** Throws `SealedValueError`. */
  open(sealed: string, place: SealPlace): string
  /** Sealed with an older key: `reseal.ts` seals it again. */
  needsResealing(sealed: string): boolean
}

export type SealedValueProblem = 'malformed' | 'unknown-key' | 'altered-or-moved'

const PROBLEM_DETAIL: Record<SealedValueProblem, string> = {
  malformed: 'is damaged. Enter the secret again',
  'unknown-key':
    'was sealed with a master key that is not there. Put that key back (after the current one in LEADLINE_MASTER_KEY), or enter the secret again',
  'altered-or-moved':
    'was altered, or belongs to another row. Enter the secret again, and look at the journal for who changed it',
}

/** A sealed value that does not open here. Says where, never what. */
export class SealedValueError extends AppError {
  readonly problem: SealedValueProblem

  constructor(problem: SealedValueProblem, place: SealPlace) {
    const where = `${place.column} of ${place.table} ${place.row}`
    super({
      code: 'secret-unreadable',
      status: 500,
      detail: `The stored secret (${where}) ${PROBLEM_DETAIL[problem]}.`,
    })
    this.name = 'SealedValueError'
    this.problem = problem
  }
}

type Parts = { keyId: string; iv: Buffer; tag: Buffer; data: Buffer }

const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Seals secrets with AES-256-GCM; key id and place are authenticated with the value.
 * Source: design/quality.md S4. Random 96-bit nonces: good for 2^32 values per key, far beyond what is stored.
 */
export function createSealer(masterKeys: MasterKeys): Sealer {
  const keys = purposeKeys(masterKeys, 'sealed-values')

  return {
    seal(plaintext, place) {
      const iv = randomBytes(IV_BYTES)
      const { id, key } = keys.current()
      const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
      cipher.setAAD(additionalData(id, place))
      const data = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
      return ['v1', id, ...[iv, cipher.getAuthTag(), data].map((part) => part.toString('base64url'))].join('.')
    },

    open(sealed, place) {
      const parts = parse(sealed)
      if (!parts) throw new SealedValueError('malformed', place)
      const key = keys.find(parts.keyId)
      if (!key) throw new SealedValueError('unknown-key', place)
      const decipher = createDecipheriv('aes-256-gcm', key, parts.iv, { authTagLength: TAG_BYTES })
      decipher.setAAD(additionalData(parts.keyId, place))
      decipher.setAuthTag(parts.tag)
      try {
        return Buffer.concat([decipher.update(parts.data), decipher.final()]).toString('utf8')
      } catch {
        // The cause says nothing more: a tag that does not match.
        throw new SealedValueError('altered-or-moved', place)
      }
    },

    needsResealing: (sealed) => parse(sealed)?.keyId !== keys.current().id,
  }
}

// Each part is escaped, so that no other place reads the same: table "a/b", row "c" is not table "a", row "b/c".
function additionalData(keyId: string, { table, row, column }: SealPlace): Buffer {
  return Buffer.from(`v1.${keyId}.${[table, row, column].map(encodeURIComponent).join('/')}`)
}

function parse(sealed: string): Parts | null {
  const match = /^v1\.([0-9a-f]{8})\.([\w-]{16})\.([\w-]{22})\.([\w-]*)$/.exec(sealed)
  if (!match) return null
  const [, keyId = '', iv = '', tag = '', data = ''] = match
  return {
    keyId,
    iv: Buffer.from(iv, 'base64url'),
    tag: Buffer.from(tag, 'base64url'),
    data: Buffer.from(data, 'base64url'),
  }
}
