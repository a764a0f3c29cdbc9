import { connectionOf, type Tx } from '../db/transaction.ts'

/** How long a first answer is repeated. */
export const KEPT_HOURS = 24
/** For another instance that is at the same request. */
const LOCK_WAIT_MS = 15_000
const TRIMMED_AT_ONCE = 20

/** `free`: nobody has asked this before. `busy`: somebody is at it. `answered`: his answer, sealed. */
export type Claim = { state: 'free' } | { state: 'busy' } | { state: 'answered'; answer: string }

/**
 * Takes the key for this transaction, or says what became of it. Whoever is at it in an open transaction of another
 * instance is waited for, 15 s at most: then it throws `isLockTimeout`. `busySeconds`: how long others keep away after this transaction
 * has committed without an answer.
 */
export async function claimKey(tx: Tx, keyHash: string, busySeconds: number): Promise<Claim> {
  const client = connectionOf(tx)
  await client.query(`set local lock_timeout = ${LOCK_WAIT_MS}`)
  const { rowCount } = await client.query({
    name: 'kept-answer-claim',
    text: `
        insert into kept_answer as k (operator_id, key_hash, busy_until, expires_at)
        values ($1, $2, now() + make_interval(secs => $3), now() + make_interval(hours => ${KEPT_HOURS}))
        on conflict (operator_id, key_hash) do update
        set answer = null, busy_until = excluded.busy_until, expires_at = excluded.expires_at
        where k.expires_at < now() or (k.answer is null and k.busy_until < now())`,
    values: [tx.operatorId, keyHash, busySeconds],
  })
  await client.query('set local lock_timeout = 0')
  if (rowCount === 1) return { state: 'free' }
  const { rows } = await client.query<{ answer: string | null }>({
    name: 'kept-answer-read',
    text: 'select answer from kept_answer where operator_id = $1 and key_hash = $2',
    values: [tx.operatorId, keyHash],
  })
  const answer = rows[0]?.answer ?? null
  return answer === null ? { state: 'busy' } : { state: 'answered', answer }
}

/** Keeps the answer with the effect of this transaction, and makes room. */
export async function keepAnswer(tx: Tx, keyHash: string, answer: string): Promise<void> {
  const client = connectionOf(tx)
  await client.query({
    name: 'kept-answer-keep',
    text: 'update kept_answer set answer = $3 where operator_id = $1 and key_hash = $2',
    values: [tx.operatorId, keyHash, answer],
  })
  await client.query({
    name: 'kept-answer-trim',
    text: `delete from kept_answer where (operator_id, key_hash) in (
             select operator_id, key_hash from kept_answer where operator_id = $1 and expires_at < now()
             order by expires_at limit ${TRIMMED_AT_ONCE} for update skip locked)`,
    values: [tx.operatorId],
  })
}

/** The request did nothing: it may be made again with the same key. */
export async function freeKey(tx: Tx, keyHash: string): Promise<void> {
  await connectionOf(tx).query('delete from kept_answer where operator_id = $1 and key_hash = $2 and answer is null', [
    tx.operatorId,
    keyHash,
  ])
}

/** Whether the other one took longer than anybody waits. */
export function isLockTimeout(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === '55P03'
}
