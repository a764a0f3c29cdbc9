import type { JournalProblem, JournalVerification } from '../../../contract/journal.ts'
import type { Principal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import type { Signer } from '../../platform/secrets/index.ts'
import {
  type ChainRow,
  findLostEntry,
  findStrayEntry,
  readChain,
  readEnds,
  readHead,
  type StoredHead,
} from './journal-chain.store.ts'
import { chainHash, GENESIS, isSigned, SEAL_BATCH } from './journal-chain.ts'

export type VerifyOptions = {
  signal?: AbortSignal
  /** A head known from elsewhere (the log): the chain must have gone through it. Finds a database set back to an older state. */
  knownHead?: { position: number; hash: string }
}

/** Verifies the journal of the principal's operator; see `JournalVerification`. */
export type VerifyJournal = (principal: Principal, options?: VerifyOptions) => Promise<JournalVerification>

const READ_BATCH = 5_000

type Chain = { position: number; hash: Buffer; checkpoint: number; knownSeen: boolean }
type Bad = { position: number | null; entryId: string | null; problem: JournalProblem }

/**
 * Reads the whole chain in batches, each in a transaction of its own, so that neither memory nor a snapshot is held.
 * Sealing may go on meanwhile: what is judged is the chain up to the head there was at the beginning.
 */
export function createJournalVerification(settings: { transact: Transact; signer: Signer }): VerifyJournal {
  const { transact, signer } = settings
  return async (principal, options = {}) => {
    const operatorId = principal.operatorId ?? 0
    const head = await transact(principal, (tx) => readHead(tx, operatorId))
    const chain: Chain = { position: 0, hash: GENESIS, checkpoint: 0, knownSeen: !options.knownHead }
    const end = head?.position ?? 0
    let bad: Bad | null = null
    while (!bad && chain.position < end) {
      options.signal?.throwIfAborted()
      const rows = await transact(principal, (tx) => readChain(tx, operatorId, chain.position, end, READ_BATCH))
      if (rows.length === 0) break
      bad = follow(chain, rows, { signer, operatorId, knownHead: options.knownHead })
    }
    bad ??= judgeEnd(chain, head, { signer, operatorId, knownHead: options.knownHead })
    const rest = await transact(principal, async (tx) => ({
      ends: await readEnds(tx, operatorId),
      stray: bad ? null : await findStrayEntry(tx, operatorId),
      lost: bad ? null : await findLostEntry(tx, operatorId),
    }))
    bad ??= judgeRest(rest)
    return {
      ok: bad === null,
      entries: chain.position,
      unsealed: rest.ends.unsealed,
      head: head && { position: head.position, hash: head.hash.toString('hex'), sealedAt: head.sealedAt.toISOString() },
      ...(bad && { firstBad: bad }),
    }
  }
}

type Judge = { signer: Signer; operatorId: number; knownHead: { position: number; hash: string } | undefined }

/** Moves the chain forward over the rows; returns the first that does not fit. */
function follow(chain: Chain, rows: ChainRow[], { signer, operatorId, knownHead }: Judge): Bad | null {
  for (const row of rows) {
    const bad = (problem: JournalProblem): Bad => ({ position: chain.position + 1, entryId: row.entryId, problem })
    if (row.position !== chain.position + 1) return { ...bad('seal-missing'), entryId: null }
    if (row.canonical === null) return bad('entry-missing')
    const hash = chainHash(chain.hash, row.canonical)
    if (!hash.equals(row.hash)) return bad('entry-changed-or-moved')
    if (row.signature !== null) {
      if (!isSigned(signer, 'checkpoint', operatorId, { ...row, signature: row.signature })) {
        return { position: chain.checkpoint + 1, entryId: null, problem: 'checkpoint-forged' }
      }
      chain.checkpoint = row.position
    } else if (row.position - chain.checkpoint >= SEAL_BATCH) {
      return { position: chain.checkpoint + 1, entryId: null, problem: 'checkpoint-missing' }
    }
    if (row.position === knownHead?.position) {
      if (row.hash.toString('hex') !== knownHead.hash) return bad('known-head-differs')
      chain.knownSeen = true
    }
    chain.position = row.position
    chain.hash = hash
  }
  return null
}

function judgeEnd(chain: Chain, head: StoredHead | null, { signer, operatorId, knownHead }: Judge): Bad | null {
  const at = (position: number, problem: JournalProblem): Bad => ({ position, entryId: null, problem })
  if (head && !isSigned(signer, 'head', operatorId, head)) return at(head.position, 'head-forged')
  if (head && chain.position < head.position) return at(chain.position + 1, 'tail-missing')
  if (head && !chain.hash.equals(head.hash)) return at(head.position, 'head-differs')
  if (knownHead && !chain.knownSeen) return at(chain.position + 1, 'tail-missing')
  return null
}

type Rest = { ends: { lastPosition: number; headPosition: number }; stray: string | null; lost: string | null }

function judgeRest({ ends, stray, lost }: Rest): Bad | null {
  if (ends.headPosition === 0 && ends.lastPosition > 0) return { position: 1, entryId: null, problem: 'head-missing' }
  if (ends.lastPosition > ends.headPosition) {
    return { position: ends.headPosition + 1, entryId: null, problem: 'seal-beyond-head' }
  }
  if (stray !== null) return { position: null, entryId: stray, problem: 'entry-not-sealed' }
  if (lost !== null) return { position: null, entryId: lost, problem: 'entry-missing' }
  return null
}
