import { createHash } from 'node:crypto'
import { AppError, badRequest } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, TransactJointly, Tx } from '../db/transaction.ts'
import type { Sealer } from '../secrets/index.ts'
import { demandMatch } from './if-match.ts'
import { type Claim, claimKey, freeKey, isLockTimeout, keepAnswer } from './kept-answer.store.ts'
import { createKeyedQueue } from './keyed-queue.ts'
import type { Answer, ConditionalAnswer, KeepAnswer } from './route.ts'

/** A request that changes something, as the guard needs it. */
export type GuardedRequest = {
  principal: OperatorPrincipal
  method: string
  /** Without `/tenantui`, so that both prefixes are one address. */
  path: string
  search: string
  body: Buffer | undefined
  idempotencyKey: string | undefined
  ifMatch: string | undefined
  /** The tag of the resource as it is now; null: the address has none. */
  currentTag: (() => Promise<string>) | null
  /** The handler calls somebody outside between its transactions, so it cannot be one transaction. */
  callsOutside: boolean
  /** The last part of the work may keep the answer with its effect; without a key (`keyHash` null) nothing is kept. */
  handle: (keep: KeepAnswer, keyHash: string | null) => Promise<Answer | ConditionalAnswer>
}

export type WriteGuard = (request: GuardedRequest) => Promise<Answer | ConditionalAnswer>

/** What is sealed: which request it answers, and the answer, or the problem it ended with. */
type Kept = { request: string } & (
  | { answer: { status?: number; headers?: Record<string, string>; contentType?: string; text?: string } }
  | { problem: { code: string; status: number; detail: string; errors?: { pointer: string; detail: string }[] } }
)

/** For a request whose worker vanished between its transactions: longer than any request may take. */
const BUSY_SECONDS = 150
const SERIALIZATION_FAILURES = new Set(['40001', '40P01'])
const TRIES = 4
const KEY = /^[\x21-\x7e]{1,255}$/

/**
 * Idempotency-Key: the first answer of a client or person to a key is repeated for 24 hours; the answer is stored in the
 * transaction of the effect, so that there is never one without the other. If-Match: what has changed meanwhile is not
 * changed again. Both work for every handler that begins transactions by `Transact`.
 * Source: issue 5, 5; draft-ietf-httpapi-idempotency-key-header; RFC 9110 13.1.1.
 */
export function createWriteGuard(settings: {
  transact: Transact
  transactJointly: TransactJointly
  sealer: Sealer
}): WriteGuard {
  const { transact, transactJointly, sealer } = settings
  const oneAtATime = createKeyedQueue()
  const nothingToKeep = async () => {}

  return async (request) => {
    const key = readKey(request.idempotencyKey)
    if (request.ifMatch !== undefined && request.currentTag === null) throw noTagHere()
    if (key === null) {
      if (request.ifMatch === undefined || !request.currentTag) return request.handle(nothingToKeep, null)
      return request.callsOutside ? checked(request, nothingToKeep, null) : matching(request)
    }
    const { kind, id, channelId, operatorId } = request.principal
    const keyHash = hash(`${kind}\n${id}\n${channelId ?? ''}\n${key}`)
    const once = request.callsOutside ? acrossCalls : inOneTransaction
    return oneAtATime(`${operatorId} ${keyHash}`, () => once(request, keyHash))
  }

  /** The whole request is one transaction: effect and answer are stored together or not at all. */
  async function inOneTransaction(request: GuardedRequest, keyHash: string): Promise<Answer> {
    const { principal } = request
    const fingerprint = fingerprintOf(request)
    const failure: { told: unknown; undone: AppError | null } = { told: undefined, undone: null }
    const work = again(() =>
      transactJointly(
        principal,
        async (joint) => {
          failure.told = undefined
          failure.undone = null
          const claim = await orBusy(joint.part(principal, (tx) => claimKey(tx, keyHash, 0)))
          if (claim.state === 'busy') throw stillBusy()
          if (claim.state === 'answered') return replayed(open(claim.answer, principal, keyHash), fingerprint)
          const before = joint.completed
          try {
            const given = await held(await checked(request, nothingToKeep, keyHash))
            await joint.part(principal, (tx) => keep(tx, keyHash, { request: fingerprint, answer: given }))
            return given
          } catch (error) {
            if (joint.completed === before || !isRefusal(error)) {
              if (isFinal(error)) failure.undone = error
              throw error
            }
            // What was written about the refusal stands, as it would without a key, and it is the first answer.
            failure.told = error
            await joint.part(principal, (tx) => keep(tx, keyHash, { request: fingerprint, problem: problemOf(error) }))
            return {}
          }
        },
        { repeatableRead: request.ifMatch !== undefined },
      ),
    )
    const answer = await work.catch(async (error: unknown) => {
      // The whole is undone, the claim of the key too: a final no is kept by itself.
      if (failure.undone === error && failure.undone) await keepRefusal(principal, keyHash, fingerprint, failure.undone)
      throw error
    })
    if (failure.told !== undefined) throw failure.told
    return answer
  }

  /** Unless another request has taken the key meanwhile: then its answer is the first. */
  async function keepRefusal(principal: OperatorPrincipal, keyHash: string, fingerprint: string, refusal: AppError) {
    try {
      await transact(principal, async (tx) => {
        const claim = await claimKey(tx, keyHash, 0)
        if (claim.state === 'free') await keep(tx, keyHash, { request: fingerprint, problem: problemOf(refusal) })
      })
    } catch (error) {
      if (!isLockTimeout(error)) throw error
    }
  }

  /** The handler has transactions of its own; the answer is stored with the last one where it says so, else after it. */
  async function acrossCalls(request: GuardedRequest, keyHash: string): Promise<Answer> {
    const { principal } = request
    const fingerprint = fingerprintOf(request)
    const claim = await orBusy(transact(principal, (tx) => claimKey(tx, keyHash, BUSY_SECONDS)))
    if (claim.state === 'busy') throw stillBusy()
    if (claim.state === 'answered') return replayed(open(claim.answer, principal, keyHash), fingerprint)
    let isKept = false
    try {
      const answer = await held(
        await checked(
          request,
          async (tx, given) => {
            await keep(tx, keyHash, { request: fingerprint, answer: await held(given) })
            isKept = true
          },
          keyHash,
        ),
      )
      if (!isKept) await transact(principal, (tx) => keep(tx, keyHash, { request: fingerprint, answer }))
      return answer
    } catch (error) {
      await transact(principal, (tx) =>
        isFinal(error) && !isKept
          ? keep(tx, keyHash, { request: fingerprint, problem: problemOf(error) })
          : freeKey(tx, keyHash),
      )
      throw error
    }
  }

  /** If-Match without a key: looked up and changed on one snapshot; what somebody else changes meanwhile begins anew. */
  function matching(request: GuardedRequest): Promise<Answer | ConditionalAnswer> {
    return again(() =>
      transactJointly(request.principal, async () => held(await checked(request, nothingToKeep, null)), {
        repeatableRead: true,
      }),
    )
  }

  async function keep(tx: Tx, keyHash: string, kept: Kept): Promise<void> {
    await keepAnswer(tx, keyHash, sealer.seal(JSON.stringify(kept), placeOf(tx.operatorId, keyHash)))
  }

  function open(sealed: string, { operatorId }: OperatorPrincipal, keyHash: string): Kept {
    return JSON.parse(sealer.open(sealed, placeOf(operatorId, keyHash))) as Kept
  }
}

