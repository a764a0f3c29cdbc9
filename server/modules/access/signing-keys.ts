import { createPrivateKey, createPublicKey, generateKeyPair, type JsonWebKey, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { calculateJwkThumbprint } from 'jose'
import type { Logger } from 'pino'
import type { Clock } from '../../kernel/clock.ts'
import { installationPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import type { SealPlace } from '../../platform/secrets/index.ts'
import { type SigningKeyRow, signingKeyStore } from './signing-key.store.ts'

/** What access needs of platform/secrets. */
export type Sealer = {
  seal(plaintext: string, place: SealPlace): string
  open(sealed: string, place: SealPlace): string
}

export type SigningKeyOptions = { transact: Transact; sealer: Sealer; clock: Clock; logger: Logger }

export type SigningKeys = {
  /** The key that signs now; makes one when there is none, or the newest is too old. */
  current(): Promise<{ kid: string; privateKey: KeyObject }>
  /** The public key of a `kid`, also one that another instance has just made; undefined: not ours, or no longer good. */
  find(kid: string): Promise<KeyObject | undefined>
  /** Public keys for /.well-known/jwks.json. */
  published(): Promise<JsonWebKey[]>
}

type LoadedKey = { kid: string; publicJwk: JsonWebKey; publicKey: KeyObject; row: SigningKeyRow }

const DAY_MILLISECONDS = 86_400_000
const KEY_LIFE_MILLISECONDS = 90 * DAY_MILLISECONDS
/** Tokens live an hour; a day leaves room for those who keep the key set. */
const VERIFIES_AFTER_SUCCESSOR_MILLISECONDS = DAY_MILLISECONDS
const RELOAD_MILLISECONDS = 3_600_000
/** An unknown `kid` may be one just made elsewhere, or made up: the database is asked this often at most. */
const UNKNOWN_KID_RELOAD_MILLISECONDS = 2_000

const makeKeyPair = promisify(generateKeyPair)
const principal = installationPrincipal('signing keys', 'signing-keys')

/** RS256 keys, kept in the database: private halves sealed, several at a time, replaced every 90 days. */
export function createSigningKeys({ transact, sealer, clock, logger }: SigningKeyOptions): SigningKeys {
  let keys: LoadedKey[] = []
  let loadedAt = Number.NEGATIVE_INFINITY
  let askedForUnknownAt = Number.NEGATIVE_INFINITY
  let signing: { kid: string; privateKey: KeyObject } | undefined
  let ensuring: Promise<{ kid: string; privateKey: KeyObject }> | undefined

  async function load(): Promise<void> {
    const rows = await transact(principal, (tx) => signingKeyStore(tx).newestFirst())
    take(rows)
  }

  function take(rows: SigningKeyRow[]): void {
    const now = clock.now().getTime()
    const good = rows.filter((_row, index) => {
      const successor = rows[index - 1]
      return !successor || now - successor.created_at.getTime() < VERIFIES_AFTER_SUCCESSOR_MILLISECONDS
    })
    keys = good.map(toLoaded)
    loadedAt = now
  }

  function opened(row: SigningKeyRow): KeyObject | undefined {
    try {
      return createPrivateKey(sealer.open(row.private_key_sealed, placeOf(row.kid)))
    } catch (error) {
      // Another master key: its tokens can still be verified, but new ones need a key that opens.
      logger.warn({ kid: row.kid, err: error }, 'signing key cannot be opened; a new one is made')
      return undefined
    }
  }

  function usable(row: SigningKeyRow | undefined): { kid: string; privateKey: KeyObject } | undefined {
    if (!row || clock.now().getTime() - row.created_at.getTime() > KEY_LIFE_MILLISECONDS) return undefined
    const privateKey = opened(row)
    return privateKey && { kid: row.kid, privateKey }
  }

  async function ensure(): Promise<{ kid: string; privateKey: KeyObject }> {
    await load()
    const present = usable(keys[0]?.row)
    if (present) return present
    const made = await makeKey(sealer, clock.now())
    return transact(principal, async (tx) => {
      const store = signingKeyStore(tx)
      await store.lock()
      const rows = await store.newestFirst()
      const fromElsewhere = usable(rows[0])
      if (!fromElsewhere) await store.insert(made.row)
      take(fromElsewhere ? rows : [made.row, ...rows])
      return fromElsewhere ?? { kid: made.row.kid, privateKey: made.privateKey }
    })
  }

  const isStale = () => clock.now().getTime() - loadedAt > RELOAD_MILLISECONDS

  return {
    async current() {
      if (signing && !isStale()) return signing
      ensuring ??= ensure().finally(() => {
        ensuring = undefined
      })
      signing = await ensuring
      return signing
    },

    async find(kid) {
      const known = () => keys.find((key) => key.kid === kid)?.publicKey
      const now = clock.now().getTime()
      if (isStale()) await load()
      else if (!known() && now - askedForUnknownAt > UNKNOWN_KID_RELOAD_MILLISECONDS) {
        askedForUnknownAt = now
        await load()
      }
      return known()
    },

    async published() {
      if (isStale() || keys.length === 0) await load()
      return keys.map((key) => key.publicJwk)
    },
  }
}

async function makeKey(sealer: Sealer, now: Date): Promise<{ row: SigningKeyRow; privateKey: KeyObject }> {
  const { privateKey, publicKey } = await makeKeyPair('rsa', { modulusLength: 2048 })
  const { kty, n, e } = publicKey.export({ format: 'jwk' })
  const kid = await calculateJwkThumbprint({ kty: kty ?? 'RSA', n: n ?? '', e: e ?? '' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const row = {
    kid,
    public_jwk: JSON.stringify({ kty, n, e, kid, use: 'sig', alg: 'RS256' }),
    private_key_sealed: sealer.seal(pem, placeOf(kid)),
    created_at: now,
  }
  return { row, privateKey }
}

function placeOf(kid: string): SealPlace {
  return { table: 'signing_key', row: kid, column: 'private_key_sealed' }
}

function toLoaded(row: SigningKeyRow): LoadedKey {
  const publicJwk = JSON.parse(row.public_jwk) as JsonWebKey
  return { kid: row.kid, publicJwk, publicKey: createPublicKey({ key: publicJwk, format: 'jwk' }), row }
}
