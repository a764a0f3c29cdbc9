import { setTimeout as sleep } from 'node:timers/promises'
import { installationPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import type { Signer } from '../../platform/secrets/index.ts'
import { lockChain, readHead, writeHead } from './journal-chain.store.ts'
import { isSigned, signPoint } from './journal-chain.ts'
import {
  checkpointsOfOtherKeys,
  countSignatures,
  journalOperators,
  saveCountersignatures,
} from './journal-countersign.store.ts'

/** What was signed anew, and which points no known key had signed: those stay as they are, for the verification to name. */
export type Countersigned = { signed: number; refused: { operatorId: number; position: number }[] }

export type CountersignSettings = {
  transact: Transact
  signer: Signer
  signal?: AbortSignal
  onProgress?: (signed: number) => void
}

const BATCH = 1_000
const LOCK_TRIES = 100
const LOCK_PAUSE_MS = 100

const principal = installationPrincipal('master key', 'countersign-journal')

/**
 * Signs with the current master key what older keys signed: every checkpoint, and the heads. Says the same of the same
 * hashes, and only where the older signature is right, so a forgery does not become genuine by it. Each batch is a
 * transaction; called again after a break it goes on where it was. Sealing may go on meanwhile.
 */
export async function countersignJournal(settings: CountersignSettings): Promise<Countersigned> {
  const outcome: Countersigned = { signed: 0, refused: [] }
  for (const operatorId of await settings.transact(principal, journalOperators)) {
    await countersignCheckpoints(settings, operatorId, outcome)
    await countersignHead(settings, operatorId, outcome)
  }
  return outcome
}

/** How many signatures of the journals each master key has made, by its id. */
export function countJournalSignatures(transact: Transact): Promise<Map<string, number>> {
  return transact(principal, countSignatures)
}

async function countersignCheckpoints(
  { transact, signer, signal, onProgress }: CountersignSettings,
  operatorId: number,
  outcome: Countersigned,
): Promise<void> {
  let after = 0
  for (;;) {
    signal?.throwIfAborted()
    const query = { after, keyId: signer.keyId(), limit: BATCH }
    const last = await transact(principal, async (tx) => {
      const checkpoints = await checkpointsOfOtherKeys(tx, operatorId, query)
      const genuine = checkpoints.filter((one) => isSigned(signer, 'checkpoint', operatorId, one))
      const signed = genuine.map(({ position, hash }) => ({
        position,
        signature: signPoint(signer, 'checkpoint', operatorId, position, hash),
      }))
      if (signed.length > 0) await saveCountersignatures(tx, operatorId, signed)
      outcome.signed += signed.length
      for (const one of checkpoints)
        if (!genuine.includes(one)) outcome.refused.push({ operatorId, position: one.position })
      return checkpoints.at(-1)?.position ?? null
    })
    if (last === null) return
    after = last
    onProgress?.(outcome.signed)
  }
}

/** Under the sealer's lock: it may be writing a new head at this moment, and heads never go back. */
async function countersignHead(
  { transact, signer, signal }: CountersignSettings,
  operatorId: number,
  outcome: Countersigned,
): Promise<void> {
  const attempt = async (tx: Tx): Promise<'done' | 'busy'> => {
    if (!(await lockChain(tx, operatorId))) return 'busy'
    const head = await readHead(tx, operatorId)
    if (!head || head.signature.startsWith(`v1.${signer.keyId()}.`)) return 'done'
    if (!isSigned(signer, 'head', operatorId, head)) {
      outcome.refused.push({ operatorId, position: head.position })
      return 'done'
    }
    await writeHead(tx, operatorId, head, signPoint(signer, 'head', operatorId, head.position, head.hash))
    outcome.signed += 1
    return 'done'
  }
  for (let tries = 1; (await transact(principal, attempt)) === 'busy'; tries++) {
    if (tries === LOCK_TRIES) throw new Error(`The journal of operator ${operatorId} is being sealed all the time.`)
    await sleep(LOCK_PAUSE_MS, undefined, { signal })
  }
}
