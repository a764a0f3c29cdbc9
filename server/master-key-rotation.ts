import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Context } from './context.ts'
import { KEY_FILE_LOOK_MS } from './master-key-file.ts'
import { type Countersigned, countersignJournal, countJournalSignatures } from './modules/audit/index.ts'
import { countSealedValues, type Resealed, resealColumns } from './platform/secrets/index.ts'
import { SEALED_COLUMNS } from './sealed-columns.ts'

/** What one master key is needed for: sealed values, and signatures of the journals. */
export type KeyUse = { id: string; state: 'current' | 'older' | 'unknown'; values: number; signatures: number }

export type RotationSettings = {
  context: Pick<Context, 'transact' | 'masterKeys' | 'sealer' | 'signer'>
  /** As the owner of the tables. */
  owner: pg.Pool
  signal?: AbortSignal
  onProgress?: (what: 'values' | 'signatures', done: number) => void
}

export type Rotation = Pick<Resealed, 'resealed' | 'unreadable'> & Countersigned & { uses: KeyUse[] }

const PASSES_MAX = 5

/**
 * Seals and signs everything with the current master key, while web and worker go on. May be broken off at any moment and
 * called again. What running processes have sealed with an older key meanwhile is taken in further passes.
 */
export async function rotateMasterKey(settings: RotationSettings): Promise<Rotation> {
  const { context, owner, signal, onProgress } = settings
  const { masterKeys, sealer, signer, transact } = context
  const total = { resealed: 0, signed: 0 }
  for (let pass = 1; ; pass++) {
    const valuesBefore = total.resealed
    const { resealed, unreadable } = await resealColumns(SEALED_COLUMNS, {
      ...{ pool: owner, sealer, masterKeys },
      ...(signal && { signal }),
      onProgress: (done) => onProgress?.('values', valuesBefore + done),
    })
    const signaturesBefore = total.signed
    const { signed, refused } = await countersignJournal({
      ...{ transact, signer },
      ...(signal && { signal }),
      onProgress: (done) => onProgress?.('signatures', signaturesBefore + done),
    })
    total.resealed += resealed
    total.signed += signed
    // Processes that follow a key file have looked at it when this has passed.
    if (masterKeys.reload) await sleep(KEY_FILE_LOOK_MS + 500, undefined, { signal })
    const uses = await keyUses(settings)
    const left = uses.filter((use) => use.state === 'older').reduce((sum, use) => sum + use.values + use.signatures, 0)
    const hopeless = unreadable.length + refused.length
    if (left <= hopeless || pass === PASSES_MAX) return { ...total, unreadable, refused, uses }
  }
}

/** Every master key that is known or has sealed something, the current one first. */
export async function keyUses({ context, owner }: RotationSettings): Promise<KeyUse[]> {
  const { transact, masterKeys } = context
  const values = await countSealedValues(SEALED_COLUMNS, owner)
  const signatures = await countJournalSignatures(transact)
  const { current, previous } = masterKeys
  const older = previous.map((key) => key.id)
  const ids = new Set([current.id, ...older, ...values.keys(), ...signatures.keys()])
  return [...ids].map((id) => ({
    id,
    state: id === current.id ? 'current' : older.includes(id) ? 'older' : 'unknown',
    values: values.get(id) ?? 0,
    signatures: signatures.get(id) ?? 0,
  }))
}

/** Does the work unless somebody else is at the master keys; resolves to `null` then. The lock ends with its connection. */
export async function withRotationLock<T>(owner: pg.Pool, work: () => Promise<T>): Promise<T | null> {
  const client = await owner.connect()
  try {
    const { rows } = await client.query<{ locked: boolean }>(
      `select pg_try_advisory_lock(hashtextextended('leadline master key', 0)) as locked`,
    )
    return rows[0]?.locked ? await work() : null
  } finally {
    // Not back to the pool: the lock would stay with the connection.
    client.release(true)
  }
}