function placeOf(operatorId: number, keyHash: string) {
  return { table: 'kept_answer', row: `${operatorId}/${keyHash}`, column: 'answer' }
}

async function checked(
  request: GuardedRequest,
  keep: KeepAnswer,
  keyHash: string | null,
): Promise<Answer | ConditionalAnswer> {
  if (request.ifMatch !== undefined && request.currentTag) demandMatch(request.ifMatch, await request.currentTag())
  return request.handle(keep, keyHash)
}

async function orBusy(claim: Promise<Claim>): Promise<Claim> {
  try {
    return await claim
  } catch (error) {
    throw isLockTimeout(error) ? stillBusy() : error
  }
}

async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left--) {
    try {
      return await work()
    } catch (error) {
      if (left <= 1 || !isRepeatable(error)) throw error
    }
  }
}

/** A final no, in words meant for the caller. */
function isRefusal(error: unknown): error is AppError {
  return error instanceof AppError && error.status < 500 && error.retryAfterSeconds === undefined
}

/** Answers that say nothing about what was asked: who asks, how fast and how often may be another matter the next time. */
const PASSING = new Set([401, 403, 408, 429])

/** A no that stays the answer to its key, so that the key is not good for another request either. */
function isFinal(error: unknown): error is AppError {
  return isRefusal(error) && error.status >= 400 && !PASSING.has(error.status)
}

/** Another transaction came in between: on a new snapshot the same work may do. */
function isRepeatable(error: unknown): boolean {
  return SERIALIZATION_FAILURES.has(String((error as { code?: unknown })?.code ?? ''))
}

/** The answer with its body in hand. */
async function held(
  answer: Answer | ConditionalAnswer,
): Promise<Answer & Extract<Kept, { answer: unknown }>['answer']> {
  const made = 'produce' in answer ? { ...(await answer.produce()), etag: answer.etag } : answer
  if (made.stream) throw new Error('A streamed answer cannot be kept.')
  const { json, text, ...rest } = made
  if (json === undefined && text === undefined) return rest as Answer & { text?: string }
  return { ...rest, text: text === undefined ? JSON.stringify(json) : String(text) }
}

function replayed(kept: Kept, fingerprint: string): Answer {
  if (kept.request !== fingerprint) {
    throw new AppError({
      code: 'idempotency-key-reused',
      status: 422,
      detail: 'This Idempotency-Key was used for another request: take a new key for each thing that is to be done.',
    })
  }
  if ('problem' in kept) throw new AppError(kept.problem)
  return { ...kept.answer, headers: { ...kept.answer.headers, 'Idempotency-Replayed': 'true' } }
}

function problemOf({ code, status, message, errors }: AppError): Extract<Kept, { problem: unknown }>['problem'] {
  return { code, status, detail: message, ...(errors && { errors }) }
}

function fingerprintOf({ method, path, search, body }: GuardedRequest): string {
  return createHash('sha256')
    .update(`${method}\n${path.toLowerCase()}\n${search}\n`)
    .update(body ?? '')
    .digest('base64url')
}

function readKey(header: string | undefined): string | null {
  if (header === undefined) return null
  // The draft writes it as a quoted string, most clients do not.
  const key = header.trim().replace(/^"(.*)"$/, '$1')
  if (KEY.test(key)) return key
  const detail = 'Must be 1 to 255 visible ASCII characters, for example a UUID: a new one for each thing to be done.'
  throw badRequest([{ pointer: '/headers/Idempotency-Key', detail }])
}

function noTagHere(): AppError {
  const detail = 'What is changed here has no ETag of its own: leave If-Match out.'
  return badRequest([{ pointer: '/headers/If-Match', detail }])
}

function stillBusy(): AppError {
  return new AppError({
    code: 'idempotency-key-busy',
    status: 409,
    detail: 'A request with this Idempotency-Key is being worked on: ask again in a moment for its answer.',
    retryAfterSeconds: 2,
  })
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
