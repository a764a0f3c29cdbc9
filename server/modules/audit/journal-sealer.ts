import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { installationPrincipal, type Principal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import type { Signer } from '../../platform/secrets/index.ts'
import {
  insertSeals,
  lockChain,
  nextUnsealedOperator,
  readHead,
  readLastSeal,
  readUnsealed,
  type SealPoint,
  writeHead,
} from './journal-chain.store.ts'
import { chainHash, GENESIS, isSigned, SEAL_BATCH, signPoint } from './journal-chain.ts'

export type SealerSettings = {
  transact: Transact
  /** `createSigner(masterKeys, JOURNAL_SIGNING_PURPOSE)`. */
  signer: Signer
  log: Logger
  /** Between two looks at the queue. Default 2,000. */
  intervalMs?: number
  /** Between two log lines of one operator's head. Default 60,000. */
  headLogIntervalMs?: number
}

export type JournalSealer = { stop(): Promise<void> }

/** Somebody changed the chain or its head behind our back: nothing is sealed on top of that. */
export class BrokenChainError extends Error {
  constructor(operatorId: number, why: string) {
    super(
      `The journal of operator ${operatorId} ${why}. Nothing more is sealed until that is cleared up: run the verification of the journal, and compare with the heads in the log.`,
    )
    this.name = 'BrokenChainError'
  }
}

const principal: Principal = installationPrincipal('journal-sealer', 'journal-sealer')

/**
 * Seals the journal in the background. Any number may run at once: per operator one of them works at a time.
 * Looks every 2 s rather than being notified: a notification in every business transaction would make them commit one
 * after the other, and nobody waits for a seal.
 */
export function startJournalSealer(settings: SealerSettings): JournalSealer {
  const { log, intervalMs = 2_000 } = settings
  const stopping = new AbortController()
  const heads = headLog(settings)

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const { heads: sealed } = await sealJournal({ ...settings, signal: stopping.signal })
        for (const [operatorId, head] of sealed) heads.note(operatorId, head)
      } catch (error) {
        log.error({ err: error }, 'journal sealing failed')
      }
      heads.write(false)
      await sleep(intervalMs, undefined, { signal: stopping.signal }).catch(() => {})
    }
    heads.write(true)
  }
  const done = loop()
  return {
    stop: async () => {
      stopping.abort()
      await done
    },
  }
}

/**
 * Seals everything that waits, operator by operator, batch by batch. An operator whose chain is broken, or that another
 * sealer is at, is passed over. Returns how many entries were sealed, and the new heads.
 */
export async function sealJournal(
  settings: Pick<SealerSettings, 'transact' | 'signer' | 'log'> & { signal?: AbortSignal },
): Promise<{ sealed: number; heads: Map<number, SealPoint> }> {
  const { transact, log, signal } = settings
  const heads = new Map<number, SealPoint>()
  let sealed = 0
  let operatorId = await transact(principal, (tx) => nextUnsealedOperator(tx, null))
  while (operatorId !== null && !signal?.aborted) {
    const current: number = operatorId
    try {
      const outcome = await sealOperator(settings, current)
      sealed += outcome.sealed
      if (outcome.head) heads.set(current, outcome.head)
    } catch (error) {
      if (!(error instanceof BrokenChainError)) throw error
      log.error({ operatorId: current, alert: 'journal-broken' }, error.message)
    }
    operatorId = await transact(principal, (tx) => nextUnsealedOperator(tx, current))
  }
  return { sealed, heads }
}

async function sealOperator(
  { transact, signer, signal }: Pick<SealerSettings, 'transact' | 'signer'> & { signal?: AbortSignal },
  operatorId: number,
): Promise<{ sealed: number; head: SealPoint | null }> {
  let sealed = 0
  let head: SealPoint | null = null
  let after: string | null = null
  while (!signal?.aborted) {
    const from: string | null = after
    const batch: Batch | null = await transact(principal, (tx) => sealBatch(tx, signer, operatorId, from))
    if (!batch) break
    sealed += batch.count
    head = batch.head
    after = batch.lastEntryId
    if (batch.count < SEAL_BATCH) break
  }
  return { sealed, head }
}

type Batch = { count: number; head: SealPoint; lastEntryId: string }

async function sealBatch(tx: Tx, signer: Signer, operatorId: number, after: string | null): Promise<Batch | null> {
  if (!(await lockChain(tx, operatorId))) return null
  const start = await trustedEnd(tx, signer, operatorId)
  const entries = await readUnsealed(tx, operatorId, after, SEAL_BATCH)
  const last = entries.at(-1)
  if (!last) return null
  let hash = start.hash
  const seals = entries.map(({ entryId, canonical }) => {
    hash = chainHash(hash, canonical)
    return { entryId, hash }
  })
  const head = { position: start.position + seals.length, hash }
  const checkpoint = signPoint(signer, 'checkpoint', operatorId, head.position, head.hash)
  await insertSeals(tx, operatorId, start.position, seals, checkpoint)
  await writeHead(tx, operatorId, head, signPoint(signer, 'head', operatorId, head.position, head.hash))
  return { count: seals.length, head, lastEntryId: last.entryId }
}

/** The end of the chain, if it is the one that was signed: sealing on would otherwise sign a forgery. */
async function trustedEnd(tx: Tx, signer: Signer, operatorId: number): Promise<SealPoint> {
  const head = await readHead(tx, operatorId)
  const last = await readLastSeal(tx, operatorId)
  if (!head && !last) return { position: 0, hash: GENESIS }
  if (!head) throw new BrokenChainError(operatorId, 'has seals but no signed head')
  if (!isSigned(signer, 'head', operatorId, head)) {
    throw new BrokenChainError(
      operatorId,
      'has a head that no master key here has signed (forged, or a master key is missing)',
    )
  }
  if (last?.position !== head.position || !last.hash.equals(head.hash)) {
    throw new BrokenChainError(operatorId, `ends at ${last?.position ?? 0}, but its signed head is at ${head.position}`)
  }
  return head
}

/** The log is the witness outside of the database: each operator's latest head, at most once per interval. */
function headLog({ log, signer, headLogIntervalMs = 60_000 }: SealerSettings) {
  const pending = new Map<number, SealPoint>()
  const writtenAt = new Map<number, number>()
  return {
    note(operatorId: number, head: SealPoint) {
      pending.set(operatorId, head)
    },
    write(all: boolean) {
      for (const [operatorId, { position, hash }] of pending) {
        const now = performance.now()
        if (!all && now - (writtenAt.get(operatorId) ?? Number.NEGATIVE_INFINITY) < headLogIntervalMs) continue
        pending.delete(operatorId)
        writtenAt.set(operatorId, now)
        const signature = signPoint(signer, 'head', operatorId, position, hash)
        log.info({ journalHead: { operatorId, position, hash: hash.toString('hex'), signature } }, 'journal head')
      }
    },
  }
}
